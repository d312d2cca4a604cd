"""An answer as JSON: float32 in shortest form, large answers in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson

PIECE = 256 * 1024
"""Bytes."""
LONG = 16 * 1024
"""Numbers of an array that takes a millisecond to encode."""


def encode(content: Any) -> bytes:
    """Encode a tree that may hold NumPy arrays, float32 in shortest form."""
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


def encode_in_pieces(answer: Mapping[str, Any]) -> list[bytes]:
    """Encode a large answer a list's item at a time, in pieces that may be sent one by one.

    The encoder holds the interpreter while it works; between two items others get their turn. One
    piece would also be memory that the system takes back and hands out anew each time.
    """
    pieces, parts, size = [], [], 0
    for part in _parts(answer):
        parts.append(part)
        size += len(part)
        if size >= PIECE:
            pieces.append(b"".join(parts))
            parts, size = [], 0
    return [*pieces, b"".join(parts)]


def _parts(value: Any) -> Iterator[bytes]:
    """An answer cut where it is a list, and where a mapping or an array is long."""
    if isinstance(value, Mapping):
        between = b"{"
        for name, inner in value.items():
            yield b"%s%s:" % (between, encode(name))
            yield from _parts(inner)
            between = b","
        yield b"}" if value else b"{}"
    elif isinstance(value, list) and value:
        yield from _joined(_parts(item) if _is_long(item) else (encode(item),) for item in value)
    elif isinstance(value, np.ndarray) and value.size > LONG:
        if value.ndim > 1:
            yield from _joined(map(_parts, value))
        else:
            chunks = (value[start : start + LONG] for start in range(0, len(value), LONG))
            yield from _joined((encode(chunk)[1:-1],) for chunk in chunks)
    else:
        yield encode(value)


def _joined(items: Iterator[Any]) -> Iterator[bytes]:
    between = b"["
    for item in items:
        yield between
        yield from item
        between = b","
    yield b"]"


def _is_long(item: Any) -> bool:
    """Whether an item of a list has an array that is to be cut."""
    if isinstance(item, Mapping):
        return any(map(_is_long, item.values()))
    return isinstance(item, np.ndarray) and item.size > LONG
