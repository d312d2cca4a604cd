"""Three memories on the same words: what an LSTM, a GRU and a simple RNN still hold of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.errors import BadInput
from ...core.explain.ledger import has_ledger
from ..question import StepQuestion
from .asking import Ask, Extra, Fields, Saved
from .vanishing import EXAMPLE, LONGEST

OWN: dict[str, type] = {"timestep": int}
MODELS = ("place", "place-gru", "place-rnn")
"""Trained on the same sentences, and of about the same size."""


def answer(ask: Ask, question: StepQuestion, extra: Extra) -> dict[str, Any]:
    """What is left of each word after some, and how far the answer still moves with it.

    Parameters
    ----------
    question : its `sentence` is read; the example where there is none, or it is too long
    extra : `timestep`, after how many words; all of them by default

    Returns
    -------
    `words`, those read; `own`, whether they are those that were sent; and for each of the three
    `memories` its `model`, its `cell`, what it answers (`label`, `probability`), `wrote` and `left`
    (words): the sizes of what each word wrote into the memory, and of what is left of that, summed
    over the units, null for a cell that keeps no account; and `moves` (words): the length of the
    derivative of the answer's logit with respect to each word's vector

    Raises
    ------
    BadInput
        For a timestep that there is not.
    """
    words, own = _words(ask, question.sentence or EXAMPLE)
    timestep = extra.get("timestep", len(words))
    if not own:
        timestep = len(words)
    if not 1 <= timestep <= len(words):
        raise BadInput(f"timestep is {timestep}, but there are {len(words)} words.")
    text = " ".join(words[:timestep])
    return {
        "words": words[:timestep],
        "own": own,
        "memories": [_memory(ask, StepQuestion(sentence=text, model=name)) for name in MODELS],
    }


def _words(ask: Ask, sentence: str) -> tuple[list[str], bool]:
    """The words to read, and whether they are those that were sent."""
    task = ask.task(StepQuestion(sentence=sentence, model=MODELS[0]))
    words: list[str] = [token["text"] for token in task.tokens]
    return (words, True) if len(words) <= LONGEST else ([*EXAMPLE.split()], False)


def _memory(ask: Ask, question: StepQuestion) -> dict[str, Any]:
    layer = next(iter(ask.models.get(question.model).network.recurrent.values()))
    kept = has_ledger(layer.cell)
    run = ask(question, "gradients", *(["memory"] if kept else []))
    said, gradients = run["prediction"], run["gradients"]
    # in single precision, which a drawing needs: a saved page has dozens of these
    magnitude = np.asarray(run["memory"]["magnitude"], np.float32) if kept else None
    return {
        "model": {"id": run["model"]["id"], "title": run["model"]["title"]},
        "cell": layer.cell.name,
        "label": gradients["label"],
        "probability": np.float32(max(said["probabilities"])),
        "wrote": None if magnitude is None else np.diagonal(magnitude, 1).copy(),
        "left": None if magnitude is None else magnitude[-1, 1:].copy(),
        "moves": np.asarray(gradients["input"], np.float32),
    }


def questions(saved: Saved, base: Fields) -> Iterator[Fields]:
    """Every place of the cursor, once whatever the layer."""
    first = next(iter(saved.task.model.network.recurrent))
    if not saved.shipped >= set(MODELS) or base["layer"] != first or "pins" in base:
        return
    vocabulary, sentence = saved.task.model.vocabulary, saved.task.wanted.sentence
    words = vocabulary is not None and vocabulary.tokens == "words" and sentence is not None
    if not words or len(saved.task.tokens) > LONGEST:
        yield {"sentence": EXAMPLE}
        return
    for timestep in range(1, 1 + len(saved.task.tokens)):
        yield {"sentence": sentence, "timestep": timestep}
