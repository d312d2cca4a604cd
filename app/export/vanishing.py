"""What the page's first section asks: the words through two networks, longer and longer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .answers import Answers, Kept, Question

LSTM, RNN = "place", "place-rnn"
EXAMPLE = "I live in Pune"
LONGEST = 100
"""Words of a visitor's sentence."""
NEUTRAL_TEXT = (
    "and the weather is very nice and the food is good and the people are happy and everything is "
    "fine and my work is good and life is very busy and the rain is nice and the rent is"
)
NEUTRAL = NEUTRAL_TEXT.split(" ")
"""Words that say nothing of where anybody is, as in why.js."""
GRADIENTS: Kept = {
    "tokens": (),
    "steps": ("timestep",),
    "prediction": ("labels", "probabilities", "by_timestep"),
    "gradients": ("label", "hidden_state", "cell_state", "direct"),
}
UPDATES: Kept = {"updates": ("label", "input")}
READ: Kept = {"tokens": (), "prediction": ()}
"""What the section reads of each answer: one has hundreds of them."""


def ask_vanishing(again: Question | None, timesteps: int, answers: Answers) -> None:
    """Ask for the gradients and updates at every position of the section's slider.

    Parameters
    ----------
    again : what gives the page's trace again, or None
    timesteps : how long it is
    """
    if not {LSTM, RNN} <= answers.registry.models.keys():
        return
    own = timesteps <= LONGEST and again is not None and "sentence" in again
    sentence = again["sentence"] if own and again else EXAMPLE
    read = answers.step({"sentence": sentence, "model": LSTM}, keep=READ)
    if read is None:
        return
    cities = {label.lower() for label in read["prediction"]["labels"]}
    words = [token["text"] for token in read["tokens"]]
    if not cities.intersection(word.lower() for word in words):
        words = EXAMPLE.split()
        read = answers.step({"sentence": EXAMPLE, "model": LSTM}, keep=READ)
        assert read is not None
    label, truth = _labels(read["prediction"], words)
    for added in range(len(NEUTRAL) + 1):
        text = " ".join([*words, *NEUTRAL[:added]])
        for model in (LSTM, RNN):
            for part, of, keep in (("gradients", label, GRADIENTS), ("updates", truth, UPDATES)):
                question = {"sentence": text, "model": model, "include": [part], "label": of}
                answers.step(question, keep)


def _labels(prediction: dict[str, Any], words: Sequence[str]) -> tuple[str, str]:
    """The label that is predicted, and the first one that no word names."""
    labels = prediction["labels"]
    label = labels[int(np.argmax(prediction["probabilities"]))]
    said = {word.lower() for word in words}
    return label, next((name for name in labels if name.lower() not in said), label)
