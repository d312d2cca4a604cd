"""Pickles, read without running them: what they would import or call becomes an inert record.

A pickle is a program for a small machine with a stack and a memo. The one here knows containers,
numbers and texts. Where a pickle names a class or a function, the name is kept; where it calls one,
so are its arguments. Nothing is looked up, and nothing is called, so that no pickle can do more
than make the value that is returned.
"""

from __future__ import annotations

from typing import Any

from ...core.errors import BadInput
from .buffer import Buffer
from .pickle_machine import Global, Key, Machine, Record, Reference
from .pickle_opcodes import OPCODES, STOP

__all__ = ["Global", "Key", "Pickles", "Record", "Reference"]

MAX_STEPS = 750_000
"""Opcodes that are followed in one file: a vocabulary of 200,000 words takes that many."""


class Pickles:
    """The pickles of one file, which may stand one behind the other.

    Parameters
    ----------
    file : all of it
    within : the pickles of the file that this one stands in, with which it shares their limit

    Attributes
    ----------
    references : all that were met
    """

    def __init__(self, file: Buffer, within: Pickles | None = None) -> None:
        self._file = file
        self._steps: list[int] = within._steps if within else [0]
        self.references: list[Reference] = []

    def load(self, at: int = 0) -> tuple[Any, int]:
        """What a pickle describes, and where it ends.

        Returns
        -------
        value, end
            The value is made of None, bool, int, float, str, memoryview, list, tuple and dict, and
            of this module's four kinds. It may contain itself.

        Raises
        ------
        BadInput
            For one that is damaged, has an opcode that does not exist, or never ends.
        """
        machine = Machine(self._file, at, self.references)
        damaged = self._file.damaged
        try:
            while True:
                opcode = machine.byte()
                if opcode == STOP:
                    return machine.stack.pop(), machine.at
                self._steps[0] += 1
                if self._steps[0] > MAX_STEPS:
                    raise damaged(f"its pickle has more than {MAX_STEPS:,} opcodes")
                OPCODES[opcode](machine)
        except BadInput:
            raise
        except KeyError:
            raise damaged("its pickle has an opcode or a name that does not exist") from None
        except (IndexError, TypeError, ValueError, AttributeError, OverflowError):
            raise damaged("its pickle contradicts itself") from None
