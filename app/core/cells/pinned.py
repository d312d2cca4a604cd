"""Gates held at values, and gates at padding, laid out as (timestep, gate, unit, batch)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..shapes import Float
from .base import Array, Trace


def lay_out(
    pins: Mapping[str, Float[Array, "timesteps units"]], gates: Sequence[str]
) -> Float[Array, "timesteps gates units one"]:
    """Bring pins into the order of the gates, the same for every sequence of a batch."""
    free = np.full_like(next(iter(pins.values())), np.nan)
    return np.stack([pins.get(gate, free) for gate in gates], axis=1)[..., np.newaxis]


def hold(gate: Array, pinned: Array | None, timestep: int, which: slice | int) -> None:
    """Put the values of a timestep's pins in place of what was computed."""
    if pinned is not None:
        values = pinned[timestep, which]
        np.copyto(gate, values, where=~np.isnan(values), casting="same_kind")


def free_slopes(slopes: Array, trace: Trace) -> Array:
    """Slopes of the gates by their sums, zero where masked and where a gate is held.

    Parameters
    ----------
    slopes : (timesteps, gates, units, batch), changed in place and returned
    """
    if trace.pins:
        np.copyto(slopes, 0, where=~np.isnan(lay_out(trace.pins, trace.cell.gates)))
    if trace.mask is not None:
        np.copyto(slopes, 0, where=~trace.mask.T[:, np.newaxis, np.newaxis])
    return slopes
