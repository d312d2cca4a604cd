"""Where units are on together: the ranges that a match is looked for among.

As in LSTMVis (Strobelt et al. 2018, arXiv 1606.07461): a unit is on where its value is at least the
threshold. It belongs to a range of a sentence that it is on in from the first timestep to the last,
and off just before and just after; beyond a sentence's ends every unit is off. So each unit belongs
to its own longest runs and to no other range.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.cells import Array

QUANTITY, THRESHOLD = "hidden_state", 0.3
"""Those that are looked for where nobody says otherwise; their ranges are kept in a table."""
BITS = 32
"""Units of a column of bits."""


class Ranges(NamedTuple):
    """Ranges, in the corpus's order, and who belongs to each.

    Attributes
    ----------
    rows : (ranges,) the row of each one's first timestep
    lengths : (ranges,) in timesteps
    units : (ranges,) how many units belong to it
    bits : (ranges, columns) int32, in which bit b of column c stands for unit 32 c + b
    """

    rows: Array
    lengths: Array
    units: Array
    bits: Array


def find_ranges(values: Array, sentences: Array, threshold: float) -> Ranges:
    """All ranges that some unit belongs to.

    Parameters
    ----------
    values : (rows, units)
    sentences : (rows,)
    """
    on = values >= values.dtype.type(threshold)
    first = np.ones(len(on), bool)
    first[1:] = sentences[1:] != sentences[:-1]
    before = np.zeros_like(on)
    before[1:] = on[:-1] & ~first[1:, np.newaxis]
    after = np.zeros_like(on)
    after[:-1] = on[1:] & ~first[1:, np.newaxis]
    units, starts = np.nonzero((on & ~before).T)
    _, ends = np.nonzero((on & ~after).T)
    columns = -(-values.shape[1] // BITS)
    if not len(units):
        empty = np.empty(0, np.int32)
        return Ranges(empty, empty, empty, np.empty((0, columns), np.int32))
    key = starts.astype(np.int64) << 20 | (ends - starts + 1)
    order = np.argsort(key, kind="stable")
    key, units = key[order], units[order]
    begins = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    bits = np.stack(
        [np.bitwise_or.reduceat(_bit(units, column), begins) for column in range(columns)], axis=1
    )
    counts = np.diff(np.append(begins, len(key)))
    key = key[begins]
    return Ranges(key >> 20, key & (1 << 20) - 1, counts, bits.view(np.int32))


def _bit(units: Array, column: int) -> Array:
    """Each unit's bit in a column, 0 where it stands in another."""
    here = units // BITS == column
    return np.where(here, np.uint32(1) << (units % BITS).astype(np.uint32), np.uint32(0))


def bits_of(units: list[int], width: int) -> list[int]:
    """Units as columns of bits, signed as the tables have them."""
    columns = np.zeros(-(-width // BITS), np.uint32)
    for unit in units:
        columns[unit // BITS] |= np.uint32(1 << unit % BITS)
    return columns.view(np.int32).tolist()


def units_of(bits: list[int]) -> list[int]:
    """The units that columns of bits stand for."""
    return [
        BITS * column + bit
        for column, number in enumerate(bits)
        for bit in range(BITS)
        if number >> bit & 1
    ]


def units_in_range(values: Array, start: int, stop: int, threshold: float) -> list[int]:
    """The units that belong to a range of one sentence.

    Parameters
    ----------
    values : (timesteps, units)
    start, stop : its first timestep and the one behind its last, from 0
    """
    on = values >= values.dtype.type(threshold)
    found = on[start:stop].all(axis=0)
    if start > 0:
        found &= ~on[start - 1]
    if stop < len(on):
        found &= ~on[stop]
    return np.flatnonzero(found).tolist()
