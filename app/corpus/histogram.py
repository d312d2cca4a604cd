"""Histograms that can be added up, also where nobody knows beforehand how far values reach.

A gate lies between 0 and 1, what comes of a tanh between -1 and 1. A cell state may grow: its bins
lie between -R and R, where R is the smallest power of two that is larger than every value, so that
two histograms of different R have bins in common.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.cells import Array
from ..core.network import Recurrent

BINS = 40
TO_ONE = ("sigmoid", "hard_sigmoid")
"""Activations whose values lie between 0 and 1, and `tanh` is the one between -1 and 1."""
LOW, HIGH = 0.1, 0.9
"""Below and above which a gate is saturated (Karpathy et al. 2015, arXiv 1506.02078)."""


class Histogram(NamedTuple):
    """How often each unit's values fall into each bin.

    Attributes
    ----------
    counts : (units, bins)
    reach : (units,) the R of each, or of length 0 for values that are bounded
    """

    counts: Array
    reach: Array


def bounds_of(layer: Recurrent, quantity: str) -> tuple[float, float] | None:
    """Between what a gate or state lies; None for what may grow."""
    cell = layer.cell
    tanh = cell.activation == "tanh"
    if quantity == "candidate":
        return (-1.0, 1.0) if tanh else None
    if quantity in (*cell.gates, *cell.derived):
        name = cell.recurrent_activation
        return (0.0, 1.0) if name.startswith(TO_ONE) else None
    memory = cell.memory
    kept_within = memory is None or quantity != memory.state or memory.shown_by is None
    projected = layer.weights.projection is not None
    return (-1.0, 1.0) if tanh and kept_within and not projected else None


def saturation_bounds(bounds: tuple[float, float] | None) -> tuple[float, float]:
    """Below and above what a value counts as saturated; of a cell state, what tanh makes of it."""
    if bounds == (0.0, 1.0):
        return LOW, HIGH
    if bounds is None:
        reach = float(np.arctanh(HIGH))
        return -reach, reach
    return -HIGH, HIGH


def count(values: Array, bounds: tuple[float, float] | None) -> Histogram:
    """Count.

    Parameters
    ----------
    values : (rows, units)
    """
    values = np.ascontiguousarray(values.T, np.float32)
    if bounds is None:
        most = np.maximum(np.abs(values).max(axis=1), np.float32(2.0**-10))
        reach = np.exp2(np.floor(np.log2(most)) + 1).astype(np.float64)
        low, span = -reach, 2 * reach
    else:
        reach = np.empty(0)
        low = np.full(len(values), bounds[0])
        span = np.full(len(values), bounds[1] - bounds[0])
    counts = np.stack(
        [
            np.bincount(_bins(row, start, width), minlength=BINS)
            for row, start, width in zip(values, low, span, strict=True)
        ]
    )
    return Histogram(counts, reach)


def _bins(row: Array, low: float, span: float) -> Array:
    return np.clip(((row.astype(np.float64) - low) / span * BINS).astype(np.int64), 0, BINS - 1)


def add(one: Histogram, other: Histogram) -> Histogram:
    """Both together."""
    if not len(one.reach):
        return Histogram(one.counts + other.counts, one.reach)
    reach = np.maximum(one.reach, other.reach)
    return Histogram(_widen(one, reach) + _widen(other, reach), reach)


def _widen(histogram: Histogram, reach: Array) -> Array:
    """Twice as far is half as many bins, in the middle."""
    counts = histogram.counts.copy()
    for unit, (have, want) in enumerate(zip(histogram.reach, reach, strict=True)):
        while have < want:
            halved = counts[unit].reshape(-1, 2).sum(axis=1)
            counts[unit] = 0
            counts[unit, BINS // 4 : BINS - BINS // 4] = halved
            have *= 2
    return counts


def edges(histogram: Histogram, unit: int, bounds: tuple[float, float] | None) -> list[float]:
    """Where a unit's bins begin, and where the last one ends."""
    low, high = bounds or (-float(histogram.reach[unit]), float(histogram.reach[unit]))
    return np.linspace(low, high, BINS + 1).tolist()
