"""An answer as JSON: float32 in shortest form, large answers in pieces."""

from __future__ import annotations

from typing import Any

import orjson

PIECE = 256 * 1024
"""Bytes."""


def encode(content: Any) -> bytes:
    """Encode a tree that may hold NumPy arrays, float32 in shortest form."""
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


def encode_in_pieces(answer: dict[str, Any]) -> list[bytes]:
    """Encode a large answer a list's item at a time, in pieces that may be sent one by one.

    The encoder holds the interpreter while it works; between two items others get their turn. One
    piece would also be memory that the system takes back and hands out anew each time.
    """
    pieces, parts, size = [], [], 0
    opening = b"{"
    for name, value in answer.items():
        parts += (opening, encode(name), b":")
        opening = b","
        if not isinstance(value, list) or not value:
            parts.append(encode(value))
            continue
        between = b"["
        for item in value:
            part = encode(item)
            parts += (between, part)
            between = b","
            size += len(part)
            if size >= PIECE:
                pieces.append(b"".join(parts))
                parts, size = [], 0
        parts.append(b"]")
    return [*pieces, b"".join([*parts, b"}"])]
