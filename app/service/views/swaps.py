"""Other words in the place of one: what the model says then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...core.errors import BadInput
from ..question import StepQuestion
from .asking import Ask, Extra, Fields, Saved, asked_input

OWN: dict[str, type] = {"timestep": int, "words": list}
MOST_WORDS = 16
"""Words tried at once."""
NUMBERS = 1_000_000
"""Of runs with another word in one file; beyond that they are those near the cursor."""


def answer(ask: Ask, question: StepQuestion, extra: Extra) -> dict[str, Any]:
    """The run with each of some words at one timestep, its own word first.

    Parameters
    ----------
    extra : `timestep`, from 1; `words`, or token ids as text where ids are read; those beyond
        `MOST_WORDS`, of ids what is not a number, and of characters what is several, are left away

    Returns
    -------
    `runs`: `text`, whether it is `known`, what was `asked` with it, and the `run`

    Raises
    ------
    BadInput
        For a timestep that is not there or holds padding, and for a model that reads numbers.
    """
    tokens = ask.task(question).tokens
    padding = sum(bool(token.get("padded")) for token in tokens)
    timestep = extra.get("timestep", 0)
    if not padding < timestep <= len(tokens):
        raise BadInput(
            f"timestep is {timestep}, but words stand at the timesteps {padding + 1} to "
            f"{len(tokens)}."
        )
    if question.inputs is not None:
        raise BadInput("Words are swapped, and this model reads numbers. Change inputs instead.")
    own = tokens[timestep - 1]
    shown = str(own["id"]) if question.token_ids is not None else own["text"]
    runs = []
    for text in [shown, *_fitting(ask, question, extra.get("words", []))]:
        swapped = _swapped(ask, question, tokens, timestep, text)
        run = ask(swapped)
        known = run["tokens"][timestep - 1]["known"]
        runs.append({"text": text, "known": known, "asked": asked_input(swapped), "run": run})
    return {"runs": runs}


def _fitting(ask: Ask, question: StepQuestion, words: list[str]) -> list[str]:
    vocabulary = ask.models.get(question.model).vocabulary
    if vocabulary is not None and vocabulary.tokens == "characters":
        words = [word for word in words if len(word) == 1]
    if question.token_ids is not None:
        words = [word for word in words if word.isascii() and word.isdigit() and len(word) < 16]
    return words[:MOST_WORDS]


def _swapped(
    ask: Ask, question: StepQuestion, tokens: list[dict[str, Any]], timestep: int, text: str
) -> StepQuestion:
    padding = sum(bool(token.get("padded")) for token in tokens)
    at = timestep - 1 - padding
    if question.token_ids is not None:
        ids = [*question.token_ids]
        ids[at] = int(text)
        return replace(question, token_ids=ids)
    words = [token["text"] for token in tokens[padding:]]
    words[at] = text
    return replace(question, sentence=ask.join(question, words))


def questions(saved: Saved, base: Fields) -> Iterator[Fields]:
    """The saved words at every timestep, those near the cursor first."""
    task, words = saved.task, saved.words
    if not words or task.wanted.inputs is not None or not task.model.labels:
        return
    weights = task.layer.weights
    size = len(task.tokens) * (6 * weights.units + weights.features) * (len(words) + 1)
    own = [t for t, token in enumerate(task.tokens, 1) if not token.get("padded")]
    for timestep in sorted(own, key=lambda t: abs(t - saved.near))[: NUMBERS // size or 1]:
        yield base | {"timestep": timestep, "words": list(words)}
