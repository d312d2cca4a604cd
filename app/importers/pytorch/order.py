"""The order in which recurrent modules are computed, which their weights do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, permutations
from typing import Any

from ...core.errors import BadInput
from ...core.network import Dense, Embedding
from ..assumed import Assumed, Undecided
from ..base import Options
from ..inferred_order import MAX_ORDERED, gives, reads
from .weights import Group, natural

FIRST = re.compile(
    r"(^|[._])(enc|encoder|encode|first|lower|bottom|input|in|start)([._\d]|$)", re.I
)
LAST = re.compile(
    r"(^|[._])(dec|decoder|decode|second|last|upper|top|output|out|end)([._\d]|$)", re.I
)


def in_order(
    groups: Sequence[Group],
    embedding: Embedding | None,
    dense: Sequence[Dense],
    options: Options,
    *,
    made: bool,
) -> tuple[list[Group], list[str]]:
    """The modules in their order, and what was taken for granted.

    Parameters
    ----------
    made : whether they are given in the order in which they were made

    Raises
    ------
    Undecided
        Where several orders fit and nothing tells them apart.
    BadInput
        For an option `order` that does not list them.
    """
    given = list(groups)
    names = [group.name for group in given]
    said: Any = options.get("order")
    if said is not None:
        if not isinstance(said, list) or sorted(map(str, said)) != sorted(names):
            raise BadInput(
                "The option order must list the recurrent modules in the order in which they are "
                f"computed; they are: {', '.join(name[:60] for name in names)}."
            )
        return [given[names.index(name)] for name in said], _said(given, said, embedding, dense)
    if len(given) < 2 or len(given) > MAX_ORDERED:
        return given, []
    fitting = _fitting(given, embedding, dense)
    if len(fitting) < 2:
        return fitting[0] if fitting else given, []
    told, why = _told(given, made=made)
    if told is None or told not in fitting:
        orders = "; or ".join(f"[{', '.join(x.name for x in order)}]" for order in fitting[:6])
        raise Undecided(
            f"The recurrent modules fit one another in {len(fitting)} orders, and nothing says "
            f"which is computed first. Say so in the option order: {orders}.",
            *("order", [[x.name for x in order] for order in fitting]),
        )
    return told, [_sentence([x.name for x in told], fitting, why, said=False)]


def _sentence(
    names: list[str], fitting: Sequence[Sequence[Group]], why: str, *, said: bool
) -> Assumed:
    listed = ", then ".join(name[:60] for name in names)
    words = f"The recurrent modules are computed as {listed}: {why} (order)."
    values = [[x.name for x in order] for order in fitting]
    return Assumed(words, "order", names, values, said=said)


def _said(
    groups: list[Group], said: list[str], embedding: Embedding | None, dense: Sequence[Dense]
) -> list[str]:
    """The order that the owner says, and the others that there are."""
    if not 1 < len(groups) <= MAX_ORDERED:
        return []
    return [_sentence(said, _fitting(groups, embedding, dense), "as is said", said=True)]


def _fitting(
    groups: list[Group], embedding: Embedding | None, dense: Sequence[Dense]
) -> list[list[Group]]:
    """The orders in which each reads as many numbers as the one before gives."""
    fitting = [
        list(order)
        for order in permutations(groups)
        if all(gives(a.layers[-1]) == reads(b.layers[0]) for a, b in pairwise(order))
    ]
    if embedding is None:
        return fitting
    widths = {embedding.table.shape[1], *(layer.kernel.shape[1] for layer in dense)}
    return [order for order in fitting if reads(order[0].layers[0]) in widths]


def _told(groups: list[Group], *, made: bool) -> tuple[list[Group] | None, str]:
    """The order that is known from elsewhere, and where from."""
    if made:
        return groups, "in this order the file has them"
    stems = {re.sub(r"\d+", "", group.name) for group in groups}
    if len(stems) == 1:
        return sorted(groups, key=lambda group: natural(group.name)), "by their numbers"
    ranks = [bool(LAST.search(group.name)) - bool(FIRST.search(group.name)) for group in groups]
    if len(set(ranks)) == len(ranks):
        ranked = sorted(zip(ranks, range(len(groups)), strict=True))
        return [groups[place] for _, place in ranked], "by their names"
    return None, ""
