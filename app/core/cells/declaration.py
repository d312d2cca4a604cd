"""What a cell says of itself in data, so that nothing else has to know it by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from ..shapes import Float

Array = np.ndarray


class Factor(NamedTuple):
    """A gate in a product, or what it leaves: one minus it."""

    gate: str
    complement: bool = False

    def of(self, values: Mapping[str, Float[Array, "*shape"]]) -> Float[Array, "*shape"]:
        """Its value, of the gates' values by name."""
        value = values[self.gate]
        return 1 - value if self.complement else value

    def __str__(self) -> str:
        return f"1 - {self.gate}" if self.complement else self.gate


@dataclass(frozen=True)
class Memory:
    """A state that is kept in part and added to: state_t = keeps * state_{t-1} + writes.

    Attributes
    ----------
    state : which state that is
    keeps : the factor that the state before is multiplied with
    writes : the factors of the product that is added
    shown_by : the gate that the state, through the cell's activation, is multiplied with to be the
        hidden state; None where the state is the hidden state
    """

    state: str
    keeps: Factor
    writes: tuple[Factor, ...]
    shown_by: str | None = None

    def written(self, values: Mapping[str, Float[Array, "*shape"]]) -> Float[Array, "*shape"]:
        """What is added, of the gates' values by name."""
        return reduce(mul, (factor.of(values) for factor in self.writes))


class Reset(NamedTuple):
    """A gate that the hidden state meets on its way into the candidate.

    Attributes
    ----------
    gate : which gate
    after : whether it multiplies h U of the candidate, bias included, or h before the product
    """

    gate: str
    after: bool


@dataclass(frozen=True)
class Layout:
    """How a framework keeps a cell's weights.

    Attributes
    ----------
    name : of the layer's class, or of the node
    order : the place of each of the cell's own blocks among the framework's
    letters : the framework's blocks, in its order and by its letters
    settings : what the layer's settings must be for it to be this cell; a setting that is missing
        is off
    arguments : what to write in a line of code beside the usual
    negated : blocks whose sums have the other sign, since the framework computes one minus the gate
    """

    name: str
    order: tuple[int, ...]
    letters: str
    settings: Mapping[str, bool] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    negated: tuple[int, ...] = ()

    @property
    def blocks(self) -> int:
        """How many blocks the framework keeps."""
        return len(self.letters.split(", "))

    def fits(self, settings: Mapping[str, Any]) -> bool:
        """Whether a layer of the class with these settings is this cell."""
        return all(bool(settings.get(name, False)) == on for name, on in self.settings.items())
