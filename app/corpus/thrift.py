"""Thrift's compact protocol, as far as the metadata of a Parquet file needs it, and only to write.

Source: the Apache Thrift project's specification "thrift-compact-protocol.md".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
"""The types' codes in the protocol."""


class Field(NamedTuple):
    """One field of a struct, already written; fields stand in the order of their ids."""

    id: int
    kind: int
    data: bytes


def varint(number: int) -> bytes:
    """An unsigned number, seven bits a byte, the least first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def i32(id: int, number: int) -> Field:
    """A whole number, its sign in the lowest bit."""
    return Field(id, I32, varint(number << 1))


def i64(id: int, number: int) -> Field:
    """The same, of up to 64 bits."""
    return Field(id, I64, varint(number << 1))


def binary(id: int, data: bytes) -> Field:
    """Bytes behind their length."""
    return Field(id, BINARY, varint(len(data)) + data)


def struct(*fields: Field) -> bytes:
    """A struct's fields, each with what its id adds to the one before."""
    out, last = bytearray(), 0
    for field in fields:
        out.append((field.id - last) << 4 | field.kind)
        out += field.data
        last = field.id
    return bytes(out) + b"\0"


def inner(id: int, *fields: Field) -> Field:
    """A struct in a struct."""
    return Field(id, STRUCT, struct(*fields))


def items(id: int, kind: int, written: Sequence[bytes]) -> Field:
    """A list of what is already written."""
    count = len(written)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + varint(count)
    return Field(id, LIST, head + b"".join(written))
