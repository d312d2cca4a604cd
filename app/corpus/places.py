"""Where each unit is highest and lowest, exactly, and what stood around these places.

Of each sentence it is the best place that counts, so that one sentence does not fill the list.
Values are those that the tables hold, 16-bit floats. Of two that are equal the one that stands
first in the corpus comes first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.cells import Array

KEPT = 20
"""Places of each unit at either end."""
AROUND = 6
"""Timesteps on either side of a place."""


class Places(NamedTuple):
    """Places of each unit, best first; where there are fewer, the rest are of the sentence -1.

    Attributes
    ----------
    values : (units, kept) float16
    sentences, timesteps : (units, kept)
    windows : (units, kept, 2 * around + 1) the unit's values around, NaN beyond the sentence's ends
    """

    values: Array
    sentences: Array
    timesteps: Array
    windows: Array


def extremes(values: Array, sentences: Array, timesteps: Array) -> tuple[Places, Places]:
    """Where each unit is highest, and where it is lowest.

    Parameters
    ----------
    values : (rows, units) float16, in the corpus's order
    sentences, timesteps : (rows,)
    """
    codes = _codes(values)
    best = (_best_rows(each, sentences) for each in (codes, ~codes))
    highest, lowest = (_at(values, rows, sentences, timesteps) for rows in best)
    return highest, lowest


def merge(first: Places, then: Places, low: bool) -> Places:
    """The best of two parts, of which `then` stands later in the corpus."""
    together = [np.concatenate(pair, axis=1) for pair in zip(first, then, strict=True)]
    codes = _codes(together[0]).astype(np.int32)
    order_by = np.where(together[1] < 0, 1 << 20, codes if low else -codes)
    order = np.argsort(order_by, axis=1, kind="stable")[:, :KEPT]
    values, sentences, timesteps = (
        np.take_along_axis(part, order, axis=1) for part in together[:3]
    )
    windows = np.take_along_axis(together[3], order[..., np.newaxis], axis=1)
    return Places(values, sentences, timesteps, windows)


def _codes(values: Array) -> Array:
    """Whole numbers of 16 bits in the order of the floats, both zeros the same."""
    bits = values.view(np.int16)
    codes = bits ^ (bits >> np.int16(15) & np.int16(0x7FFF))
    return codes + (codes == -1)  # the negative zero


def _best_rows(codes: Array, sentences: Array) -> Array:
    """The row of the largest code of each sentence, for the best sentences of each unit."""
    begins = np.flatnonzero(np.concatenate([[True], sentences[1:] != sentences[:-1]]))
    ends = np.append(begins[1:], len(codes))
    of_sentence = np.ascontiguousarray(np.maximum.reduceat(codes, begins, axis=0).T)
    found = np.full((codes.shape[1], KEPT), -1, np.int64)
    for unit, best in enumerate(of_sentence):
        for place, sentence in enumerate(_best(best, KEPT)):
            if sentence >= 0:
                begin = begins[sentence]
                found[unit, place] = begin + codes[begin : ends[sentence], unit].argmax()
    return found


def _best(codes: Array, most: int) -> Array:
    """Places of the largest codes, the earlier of equal ones first; filled up with -1."""
    if len(codes) > most:
        least = np.partition(codes, len(codes) - most)[len(codes) - most]
        above = np.flatnonzero(codes > least)
        rows = np.concatenate([above, np.flatnonzero(codes == least)[: most - len(above)]])
    else:
        rows = np.arange(len(codes))
    rows = rows[np.argsort(-codes[rows].astype(np.int32), kind="stable")]
    return np.pad(rows, (0, most - len(rows)), constant_values=-1)


def _at(values: Array, rows: Array, sentences: Array, timesteps: Array) -> Places:
    units = np.arange(len(rows))[:, np.newaxis]
    there = rows >= 0
    beside = rows[..., np.newaxis] + np.arange(-AROUND, AROUND + 1)
    inside = (beside >= 0) & (beside < len(values)) & there[..., np.newaxis]
    beside = np.where(inside, beside, 0)
    inside &= sentences[beside] == sentences[rows][..., np.newaxis]
    windows = np.where(inside, values[beside, units[..., np.newaxis]], np.float16(np.nan))
    return Places(
        np.where(there, values[rows, units], np.float16(0)),
        np.where(there, sentences[rows], -1),
        np.where(there, timesteps[rows], -1),
        windows.astype(np.float16),
    )
