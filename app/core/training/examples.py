"""Labelled sequences, and the batches they are read in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..cells import Array
from .losses import NOT_COUNTED

CHUNK = 16
"""How many batches' worth of shuffled sequences are sorted by length among themselves."""


@dataclass(frozen=True)
class Examples:
    """Sequences with their labels.

    Attributes
    ----------
    inputs : (examples, timesteps) ids, padded behind with 0,
        or (examples, timesteps, features) numbers
    labels : (examples,), or (examples, timesteps) for a network that predicts at every timestep;
        a label of -1 is not counted; of a network that foretells numbers (examples, timesteps,
        outputs), where NaN is not counted
    """

    inputs: Array
    labels: Array

    def __post_init__(self) -> None:
        if self.labels.shape[:2] not in (self.inputs.shape[:1], self.inputs.shape[:2]):
            raise ValueError(
                f"Inputs of shape {self.inputs.shape} need one label each or one label for every "
                f"timestep; labels of shape {self.labels.shape} came."
            )

    @classmethod
    def of(cls, sequences: Sequence[Sequence[int]], labels: Sequence) -> Examples:
        """Pad sequences of ids, and labels that come in sequences, to the longest."""
        if not len(sequences) or isinstance(labels[0], (int, np.integer)):
            return cls(_pad(sequences, 0), np.asarray(labels, dtype=np.int64))
        if list(map(len, sequences)) != list(map(len, labels)):
            raise ValueError("Each sequence needs as many labels as it has ids.")
        return cls(_pad(sequences, 0), _pad(labels, NOT_COUNTED))

    def __len__(self) -> int:
        return len(self.inputs)

    def lengths(self) -> Array:
        """How many timesteps each sequence has before its padding; at least one."""
        timesteps = self.inputs.shape[1]
        if self.inputs.ndim == 3:
            return np.full(len(self), timesteps)
        places = np.arange(1, timesteps + 1) * (self.inputs != 0)
        return np.maximum(1, places.max(axis=1, initial=0))

    def take(self, indices: Array, timesteps: int | None = None) -> Examples:
        """Some of the examples, cut to a number of timesteps."""
        labels = self.labels[indices]
        return Examples(
            self.inputs[indices, :timesteps],
            labels[:, :timesteps] if labels.ndim > 1 else labels,
        )

    def split(self, share: float, random: np.random.RandomState) -> tuple[Examples, Examples]:
        """Set a random share of the examples aside: what is left, and what was set aside."""
        order = random.permutation(len(self))
        aside = min(len(self) - 1, round(share * len(self)))
        return self.take(order[aside:]), self.take(order[:aside])


def batches(
    examples: Examples, size: int, same_length: bool, random: np.random.RandomState | None = None
) -> Iterator[Examples]:
    """Go through the examples once, in batches of sequences that are about equally long.

    Parameters
    ----------
    examples, size : at most `size` of them make a batch
    same_length : whether all sequences of a batch must be of one length, so that none is padded
    random : shuffles; without it the order is by length
    """
    lengths = examples.lengths()
    count = len(examples)
    order = np.arange(count) if random is None else random.permutation(count)
    chunk = count if same_length or random is None else CHUNK * size
    pieces = []
    for start in range(0, count, chunk):
        piece = order[start : start + chunk]
        piece = piece[np.argsort(lengths[piece], kind="stable")]
        changes = np.flatnonzero(np.diff(lengths[piece])) + 1
        for run in np.split(piece, changes) if same_length else [piece]:
            pieces += [run[i : i + size] for i in range(0, len(run), size)]
    for i in range(len(pieces)) if random is None else random.permutation(len(pieces)):
        yield examples.take(pieces[i], int(lengths[pieces[i]].max()))


def _pad(rows: Sequence[Sequence[int]], padding: int) -> Array:
    array = np.full((len(rows), max(map(len, rows), default=0)), padding, np.int64)
    for row, values in zip(array, rows, strict=True):
        row[: len(values)] = values
    return array
