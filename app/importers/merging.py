"""How the two directions of layers are joined that are known by their weights alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import BadInput
from ..core.network import MERGES, Bidirectional, Layer
from .assumed import Assumed, Undecided
from .base import Options, build, settle_flatten
from .inferred_order import Stack, reads

JOINED = {
    "concat": "standing side by side",
    "sum": "their sum",
    "ave": "their average",
    "mul": "their product",
}
TRIED = ("concat", "sum")
"""The ways that are tried where nobody says."""

Arranged = tuple[list[Layer], list[str]]
"""Layers in their order, and what was taken for granted."""


def join_directions(
    stack: Sequence[Stack], options: Options, arranged: Callable[[list[Stack]], Arranged]
) -> Arranged:
    """Arrange layers whose directions are joined as it is said, else in the first way that fits.

    Parameters
    ----------
    arranged : arranges recurrent layers and what is around them; raises BadInput where nothing fits

    Raises
    ------
    BadInput
        Where no way fits: what is wrong with the first.
    """
    if not any(isinstance(layer, Bidirectional) for layer in stack):
        return arranged(list(stack))
    said: Any = options.get("merge_mode")
    if said is not None:
        if said not in MERGES:
            raise BadInput(f"The option merge_mode must be one of {', '.join(MERGES)}.")
        layers, assumed = arranged(_joined(stack, said))
        return layers, [*assumed, _sentence(said, said=True)]
    wrong: BadInput | None = None
    for mode in TRIED:
        try:
            layers, assumed = arranged(_joined(stack, mode))
            build(settle_flatten(layers))
        except Undecided:
            raise
        except BadInput as error:
            wrong = wrong or error
            continue
        return layers, [*assumed, _sentence(mode, said=False)]
    raise wrong or BadInput("The directions of the recurrent layers cannot be joined.")


def _sentence(mode: str, *, said: bool) -> Assumed:
    words = f"Both directions of a layer are joined by {JOINED[mode]} (merge_mode: {mode})."
    return Assumed(words, "merge_mode", mode, JOINED, said=said)


def _joined(stack: Sequence[Stack], mode: str) -> list[Stack]:
    """Layers joined so, but for those that the next one reads side by side, as in one module."""
    found: list[Stack] = []
    for layer, following in zip(stack, [*stack[1:], None], strict=True):
        inner = following is not None and reads(following) == layer.units
        if isinstance(layer, Bidirectional) and not inner:
            layer = replace(layer, merge_mode=mode)
        found.append(layer)
    return found
