"""From a part's texts to what its model reads, and to the words that stand in the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import BadInput
from ..core.model import Model
from .plan import Part, Plan
from .texts import Text


class Sequence(NamedTuple):
    """A text as a model reads it.

    Attributes
    ----------
    number : of the text, among all
    ids : what the embedding reads, or None
    inputs : (timesteps, features) numbers, or None
    texts, keys : each word as it was written, and as the vocabulary knows it
    """

    number: int
    label: str | None
    ids: list[int] | None
    inputs: np.ndarray | None
    texts: list[str]
    keys: list[str] | None

    @property
    def timesteps(self) -> int:
        """How many words, ids or rows of numbers."""
        return len(self.texts)


@dataclass
class Read:
    """The sequences of a part, and what became of its texts.

    Attributes
    ----------
    counts : texts that were `empty`, `cut`, or `refused` for their length, and words `unknown`
    """

    sequences: list[Sequence] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def read_part(plan: Plan, part: Part) -> Read:
    """Turn a part's texts into sequences.

    Raises
    ------
    BadInput
        For ids or numbers that the model cannot read.
    """
    read, model = Read(), plan.model
    most = min(plan.limit, model.network.max_timesteps or plan.limit)
    for number, text in enumerate(part.texts, part.first):
        sequence = sequence_of(model, number, text, read.counts)
        if sequence is None:
            read.counts["empty"] += 1
        elif sequence.timesteps <= most:
            read.sequences.append(sequence)
        elif plan.too_long == "refuse":
            read.counts["refused"] += 1
        else:
            read.counts["cut"] += 1
            read.sequences.append(_cut(sequence, most))
    return read


def sequence_of(model: Model, number: int, text: Text, counts: Counter[str]) -> Sequence | None:
    """One text; None where nothing is left of it.

    Parameters
    ----------
    counts : to which words that are unknown are added
    """
    content, label = text
    if model.network.embedding is None:
        return _of_numbers(model, number, label, content)
    if not isinstance(content, str):
        return _of_ids(model, number, label, content)
    vocabulary = model.vocabulary
    if vocabulary is None:
        raise BadInput(
            f"The model {model.id} has no vocabulary, so words cannot be read. Bring token ids, or "
            "import it together with its vocabulary."
        )
    words = vocabulary.split(content)
    if not any(word.text.strip() for word in words):
        return None
    counts["unknown"] += sum(not vocabulary.knows(word.key) for word in words)
    ids = [vocabulary.id_of(word.key) for word in words]
    texts, keys = ([word[i] for word in words] for i in (0, 1))
    return Sequence(number, label, ids, None, texts, keys)


def _of_ids(model: Model, number: int, label: str | None, ids: Any) -> Sequence | None:
    if not ids:
        return None
    embedding, vocabulary = model.network.embedding, model.vocabulary
    rows = len(embedding.table) if embedding else 0
    if wrong := [each for each in ids if each is None or not 0 <= each < rows]:
        raise BadInput(
            f"Text {number} holds the token id {wrong[0]}, but the embedding has rows 0 to "
            f"{rows - 1:,}."
        )
    known = [vocabulary.word_of(each) if vocabulary else None for each in ids]
    texts = [word or str(each) for word, each in zip(known, ids, strict=True)]
    return Sequence(number, label, list(ids), None, texts, texts)


def _of_numbers(model: Model, number: int, label: str | None, rows: Any) -> Sequence | None:
    if not rows:
        return None
    features = model.network.features
    try:
        inputs = np.array(rows, np.float32)
    except (ValueError, TypeError):
        inputs = np.empty(0, np.float32)
    if inputs.shape != (len(rows), features) or not np.isfinite(inputs).all():
        raise BadInput(
            f"Series {number} must have {features} finite numbers at each timestep, as the model "
            f"{model.id} reads them."
        )
    texts = [str(t) for t in range(1, len(rows) + 1)]
    return Sequence(number, label, None, inputs, texts, None)


def _cut(sequence: Sequence, most: int) -> Sequence:
    ids, inputs, keys = sequence.ids, sequence.inputs, sequence.keys
    return sequence._replace(
        ids=None if ids is None else ids[:most],
        inputs=None if inputs is None else inputs[:most],
        texts=sequence.texts[:most],
        keys=None if keys is None else keys[:most],
    )
