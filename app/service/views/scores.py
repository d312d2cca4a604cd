"""What each word did to the answer: its exact share, and the logit where it is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...core.pins import Pin
from ..question import StepQuestion
from .asking import Ask, Extra, Fields, Saved, without_gradients_by_unit

OWN: dict[str, type] = {}
LEFT_OUT = 60
"""Words up to which each is left out in turn."""
RERUNS = 1_000
"""Runs with a word left out that one file holds; beyond that they are those of one label."""
LABELS = 100
"""Labels that one file has the scores of."""


def answer(ask: Ask, question: StepQuestion, extra: Extra) -> dict[str, Any]:
    """The run with `attributions` and `gradients`, and `left_out`.

    Returns
    -------
    `trace`; and `left_out`, for each word what the label's logit is without it, null where it is
    the only one; null for more than `LEFT_OUT` words
    """
    del extra
    trace = without_gradients_by_unit(ask(question, "attributions", "gradients"))
    timesteps, label = len(trace["tokens"]), trace["attributions"]["label"]
    if timesteps > LEFT_OUT:
        return {"trace": trace, "left_out": None}
    logits: list[float | None] = [None] * timesteps
    for timestep in range(1, timesteps + 1) if timesteps > 1 else ():
        rest = without(question, trace["tokens"], timestep, partial(ask.join, question))
        logits[timestep - 1] = ask(rest, "attributions", label=label)["attributions"]["logit"]
    return {"trace": trace, "left_out": logits}


def without(
    question: StepQuestion,
    tokens: Sequence[dict[str, Any]],
    timestep: int,
    join: Callable[[Sequence[str]], str],
) -> StepQuestion:
    """The question with one timestep left out; pins behind it move up with their words.

    Parameters
    ----------
    tokens : those of the answer, padding included
    timestep : from 1
    join : words to a sentence
    """
    pins = tuple(
        Pin(pin.timestep - (pin.timestep > timestep), *pin[1:])
        for pin in question.pins
        if pin.timestep != timestep
    )
    question = replace(question, pins=pins)
    padding = sum(bool(token.get("padded")) for token in tokens)
    at = timestep - 1 - padding
    if question.sentence is not None:
        words = [token["text"] for token in tokens[padding:]]
        return replace(question, sentence=join(_all_but(words, at)))
    if question.token_ids is not None:
        return replace(question, token_ids=_all_but(question.token_ids, at))
    return replace(question, inputs=_all_but(question.inputs or (), at))


def _all_but(items: Sequence[Any], at: int) -> list[Any]:
    """Everything but one item; padding, which comes before all, leaves everything."""
    return [item for k, item in enumerate(items) if k != at]


def questions(saved: Saved, base: Fields) -> Iterator[Fields]:
    """As predicted, and every label by name, of a long sentence only the one that was chosen."""
    wanted, labels = saved.task.wanted, list(saved.task.model.labels)
    yield base
    first = dict.fromkeys([*([wanted.label] if wanted.label else []), *labels])
    timesteps = len(saved.task.tokens)
    runs = timesteps if timesteps <= LEFT_OUT else 1
    for label in list(first)[: min(LABELS, max(1, RERUNS // runs))]:
        yield base | {"label": label}
