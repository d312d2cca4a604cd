"""The order in which dense layers of one size are computed, which their weights do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations
from typing import Any, Protocol

from ..core.errors import BadInput
from ..core.network import Dense
from .assumed import Assumed, Undecided
from .base import Options
from .inferred_order import MAX_ORDERED, Chain, fit, gives, reads

LATE = re.compile(r"(^|[._])(out\w*|fc\w*|head|classifier|logits|pred\w*)([._\d]|$)", re.IGNORECASE)
"""What people call a dense layer that stands behind others."""


class Known(Protocol):
    """What is known beside the weights."""

    @property
    def made(self) -> bool:
        """Whether layers are given in the order in which they were made."""
        ...


def in_order_said(dense: Sequence[Dense], options: Options) -> tuple[list[Dense], list[str] | None]:
    """The layers in the order that the option `dense_order` says, and that order; None for none.

    Raises
    ------
    BadInput
        For an option that does not list them.
    """
    said: Any = options.get("dense_order")
    if said is None:
        return list(dense), None
    names = [layer.name for layer in dense]
    if not isinstance(said, list) or sorted(map(str, said)) != sorted(names):
        raise BadInput(
            "The option dense_order must list the dense layers in the order in which they are "
            f"computed; they are: {', '.join(name[:60] for name in names)}."
        )
    return [dense[names.index(name)] for name in said], said


def check_order(chain: Chain, said: list[str] | None) -> None:
    """Refuse an order that is said and does not fit."""
    if said is not None and [x.name for x in (*chain.before, *chain.heads)] != said:
        raise BadInput(
            "The dense layers do not fit one another in the order that the option dense_order says."
        )


def order_of_dense(
    chain: Chain, reading: str, options: Options, hints: Known | None
) -> tuple[list[Dense], list[Assumed]]:
    """The head's layers in their order, and a word on it where their sizes fit in several.

    Parameters
    ----------
    reading : how the head reads the hidden states
    hints : None where the file itself says the order, as Keras's does by its numbers

    Raises
    ------
    Undecided
        Where nothing tells the orders apart.
    """
    heads = chain.heads
    if hints is None or not 1 < len(heads) <= MAX_ORDERED:
        return heads, []
    fitting = _fitting(chain, reading)
    if len(fitting) < 2:
        return heads, []
    front = [layer.name for layer in chain.before]
    values = [[*front, *(layer.name for layer in order)] for order in fitting]
    said = options.get("dense_order") is not None
    order, why = (heads, "as is said") if said else _told(heads, fitting, made=hints.made)
    if order is None:
        orders = "; or ".join(f"[{', '.join(names)}]" for names in values[:6])
        raise Undecided(
            f"The dense layers fit one another in {len(fitting)} orders, and nothing says which is "
            f"computed first. Say so in the option dense_order: {orders}.",
            *("dense_order", values),
        )
    chosen = [*front, *(layer.name for layer in order)]
    words = f"The dense layers are computed as {', then '.join(chosen)}: {why} (dense_order)."
    return order, [Assumed(words, "dense_order", chosen, values, said=said)]


def _fitting(chain: Chain, reading: str) -> list[list[Dense]]:
    """The orders of the head's layers that fit, those first that agree with their numbers."""
    width = sum(x.units for x in chain.recurrent) if reading == "all_layers" else 0
    width = width or chain.recurrent[-1].units
    found = [
        list(order)
        for order in permutations(chain.heads)
        if fit(order, None)
        and (reads(order[0]) % width == 0 if reading == "flatten" else reads(order[0]) == width)
        and gives(order[-1]) == gives(chain.heads[-1])
    ]
    scores = [Chain(chain.before, chain.recurrent, order).against_numbers for order in found]
    least = min(scores, default=0)
    return [order for order, score in zip(found, scores, strict=True) if score == least]


def _told(
    heads: list[Dense], fitting: Sequence[list[Dense]], *, made: bool
) -> tuple[list[Dense] | None, str]:
    """The order that is known from elsewhere, and where from."""
    if made:
        return heads, "in this order the file has them"
    late = sorted(bool(LATE.search(layer.name)) for layer in heads)
    named = [x for x in fitting if [bool(LATE.search(layer.name)) for layer in x] == late]
    return (named[0], "by their names") if len(named) == 1 else (None, "")
