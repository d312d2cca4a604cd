"""A forecaster from a visitor's own series: numbers in, the next numbers out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput, TooLarge, shorten
from ...core.generation import Reader, forecast
from ...core.network import Dense, Network, Recurrent
from ...core.training import Examples
from .labelled import DELIMITERS

LONGEST, SHORTEST = 20_000, 40
"""Rows of a series."""
MOST_FEATURES = 16
LARGEST = 1e30
WINDOW = 48
"""Timesteps that are read in one go, from a state of zeros."""
PUT_ASIDE = 5
"""One in so many rows, the last ones, are held out."""
AHEAD, SEEN = 24, 60
"""Timesteps that are foretold after each epoch, and that are shown before them."""

Series = tuple[tuple[float, ...], ...]


def read_series(text: str) -> Series:
    """Read numbers, a row for each timestep; a first row of names is passed over.

    Raises
    ------
    BadInput
        For what is no number, for rows of unlike length, and for a series that is too short.
    TooLarge
        For one that is too long.
    """
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    delimiter = max(DELIMITERS, key=(lines[0] if lines else "").count)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    if rows and not any(_number(cell) is not None for cell in rows[0]):
        rows = rows[1:]
    if len(rows) > LONGEST:
        raise TooLarge(f"The series has {len(rows):,} rows; the limit is {LONGEST:,}.")
    if len(rows) < SHORTEST:
        raise BadInput(
            f"The series has {len(rows)} rows of numbers, and at least {SHORTEST} are needed: a "
            "row for each timestep."
        )
    width = len(rows[0])
    if not 1 <= width <= MOST_FEATURES:
        raise BadInput(f"A row has {width} columns; 1 to {MOST_FEATURES} can be read.")
    series = []
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            raise BadInput(f"Row {number} has {len(row)} columns, the first one {width}.")
        numbers = [_number(cell) for cell in row]
        if None in numbers:
            cell = row[numbers.index(None)]
            raise BadInput(
                f"Row {number}: {shorten(cell)} is not a finite number. Every column must be of "
                "numbers; take out those of text or dates."
            )
        series.append(tuple(float(one) for one in numbers if one is not None))
    return tuple(series)


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if abs(number) <= LARGEST else None  # nor NaN


@dataclass(frozen=True)
class Scale:
    """What numbers are brought to while they are learned: of mean 0 and deviation 1.

    Attributes
    ----------
    mean, deviation : (features,)
    """

    mean: Array
    deviation: Array

    @classmethod
    def of(cls, rows: Array) -> Scale:
        """That of a series; one that never changes keeps its size."""
        deviation = rows.std(axis=0)
        return cls(rows.mean(axis=0), np.where(deviation > 0, deviation, 1))

    def applied(self, rows: Array) -> Array:
        """The series, scaled."""
        return ((rows - self.mean) / self.deviation).astype(np.float32)

    def inside(self, network: Network) -> Network:
        """A network that reads and says numbers as they are, with the scale in its weights.

        Parameters
        ----------
        network : one recurrent layer and a linear one, which read and say scaled numbers
        """
        recurrent, dense = network.layers
        assert isinstance(recurrent, Recurrent)
        assert isinstance(dense, Dense)
        weights = recurrent.weights
        kernel = weights.kernel / self.deviation[:, np.newaxis]
        bias = np.array(weights.bias, np.float64)
        bias[(0,) if bias.ndim == 2 else ...] -= self.mean @ kernel
        read = replace(weights, kernel=kernel.astype(np.float32), bias=bias.astype(np.float32))
        said = replace(
            dense,
            kernel=(dense.kernel * self.deviation).astype(np.float32),
            bias=(dense.bias * self.deviation + self.mean).astype(np.float32),
        )
        return Network((replace(recurrent, weights=read), said))


def series_examples(series: Series, scale: Scale) -> tuple[Examples, Examples]:
    """Windows of the series, and after each row the next one; to learn from, and to judge by."""
    rows = scale.applied(np.array(series, np.float64))
    length = min(WINDOW, len(rows) // 4)
    cut = len(rows) - len(rows) // PUT_ASIDE
    return _windows(rows[:cut], length), _windows(rows[cut - length // 2 :], length)


def _windows(rows: Array, length: int) -> Examples:
    length = min(length, len(rows) - 1)
    starts = range(0, len(rows) - length, max(1, length // 8))
    return Examples(
        np.stack([rows[at : at + length] for at in starts]),
        np.stack([rows[at + 1 : at + length + 1] for at in starts]),
    )


def rolled_out(network: Network, series: Series) -> dict[str, Any]:
    """How a network foretells the end of the series, from what it reads of it before.

    Parameters
    ----------
    network : with the scale inside

    Returns
    -------
    `seen`, the rows before; `came`, those that came; `said`, as many, each foretold from the last
    """
    rows = np.array(series, np.float32)
    seen, came = rows[:-AHEAD], rows[-AHEAD:]
    steps = forecast(Reader(network), seen[np.newaxis, -WINDOW * 4 :])
    said = np.array([*islice(steps, AHEAD)])
    return {"seen": seen[-SEEN:].tolist(), "came": came.tolist(), "said": said.tolist()}
