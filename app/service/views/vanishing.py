"""The same words through an LSTM and a simple RNN that learned the same task, longer and longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.errors import BadInput
from ..question import StepQuestion
from .asking import Ask, Extra, Fields, Saved, without_gradients_by_unit

OWN: dict[str, type] = {"added": int}
LSTM, RNN = "place", "place-rnn"
EXAMPLE = "I live in Pune"
LONGEST = 100
"""Words of a visitor's sentence."""
NEUTRAL_TEXT = (
    "and the weather is very nice and the food is good and the people are happy and everything is "
    "fine and my work is good and life is very busy and the rain is nice and the rent is"
)
NEUTRAL = NEUTRAL_TEXT.split(" ")
"""Words that say nothing of where anybody is."""


def answer(ask: Ask, question: StepQuestion, extra: Extra) -> dict[str, Any]:
    """Gradients and one step of training in both networks, with some neutral words at the end.

    Parameters
    ----------
    question : its `sentence` is read; the example where it names no city, or is too long
    extra : `added`, how many neutral words

    Returns
    -------
    `lstm` and `rnn`, the runs; `own`, whether the words are those that were sent; `spoken`, how
    many come before the neutral ones; `cause`, the timestep of the word that the answer is owed
    to; `neutral`, how many neutral words there are; and `lesson`: another `label`, and the norms
    of what a step towards it would change at each word, `lstm` and `rnn`

    Raises
    ------
    BadInput
        For a number of neutral words that there are not.
    """
    added = extra.get("added", 0)
    if not 0 <= added <= len(NEUTRAL):
        raise BadInput(f"added is {added}, but there are 0 to {len(NEUTRAL)} neutral words.")
    words, own = _words(ask, question.sentence or EXAMPLE)
    plain = ask(StepQuestion(sentence=" ".join(words), model=LSTM))["prediction"]
    label = plain["labels"][int(np.argmax(plain["probabilities"]))]
    text = " ".join([*words, *NEUTRAL[:added]])
    said = [word.lower() for word in words]
    other = next((name for name in plain["labels"] if name.lower() not in said), label)
    runs = {
        "lstm": ask(StepQuestion(sentence=text, model=LSTM), "gradients", label=label),
        "rnn": ask(StepQuestion(sentence=text, model=RNN), "gradients", label=label),
    }
    updates = {
        name: ask(StepQuestion(sentence=text, model=model), "updates", label=other)
        for name, model in (("lstm", LSTM), ("rnn", RNN))
    }
    lesson = {name: run["updates"]["input"] for name, run in updates.items()}
    return {name: _for_drawing(run) for name, run in runs.items()} | {
        "own": own,
        "spoken": len(words),
        "cause": _cause(said, label, plain["labels"]),
        "neutral": len(NEUTRAL),
        "lesson": {"label": other, **lesson},
    }


def _words(ask: Ask, sentence: str) -> tuple[list[str], bool]:
    """The words to read, and whether they are those that were sent."""
    task = ask.task(StepQuestion(sentence=sentence, model=LSTM))
    words: list[str] = [token["text"] for token in task.tokens]
    cities = {label.lower() for label in task.model.labels}
    own = len(words) <= LONGEST and any(word.lower() in cities for word in words)
    return (words, True) if own else ([*EXAMPLE.split()], False)


def _cause(said: list[str], label: str, labels: list[str]) -> int:
    """The timestep of the last word that names the answer, else of the first that names any."""
    named = [t for t, word in enumerate(said, 1) if word == label.lower()]
    cities = {name.lower() for name in labels}
    return named[-1] if named else next(t for t, word in enumerate(said, 1) if word in cities)


def _for_drawing(run: dict[str, Any]) -> dict[str, Any]:
    """The run with gradients that need no double precision: a saved page has dozens of them."""
    run = without_gradients_by_unit(run)
    gradients = {
        name: value.astype(np.float32) if isinstance(value, np.ndarray) else value
        for name, value in run["gradients"].items()
        if name != "input_dot"
    }
    return run | {"gradients": gradients}


def questions(saved: Saved, base: Fields) -> Iterator[Fields]:
    """Every position of the view's slider, once whatever the layer."""
    first = next(iter(saved.task.model.network.recurrent))
    if not saved.shipped >= {LSTM, RNN} or base["layer"] != first or "pins" in base:
        return
    own = len(saved.task.tokens) <= LONGEST and saved.task.wanted.sentence is not None
    sentence = saved.task.wanted.sentence if own else EXAMPLE
    for added in range(len(NEUTRAL) + 1):
        yield {"sentence": sentence, "added": added}


def heads(saved: Saved) -> Iterator[tuple[str, int]]:
    """Models and lengths whose answers may be opened, for every position of the slider."""
    timesteps = len(saved.task.tokens)
    for spoken in {timesteps, len(EXAMPLE.split())}:
        for added in range(len(NEUTRAL) + 1):
            yield LSTM, spoken + added
            yield RNN, spoken + added
