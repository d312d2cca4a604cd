"""Tensors that depend on the model's input, as places of numbers.

Each number of a sum (onnx_terms.py) has a place. A tensor is an array of places: to turn, cut, join
or repeat it is to do so with whole numbers, and where its rows are read, the sums are found again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from ....core.cells import Array
from .moves import bounded
from .terms import Algebra, Sum


class Traced:
    """A tensor of places."""

    __slots__ = ("places",)

    def __init__(self, places: Array) -> None:
        self.places = places

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array of numbers."""
        return self.places.shape


Value = Array | Traced


class Tape:
    """All places there are, and whose they are."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = algebra
        self._starts: list[int] = []
        self._sums: list[Sum] = []
        self._placed: dict[int, int] = {}
        self._end = 0

    def place(self, value: Sum, width: int) -> Array:
        """Places of the numbers of a sum; all the same one where it is one number for any width."""
        start = self._placed.get(value.number)
        if start is None:
            start = self._placed[value.number] = self._end
            self._starts.append(start)
            self._sums.append(value)
            self._end += value.width
        if value.width == 1:
            return np.full(width, start)
        return np.arange(start, start + value.width)

    def lift(self, value: Value) -> Traced:
        """An array of numbers as a tensor."""
        if isinstance(value, Traced):
            return value
        rows = np.atleast_1d(value.astype(np.float32))
        flat = rows.reshape(-1, rows.shape[-1]) if rows.size else rows.reshape(0, 1)
        self.algebra.charge(len(flat))
        placed = [self.place(self.algebra.constant(row.copy(), len(row)), len(row)) for row in flat]
        return Traced(np.array(placed, np.int64).reshape(value.shape))

    def row(self, places: Array) -> Sum:
        """The sum that a row of places is of, joined where it is of several."""
        parts = [
            self._part(places[start:stop]) for start, stop in self._segments([places], len(places))
        ]
        return self.algebra.join(parts)

    def _part(self, places: Array) -> Sum:
        owner = bisect_right(self._starts, int(places[0])) - 1
        first = int(places[0]) - self._starts[owner]
        length = 1 if len(places) > 1 and places[0] == places[1] else len(places)
        return self.algebra.cut(self._sums[owner], first, first + length)

    def _segments(self, rows: Sequence[Array], width: int) -> list[tuple[int, int]]:
        """Stretches within which each row is of one sum, or one number again and again."""
        if width == 1:
            return [(0, 1)]
        breaks = {0, width}
        for places in rows:
            steps = places[1:] - places[:-1]
            if not steps.any():
                continue
            broken = [0, *((steps != 1).nonzero()[0] + 1).tolist(), width]
            for start, stop in pairwise(broken):
                breaks.add(start)
                breaks.update(self._borders(int(places[start]), start, stop))
        ends = sorted(breaks)
        return list(pairwise(ends))

    def _borders(self, place: int, start: int, stop: int) -> Iterator[int]:
        """Where, in places that follow one another, the next sum begins."""
        owner = bisect_right(self._starts, place) - 1
        end = start + self._starts[owner] + self._sums[owner].width - place
        while end < stop:
            yield end
            owner += 1
            end += self._sums[owner].width

    def each(self, function: Callable[..., Sum], *values: Value) -> Traced:
        """Apply a function of sums to tensors and arrays, number by number."""
        shape = np.broadcast_shapes(*(value.shape for value in values))
        width = shape[-1] if shape else 1
        count = int(np.prod(bounded(*shape)[:-1], dtype=int))
        self.algebra.charge(count * len(values))
        rows = [
            np.broadcast_to(v.places if isinstance(v, Traced) else v, shape).reshape(count, width)
            for v in values
        ]
        traced = [isinstance(value, Traced) for value in values]
        out = np.empty((count, width), np.int64)
        for number in range(count):
            own = [row[number] for row in rows]
            placed = [row for row, is_traced in zip(own, traced, strict=True) if is_traced]
            for start, stop in self._segments(placed, width):
                self.algebra.charge(1)
                parts = [
                    self._part(row[start:stop]) if is_traced else self._number(row[start:stop])
                    for row, is_traced in zip(own, traced, strict=True)
                ]
                out[number, start:stop] = self.place(function(*parts), stop - start)
        return Traced(out.reshape(shape))

    def _number(self, row: Array) -> Sum:
        return self.algebra.constant(row.astype(np.float32), len(row))

    def rows(self, function: Callable[[Sum], Sum], value: Traced, width: int) -> Traced:
        """Apply a function to each row as a whole."""
        flat = value.places.reshape(-1, value.shape[-1])
        self.algebra.charge(2 * len(flat))
        out = [self.place(function(self.row(places)), width) for places in flat]
        return Traced(np.array(out, np.int64).reshape(*value.shape[:-1], width))
