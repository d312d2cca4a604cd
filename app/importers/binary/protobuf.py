"""The wire format of Protocol Buffers: numbered fields, of which the reader picks what it knows."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .buffer import Buffer

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

MAX_FIELDS = 100_000
"""Fields of one message; a model's largest, its graph, has some for each operation."""
MAX_INTEGERS = 100_000
"""Integers of one list: shapes, axes and the like, and never weights."""

Field = tuple[int, int, "int | memoryview"]


def fields(message: Buffer) -> Iterator[Field]:
    """Number, wire type and value of each field: an integer, or the bytes of what is longer.

    Raises
    ------
    BadInput
        Where the bytes are not a message, or one of more than `MAX_FIELDS`.
    """
    at = count = 0
    while at < len(message):
        count += 1
        if count > MAX_FIELDS:
            raise message.damaged(f"a part of it has more than {MAX_FIELDS:,} fields")
        key, at = varint(message, at)
        number, wire = key >> 3, key & 7
        value: int | memoryview
        if wire == VARINT:
            value, at = varint(message, at)
        elif wire == BYTES:
            size, at = varint(message, at)
            value, at = message.take(at, size), at + size
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
            value, at = message.take(at, size), at + size
        else:
            raise message.damaged("a field is of an unknown type")
        yield number, wire, value


def varint(message: Buffer, at: int) -> tuple[int, int]:
    """An unsigned integer of 7 bits a byte, and where it ends."""
    value, shift = 0, 0
    data = message.data
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value & (2**64 - 1), at
    raise message.damaged("a number does not end")


def signed(value: int) -> int:
    """The two's complement of 64 bits, which is how negative numbers are sent."""
    return value - 2**64 if value >= 2**63 else value


def integers(value: int | memoryview, what: str) -> list[int]:
    """A repeated integer field: one value, or many packed."""
    if isinstance(value, int):
        return [signed(value)]
    packed, found, at = Buffer(value, what), [], 0
    while at < len(packed):
        if len(found) == MAX_INTEGERS:
            raise packed.damaged(f"a list in it has more than {MAX_INTEGERS:,} integers")
        number, at = varint(packed, at)
        found.append(signed(number))
    return found


def floats(value: int | memoryview, what: str) -> list[float]:
    """A repeated float field: one value, or many packed."""
    if isinstance(value, int) or len(value) % 4:
        raise Buffer(b"", what).damaged("a number is of an unknown type")
    return list(struct.unpack(f"<{len(value) // 4}f", value))
