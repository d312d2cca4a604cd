"""The machine that a pickle is a program for: a stack, marks in it, and a memo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .buffer import Buffer

MAX_LINE = 1_000
"""Bytes of a name or a number that ends with its line."""


@dataclass(frozen=True, slots=True)
class Global:
    """The name of a class or a function."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False, slots=True)
class Record:
    """What a call would have returned, or an instance of a class: its name, and what it is made of.

    Attributes
    ----------
    of : the class or the function
    args : its arguments
    state : what the instance would have been given as its state, most often its attributes
    items : what would have been stored in it by key
    elements : what would have been appended to it
    """

    of: Global
    args: tuple[Any, ...] = ()
    state: Any = None
    items: dict[Any, Any] | None = None
    elements: list[Any] | None = None


@dataclass(eq=False, slots=True)
class Reference:
    """Something that stands elsewhere in the file, and the name by which it is found there."""

    name: Any


@dataclass(eq=False, slots=True)
class Key:
    """A key that is no text and no number: it is kept, but nothing is found by it."""

    value: Any


CALLED = Global("", "")
"""What was called that has no name of its own, such as the result of a call."""
SET = Global("builtins", "set")
MAKERS = {"_reconstructor", "__newobj__", "__newobj_ex__"}
"""Functions of `copyreg` that make an instance of the class that they are given first."""


class Machine:
    """The stack, the stacks below its marks, the memo, and the place in the file."""

    __slots__ = ("at", "data", "file", "marks", "memo", "references", "stack")

    def __init__(self, file: Buffer, at: int, references: list[Reference]) -> None:
        self.file, self.data, self.at = file, file.data, at
        self.references = references
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def byte(self) -> int:
        """The next byte."""
        if self.at >= len(self.data):
            raise self.file.damaged("its pickle was cut off")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, size: int) -> memoryview:
        """The next bytes."""
        taken = self.file.take(self.at, size)
        self.at += size
        return taken

    def uint(self, size: int) -> int:
        """The next unsigned integer, lowest byte first."""
        return int.from_bytes(self.take(size), "little")

    def line(self) -> bytes:
        """What stands before the next line feed, which is passed."""
        line = bytes(self.data[self.at : self.at + MAX_LINE])
        end = line.find(b"\n")
        if end < 0:
            raise self.file.damaged("a line of its pickle does not end")
        self.at += end + 1
        return line[:end]

    def refer(self, name: Any) -> Reference | Global:
        """Something that stands elsewhere in the file, or a class with its source beside it."""
        if isinstance(name, tuple) and name[:1] == ("module",) and isinstance(name[1], Global):
            return name[1]
        self.references.append(Reference(name))
        return self.references[-1]

    def push(self, value: Any) -> None:
        """Put a value on top."""
        self.stack.append(value)

    def mark(self) -> None:
        """Begin a stack of its own."""
        self.marks.append(self.stack)
        self.stack = []

    def from_mark(self) -> list[Any]:
        """All that has been put on top since the last mark, which is gone then."""
        found, self.stack = self.stack, self.marks.pop()
        return found

    def call(self, of: Any, args: Any) -> None:
        """What the call of a class or a function would give, without calling it."""
        if not isinstance(args, tuple):
            args = (args,)
        if not isinstance(of, Global):
            of, args = CALLED, (of, *args)
        elif of.name in MAKERS and args and isinstance(args[0], Global):
            of, args = args[0], args[1:]
        self.push(Record(of, args))

    def store(self, pairs: list[Any]) -> None:
        """Key, value, key, value and so on, into what is on top."""
        target = self.stack[-1]
        if isinstance(target, Record):
            if target.items is None:
                target.items = {}
            target = target.items
        if not isinstance(target, dict) or len(pairs) % 2:
            raise self.file.damaged("its pickle stores a value in something that is not a mapping")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            target[_key(key)] = value

    def append(self, values: list[Any]) -> None:
        """Append to what is on top."""
        target = self.stack[-1]
        if isinstance(target, Record):
            if target.elements is None:
                target.elements = []
            target = target.elements
        if not isinstance(target, list):
            raise self.file.damaged("its pickle appends to something that is not a list")
        target.extend(values)

    def build(self) -> None:
        """Give what is on top its state; containers have none that matters."""
        state = self.stack.pop()
        if isinstance(self.stack[-1], Record):
            self.stack[-1].state = state


def _key(key: Any) -> Any:
    """A key that takes no time to be looked up, whatever a file says."""
    kind = type(key)
    if kind is str:
        return key if len(key) <= MAX_LINE else Key(key)
    if kind in (bool, float, Global, Record, Reference, Key) or key is None:
        return key
    if kind is int:
        return key if -(2**63) <= key < 2**64 else Key(key)
    return Key(key)
