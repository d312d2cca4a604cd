"""Series of numbers made up at random: seasons, trends, levels that shift, noise and outliers."""

from __future__ import annotations

import numpy as np

from app.core.cells import Array

PERIODS = (7, 12)
"""Timesteps of a season: a week of days, a year of months."""
SHIFT, SHIFT_SIZE = 0.02, 1.5
"""How likely the level is to shift at a timestep, and by how much, a standard deviation."""
NOISE = 0.15
OUTLIER, OUTLIER_SIZE = 0.03, 1.5
"""How likely a number is to be far off, for that timestep alone, and how far."""


def make_series(count: int, timesteps: int, seed: int) -> Array:
    """Make up series, (count, timesteps) in float32; the same seed gives the same.

    Each has a season of its own height, period and phase, a trend, a level that shifts now and
    then and stays, noise, and some numbers that are far off and mean nothing.
    """
    random = np.random.RandomState(seed)
    t = np.arange(timesteps)
    period = random.choice(PERIODS, (count, 1))
    height, phase = random.uniform(0.3, 1.2, (count, 1)), random.uniform(0, 1, (count, 1))
    season = height * np.sin(2 * np.pi * (t / period + phase))
    season += 0.4 * height * np.sin(4 * np.pi * (t / period + random.uniform(0, 1, (count, 1))))
    trend = random.normal(0, 0.01, (count, 1)) * t
    jumps = random.normal(0, SHIFT_SIZE, (count, timesteps))
    level = np.cumsum(jumps * (random.uniform(size=(count, timesteps)) < SHIFT), axis=1)
    noise = random.normal(0, NOISE, (count, timesteps))
    far = random.normal(0, OUTLIER_SIZE, (count, timesteps))
    far *= random.uniform(size=(count, timesteps)) < OUTLIER
    start = random.normal(0, 0.5, (count, 1))
    return (start + season + trend + level + noise + far).astype(np.float32)
