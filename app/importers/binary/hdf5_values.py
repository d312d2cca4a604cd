"""HDF5's shapes and types, and the values of attributes."""

from __future__ import annotations

import math
from typing import NamedTuple

from .buffer import Buffer

Value = str | int | list[str] | None

MAX_VISITS = 100_000
"""How many headers, messages, tree nodes and strings of one file are looked at."""


class File(Buffer):
    """The bytes of an HDF5 file, with a count of what has been visited."""

    def __init__(self, data: bytes | memoryview) -> None:
        super().__init__(data, "HDF5 file")
        self._visits = 0
        self._heaps: dict[int, dict[int, memoryview]] = {}

    def visit(self) -> None:
        """Count one more part.

        Raises
        ------
        BadInput
            Where there are too many, as in a file that goes round in circles.
        """
        self._visits += 1
        if self._visits > MAX_VISITS:
            raise self.damaged(f"it has more than {MAX_VISITS:,} parts")

    def heap(self, at: int) -> dict[int, memoryview]:
        """The collection of strings at an address, by index."""
        if at not in self._heaps:
            if bytes(self.take(at, 4)) != b"GCOL":
                raise self.damaged("a string is not where it should be")
            heap = Buffer(self.take(at, self.uint(at + 8, 8)), self.what)
            found, position = {}, 16
            while position + 16 <= len(heap) and (index := heap.uint(position, 2)):
                self.visit()
                size = heap.uint(position + 8, 8)
                found[index] = heap.take(position + 16, size)
                position += 16 + (size + 7) // 8 * 8
            self._heaps[at] = found
        return self._heaps[at]


class Datatype(NamedTuple):
    """What one element is.

    Attributes
    ----------
    size : bytes of an element
    numpy : the type of numbers, as `Buffer.array` takes it; None for anything else
    text : "fixed" or "variable" for strings; "opaque" for two bytes of a kind that an attribute
        may name; else None
    """

    size: int
    numpy: str | None
    text: str | None


def read_dataspace(body: Buffer) -> tuple[int, ...] | None:
    """The shape; None for a null space, which holds nothing."""
    version, rank = body.uint(0, 1), body.uint(1, 1)
    if version not in (1, 2) or rank > 32:
        raise body.damaged("an array has no shape")
    if version == 2 and body.uint(3, 1) == 2:
        return None
    at = 8 if version == 1 else 4
    return tuple(body.uint(at + 8 * i, 8) for i in range(rank))


def read_datatype(body: Buffer) -> Datatype:
    """The type of an element."""
    kind, bits, size = body.uint(0, 1) & 15, body.uint(1, 3), body.uint(4, 4)
    order = ">" if bits & 1 else "<"
    if kind == 0 and size in (1, 2, 4, 8):
        return Datatype(size, f"{order}{'i' if bits & 8 else 'u'}{size}", None)
    if kind == 1:
        form = size, body.uint(13, 1), body.uint(15, 1)  # bytes, bits of exponent and mantissa
        names = {(2, 5, 10): "f2", (4, 8, 23): "f4", (8, 11, 52): "f8"}
        if form == (2, 8, 7) and order == "<":
            return Datatype(size, "bfloat16", None)
        if form in names:
            return Datatype(size, order + names[form], None)
    if kind == 5 and size == 2:
        return Datatype(size, None, "opaque")
    if kind == 3:
        return Datatype(size, None, "fixed")
    if kind == 9 and bits & 15 == 1:
        return Datatype(size, None, "variable")
    return Datatype(size, None, None)


def read_value(
    file: File, body: Buffer, at: int, kind: Datatype, shape: tuple[int, ...] | None
) -> Value:
    """An attribute's value: a string, strings, or an integer; None for what is not read."""
    if shape is None:
        return [] if kind.text else None
    count = math.prod(shape)
    if kind.numpy is not None:
        if count != 1 or "f" in kind.numpy:
            return [] if count == 0 else None
        return int(body.array(at, kind.size, (1,), kind.numpy)[0])
    if kind.text not in ("fixed", "variable"):
        return None
    strings = []
    for i in range(count):
        file.visit()
        element = body.take(at + i * kind.size, kind.size)
        if kind.text == "variable":
            element = _from_heap(file, Buffer(element, file.what))
        file.spend(len(element))
        strings.append(bytes(element).partition(b"\0")[0].decode(errors="replace"))
    return strings if shape else strings[0]


def _from_heap(file: File, reference: Buffer) -> memoryview:
    """Bytes of variable length, which lie in a collection elsewhere in the file."""
    length, at, index = reference.uint(0, 4), reference.uint(4, 8), reference.uint(12, 4)
    if length == 0:
        return memoryview(b"")
    heap = file.heap(at)
    if index not in heap:
        raise file.damaged("a string is missing")
    return heap[index][:length]
