"""The memory ledger: of all units together, or of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..question import StepQuestion
from .asking import Ask, Extra, Fields, Saved

OWN: dict[str, type] = {}
UNIT_LEDGERS = 2_000_000
"""Numbers of the units' own ledgers that one file holds."""


def answer(ask: Ask, question: StepQuestion, extra: Extra) -> dict[str, Any]:
    """The run with `memory`."""
    del extra
    return ask(question, "memory")


def questions(saved: Saved, base: Fields) -> Iterator[Fields]:
    """All units together, and each by itself where they are not too many.

    Of a layer without a ledger, and of one that has too long a one, the refusals are held.
    """
    layer = saved.task.model.network.recurrent[base["layer"]]
    units, timesteps = layer.weights.units, len(saved.task.tokens)
    shown = range(units if units * timesteps * (timesteps + 1) <= UNIT_LEDGERS else 0)
    for unit in [None, *shown]:
        yield base | {"unit": unit}
