"""How much a body of JSON holds, counted before anything is made of it.

A parser makes an object of some ten bytes for each byte of `[],[],[]`, and holds the interpreter
meanwhile. Counting takes about a nanosecond for each byte and makes nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ..core.errors import TooLarge

TEXTS_OF_CONTAINER = 6
"""Names and texts in one object of ours, at most."""


class JsonSize(NamedTuple):
    """What stands outside of texts in a body that may be JSON.

    Attributes
    ----------
    values : at least as many as there are numbers, texts, lists and objects
    containers : lists and objects
    names : how often each name of a field stands there, as it is spelled
    """

    values: int
    containers: int
    names: Counter[bytes]


def measure(body: bytes, most_values: int, most_containers: int) -> JsonSize:
    """Count what a body holds.

    Raises
    ------
    TooLarge
        With the figure that is over its limit.
    """
    bare = body
    if b"\\" in body:  # what is left of the quotation marks are those around texts
        bare = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    texts = bare.count(b'"') // 2
    _refuse_over(100 + TEXTS_OF_CONTAINER * most_containers, texts, "texts")
    pieces = bare.split(b'"')
    outside = b'"'.join(pieces[::2]) if texts else bare
    containers = outside.count(b"[") + outside.count(b"{")
    _refuse_over(most_containers, containers, "lists and objects")
    values = outside.count(b",") + containers
    _refuse_over(most_values, values, "values")
    names: Counter[bytes] = Counter()
    if b":" in outside:
        following = (piece.lstrip()[:1] == b":" for piece in pieces[2::2])
        names.update(text for text, named in zip(pieces[1::2], following, strict=False) if named)
    return JsonSize(values, containers, names)


def _refuse_over(limit: int, came: int, what: str) -> None:
    if came > limit:
        raise TooLarge(f"The body has {came:,} {what}; the limit is {limit:,}. Send less.")
