"""A vector as two, such as of the two directions of a layer: joined, added or multiplied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .terms import Algebra, Product, Sum, is_one

MAX_TERMS = 16
"""Products of a sum of two layers' states; a GRU's has three."""


class Pair(NamedTuple):
    """Two vectors, and Keras's word for how they were merged."""

    mode: str
    first: Sum
    second: Sum


def pairs(algebra: Algebra, value: Sum) -> Iterator[Pair]:
    """Each way in which a vector is two, the most likely one first."""
    atom = value.atom
    if atom is not None and atom.kind == "join" and len(atom.parts) == 2:
        yield Pair("concat", *atom.parts)
    if len(value.terms) == 1:
        ((product, coefficient),) = value.terms.items()
        if len(product) == 2 and is_one(coefficient):
            yield Pair("mul", *(_inner(algebra, product, place) for place in (0, 1)))
        return
    if len(value.terms) > MAX_TERMS:
        return
    for through_masks in (True, False):
        groups = _groups(value, through_masks)
        if len(groups) == 2:
            halves = [algebra.sum([(p, value.terms[p]) for p in g], value.width) for g in groups]
            yield Pair("sum", *halves)
            yield Pair("ave", *(algebra.scale(half, 2.0) for half in halves))


def _inner(algebra: Algebra, product: Product, place: int) -> Sum:
    atom = product[place]
    return atom.parts[0] if atom.kind == "whole" else algebra.sum([((atom,), 1.0)], atom.width)


def _groups(value: Sum, through_masks: bool) -> list[list[Product]]:
    """Products that have atoms in common, together."""
    groups: list[list[Product]] = []
    for product in value.terms:
        own = {a for a in product if through_masks or a.kind != "mask"}
        meets = [g for g in groups if any(own & set(other) for other in g)]
        joined = [other for g in meets for other in g]
        groups = [g for g in groups if g not in meets] + [[*joined, product]]
    return sorted(groups, key=lambda group: min(p[0].number if p else -1 for p in group))
