"""What can be said of every unit after one look at each row, in pieces that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from ..core.cells import Array
from . import histogram, places
from .histogram import Histogram
from .places import Places


@dataclass(frozen=True)
class Facts:
    """One gate or state of all units, over some rows.

    Attributes
    ----------
    rows : how many
    least, most : (units,)
    total : (units,) sums
    products : (units, units) sums of the products of each two
    saturated : (2, units) how often below the lower and above the upper bound
    """

    rows: int
    least: Array
    most: Array
    total: Array
    products: Array
    saturated: Array
    histogram: Histogram
    highest: Places
    lowest: Places

    def __add__(self, other: Facts) -> Facts:
        """Of these rows and of others that stand behind them."""
        return Facts(
            self.rows + other.rows,
            np.minimum(self.least, other.least),
            np.maximum(self.most, other.most),
            self.total + other.total,
            self.products + other.products,
            self.saturated + other.saturated,
            histogram.add(self.histogram, other.histogram),
            places.merge(self.highest, other.highest, low=False),
            places.merge(self.lowest, other.lowest, low=True),
        )


def look(
    values: Array, sentences: Array, timesteps: Array, bounds: tuple[float, float] | None
) -> Facts:
    """What some rows say of each unit.

    Parameters
    ----------
    values : (rows, units) float16
    sentences, timesteps : (rows,)
    bounds : between what they lie
    """
    exact = values.astype(np.float64)
    low, high = histogram.saturation_bounds(bounds)
    return Facts(
        len(values),
        values.min(axis=0),
        values.max(axis=0),
        exact.sum(axis=0),
        exact.T @ exact,
        np.stack([(exact < low).sum(axis=0), (exact > high).sum(axis=0)]),
        histogram.count(values, bounds),
        *places.extremes(values, sentences, timesteps),
    )


@dataclass(frozen=True)
class WordFacts:
    """What words do to one gate or state of all units.

    Attributes
    ----------
    words : (words,) their places among those that are spoken of, ascending
    total, change : (words, units) sums of the values at a word, and of what changed there
    changes : (words,) how many changes were summed
    """

    words: Array
    total: Array
    change: Array
    changes: Array

    def __add__(self, other: WordFacts) -> WordFacts:
        """Both together."""
        words = np.union1d(self.words, other.words)
        found = WordFacts(
            words,
            np.zeros((len(words), self.total.shape[1])),
            np.zeros((len(words), self.total.shape[1])),
            np.zeros(len(words), np.int64),
        )
        for one in (self, other):
            at = np.searchsorted(words, one.words)
            found.total[at] += one.total
            found.change[at] += one.change
            found.changes[at] += one.changes
        return found


def look_at_words(
    values: Array, words: Array, first: Array, start: Array | None, backwards: bool
) -> WordFacts:
    """What words do, over some rows.

    Parameters
    ----------
    values : (rows, units) float16
    words : (rows,) the place of each row's word among those that are spoken of, else -1
    first : (rows,) whether a sentence begins
    start : (units,) the state before the first timestep that is read; None for a gate, which has
        no value there, so that nothing has changed
    backwards : whether the layer reads the last timestep first
    """
    exact = np.ascontiguousarray(values.T, np.float64)  # a row for each unit
    begins = np.append(first[1:], True) if backwards else first
    change = exact.copy()
    if backwards:
        change[:, :-1] -= exact[:, 1:]
    else:
        change[:, 1:] -= exact[:, :-1]
    change[:, begins] = 0 if start is None else exact[:, begins] - start[:, np.newaxis]
    counted = ~begins if start is None else np.ones(len(begins), bool)

    present, place = np.unique(words, return_inverse=True)
    count = len(present)
    sums, changed = (
        np.array([np.bincount(place, row, count) for row in array]).T for array in (exact, change)
    )
    changes = np.bincount(place, counted, count).astype(np.int64)
    spoken = present >= 0  # the rest is of words that nobody speaks of
    return WordFacts(present[spoken], sums[spoken], changed[spoken], changes[spoken])


@dataclass(frozen=True)
class Summary:
    """All there is to say of some parts: layer -> gate or state -> facts."""

    facts: Mapping[str, Mapping[str, Facts]]
    words: Mapping[str, Mapping[str, WordFacts]]

    def __add__(self, other: Summary) -> Summary:
        """Of these parts and of those behind them."""
        return Summary(_add(self.facts, other.facts), _add(self.words, other.words))


def _add(one: Mapping, other: Mapping) -> dict:
    return {
        layer: {name: facts + other[layer][name] for name, facts in named.items()}
        for layer, named in one.items()
    }


def total(summaries: Iterable[Summary]) -> Summary:
    """Of all parts, in their order, so that sums are the same to the last bit however they came."""
    return reduce(lambda one, other: one + other, summaries)
