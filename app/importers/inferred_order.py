"""The orders in which layers fit one another, by the sizes of their weights alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import NamedTuple, TypeVar

from ..core.errors import BadInput
from ..core.network import Bidirectional, Dense, Recurrent


class Misfit(BadInput):
    """Layers whose sizes form no chain: one between them may not be known."""


MAX_ORDERED = 6
"""Layers of a kind that are tried in every order; more are taken as they come."""
MAX_BEFORE = 2
"""Dense layers that are looked for before the recurrent ones where nobody says."""
EARLY = re.compile(r"(^|[._])(in|inp|inputs?|pre|emb\w*)([._\d]|$)", re.IGNORECASE)
"""What people call a layer that stands before the recurrent one."""

NUMBER = re.compile(r"(\d{1,9})")

Stack = Recurrent | Bidirectional
Item = TypeVar("Item", bound=Dense | Recurrent | Bidirectional)


class Chain(NamedTuple):
    """Layers in their order: dense ones before the recurrent ones, these, and the head's."""

    before: list[Dense]
    recurrent: list[Stack]
    heads: list[Dense]

    @property
    def against_numbers(self) -> int:
        """Pairs of layers that stand against the numbers in their names, as fc2 before fc1 does."""
        names = [NUMBER.split(layer.name[:100]) for layer in (*self.before, *self.heads)]
        return sum(
            one[::2] == other[::2] and [int(n) for n in one[1::2]] > [int(n) for n in other[1::2]]
            for one, other in combinations(names, 2)
        )


def chains(
    start: int | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    names: Sequence[str] | None = None,
    *,
    reading: str = "last_state",
) -> Iterator[Chain]:
    """All chains that fit: those first that agree with the layers' names, then the plain ones.

    Parameters
    ----------
    start : how many numbers the embedding gives; None without one
    names : of the dense layers before the recurrent ones, where that is known
    reading : how the head reads the hidden states: "flatten" those of all timesteps side by side,
        "all_layers" those of all layers, anything else as many numbers as the last layer gives
    """
    found = _chains(start, recurrent, dense, names, reading)
    yield from sorted(found, key=lambda chain: chain.against_numbers)


def _chains(
    start: int | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    names: Sequence[str] | None,
    reading: str,
) -> Iterator[Chain]:
    for before in _befores(dense, names):
        first, stack = _up_to_states(start, before, recurrent)
        if not stack:
            continue
        taken = {id(layer) for layer in before}
        units, flat = _width(stack, reading), reading == "flatten"
        rest = [layer for layer in dense if id(layer) not in taken]
        heads = _ordered(rest, None if flat else units)
        if heads is not None and not (flat and heads and reads(heads[0]) % units):
            yield Chain(first, stack, heads)


def _up_to_states(
    start: int | None, before: Sequence[Dense], recurrent: Sequence[Stack]
) -> tuple[list[Dense], list[Stack]]:
    """Dense layers and the recurrent ones that they lead to; none of these where none fit."""
    if not before:
        return [], _ordered(recurrent, start) or []
    wanted = {reads(layer) for layer in recurrent}
    for order in permutations(before):
        if fit(order, start) and gives(order[-1]) in wanted:
            return list(order), _ordered(recurrent, gives(order[-1])) or []
    return [], []


def the_chain(
    start: int | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    names: Sequence[str] | None,
    *,
    reading: str,
) -> Chain:
    """The first of these chains.

    Raises
    ------
    Misfit
        Where there is none, with the sizes of the layers that are in the way.
    """
    found = next(chains(start, recurrent, dense, names, reading=reading), None)
    if found:
        return found
    before = [layer for layer in dense if layer.name in (names or ())]
    if before and not fit(before, start):
        raise _misfit(before, start, "dense layers before the recurrent ones")
    at = gives(before[-1]) if before else start
    stack = _ordered(recurrent, at)
    if stack is None:
        raise _misfit(recurrent, at, "recurrent layers")
    heads = [layer for layer in dense if layer.name not in (names or ())]
    given = None if reading == "flatten" else _width(stack, reading)
    if _ordered(heads, given) is None:
        raise _misfit(heads, given, "dense layers")
    raise Misfit(
        f"The dense layer behind the recurrent one must have weights for each of its "
        f"{stack[-1].units} numbers, or for each of them at each timestep; it reads "
        f"{reads(heads[0]) if heads else 0}."
    )


def _width(stack: Sequence[Stack], reading: str) -> int:
    """How many numbers there are for a head to read, at a timestep."""
    return sum(x.units for x in stack) if reading == "all_layers" else stack[-1].units


def fit(order: Sequence[Item], start: int | None) -> bool:
    """Whether each layer reads as many numbers as the one before gives."""
    size = start
    for layer in order:
        if size is not None and reads(layer) != size:
            return False
        size = gives(layer)
    return True


def reads(layer: Dense | Stack) -> int:
    """How many numbers a layer is given, at a timestep."""
    if isinstance(layer, Dense):
        return len(layer.kernel)
    return (layer.forward if isinstance(layer, Bidirectional) else layer).weights.features


def gives(layer: Dense | Stack) -> int:
    """How many numbers leave a layer, at a timestep."""
    return layer.kernel.shape[1] if isinstance(layer, Dense) else layer.units


def _befores(dense: Sequence[Dense], names: Sequence[str] | None) -> list[tuple[Dense, ...]]:
    """The dense layers that may stand before the recurrent ones."""
    if names is not None:
        return [tuple(layer for layer in dense if layer.name in names)]
    most = MAX_BEFORE if len(dense) <= MAX_ORDERED else 0
    found = [some for count in range(most + 1) for some in combinations(dense, count)]
    early = {id(layer) for layer in dense if EARLY.search(layer.name[:100])}
    return sorted(found, key=lambda some: len(early - {id(layer) for layer in some}))


def _ordered(layers: Sequence[Item], start: int | None) -> list[Item] | None:
    """The first order in which the layers fit; their own if it does."""
    if fit(layers, start):
        return list(layers)
    found = permutations(layers) if len(layers) <= MAX_ORDERED else iter(())
    return next((list(order) for order in found if fit(order, start)), None)


def _misfit(layers: Sequence[Item], start: int | None, what: str) -> Misfit:
    sizes = ", ".join(f"{reads(layer)} -> {gives(layer)}" for layer in layers[:8])
    before = "" if start is None else f" after {start} numbers"
    return Misfit(
        f"The sizes of the {what} ({sizes}; numbers read -> numbers given) do not fit one "
        f"another{before}, so the layers form no chain: there is a branch, such as a second "
        "head, or a layer that is not known."
    )
