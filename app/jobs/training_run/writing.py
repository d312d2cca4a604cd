"""A writer from a visitor's own text: which character comes next, and what it writes so far."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np

from ...core.errors import BadInput, TooLarge
from ...core.generation import Reader, Sampling, write
from ...core.model import Model
from ...core.text import WordList
from ...core.training import Examples

WINDOW = 100
"""Characters that are read in one go, from a state of zeros."""
LONGEST, SHORTEST = 200_000, 200
"""Bytes of a text, and characters."""
MOST_CHARACTERS = 500
"""Different ones."""
PROMPT, SAMPLE = 20, 200
"""Characters that a sample begins with, and that it goes on for."""
TEMPERATURE = 0.8
FIRST = 2
"""The row of the first character; an output speaks of each from there on."""


def check_text(text: str) -> str:
    """A text that a writer can be trained on.

    Raises
    ------
    TooLarge, BadInput
        For one that is too long, too short, or of too many or too few different characters.
    """
    size = len(text.encode())
    if size > LONGEST:
        raise TooLarge(f"The text has {size:,} bytes; the limit is {LONGEST:,}. Send a part of it.")
    if len(text) < SHORTEST:
        raise BadInput(
            f"The text has {len(text):,} characters, and at least {SHORTEST} are needed for "
            "anything to be learned."
        )
    different = len(set(text))
    if not 2 <= different <= MOST_CHARACTERS:
        raise BadInput(
            f"The text has {different:,} different characters; 2 to {MOST_CHARACTERS} can be "
            "learned."
        )
    return text


def characters_of(text: str) -> tuple[str, ...]:
    """The different characters, the most frequent first."""
    counted = Counter(text)
    return tuple(sorted(counted, key=lambda one: (-counted[one], one)))


def text_examples(text: str, words: tuple[str, ...]) -> tuple[Examples, Examples | None]:
    """Windows of the text, and for each character the place of the one that follows.

    Returns
    -------
    Those to learn from, and the last tenth, to judge by; None of a text that is too short for it
    """
    rows = {character: row for row, character in enumerate(words)}
    ids = [rows[character] for character in text]
    windows = [ids[at : at + WINDOW + 1] for at in range(0, len(ids) - 1, WINDOW)]
    inputs = [window[:-1] for window in windows]
    labels = [[row - FIRST for row in window[1:]] for window in windows]
    aside = len(windows) // 10
    examples = Examples.of(inputs, labels)
    if not aside:
        return examples, None
    count = len(windows)
    return (
        examples.take(np.arange(count - aside)),
        examples.take(np.arange(count - aside, count)),
    )


def written_sample(model: Model, text: str, seed: int) -> str:
    """How a model goes on from the beginning of a text; the same seed makes the same choices."""
    vocabulary, prompt = model.vocabulary, text[:PROMPT]
    assert isinstance(vocabulary, WordList)
    start = np.array([[vocabulary.id_of(character) for character in prompt]])
    token_ids = np.arange(len(model.labels)) + FIRST
    random = np.random.default_rng(seed)
    choices = write(Reader(model.network), start, token_ids, Sampling(TEMPERATURE), random)
    made = [model.labels[choice.output] for choice in islice(choices, SAMPLE)]
    return prompt + "".join(made)
