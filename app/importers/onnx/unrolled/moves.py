"""Operations of ONNX that move numbers about, or as well the places of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....core.cells import Array
from ..constants import squeeze, unsqueeze, whole

Attributes = dict[str, Any]
MAX_ELEMENTS = 4_000_000
"""Numbers in one tensor."""


def bounded(*shape: int) -> tuple[int, ...]:
    """A shape that is no larger than any tensor may be.

    Raises
    ------
    ValueError
        For one that is larger, or none.
    """
    if any(n < 0 for n in shape) or np.prod(shape, dtype=float) > MAX_ELEMENTS:
        raise ValueError("a tensor would be too large")
    return shape


def _axis(attributes: Attributes, default: int, array: Array) -> int:
    axis = attributes.get("axis", default)
    if not -array.ndim <= axis < max(1, array.ndim):
        raise ValueError("there is no such axis")
    return axis


def _reshape(attributes: Attributes, values: Sequence[Any]) -> Array:
    keeps = not attributes.get("allowzero")
    shape = [values[0].shape[i] if n == 0 and keeps else n for i, n in enumerate(whole(values[1]))]
    return values[0].reshape(shape)


def _flatten(attributes: Attributes, values: Sequence[Any]) -> Array:
    axis = attributes.get("axis", 1)
    return values[0].reshape(int(np.prod(values[0].shape[:axis], dtype=int)), -1)


def _slice(attributes: Attributes, values: Sequence[Any]) -> Array:
    given = [whole(value) for value in values[1:5]] + [[]] * (5 - len(values))
    starts, ends = attributes.get("starts") or given[0], attributes.get("ends") or given[1]
    axes = attributes.get("axes") or given[2] or list(range(len(starts)))
    steps = given[3] or [1] * len(starts)
    cut = [slice(None)] * values[0].ndim
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        past = step < 0 and end < -values[0].shape[axis]
        cut[axis] = slice(start, None if past else end, step)
    return values[0][tuple(cut)]


def _split(attributes: Attributes, values: Sequence[Any], count: int) -> list[Array]:
    array, axis = values[0], _axis(attributes, 0, values[0])
    sizes = attributes.get("split") or (whole(values[1]) if len(values) > 1 else [])
    if not sizes:
        size = -(-array.shape[axis] // count)
        sizes = [size] * (count - 1) + [array.shape[axis] - size * (count - 1)]
    if sum(sizes) != array.shape[axis] or min(sizes) < 0:
        raise ValueError("the parts are not the whole")
    return np.split(array, np.cumsum(sizes)[:-1].tolist(), axis)


def _gather(attributes: Attributes, values: Sequence[Any]) -> Array:
    axis = _axis(attributes, 0, values[0])
    index = np.asarray(values[1]).astype(np.int64)
    bounded(index.size, values[0].size // max(1, values[0].shape[axis]))
    return np.take(values[0], index, axis)


def _expand(attributes: Attributes, values: Sequence[Any]) -> Array:
    shape = np.broadcast_shapes(values[0].shape, bounded(*whole(values[1])))
    return np.broadcast_to(values[0], bounded(*shape))


def _tile(attributes: Attributes, values: Sequence[Any]) -> Array:
    times = whole(values[1])
    bounded(values[0].size, *times)
    return np.tile(values[0], times)


def _reverse(attributes: Attributes, values: Sequence[Any]) -> Array:
    """ReverseSequence: the first timesteps of each sequence of a batch, the last one first."""
    batch, time = attributes.get("batch_axis", 1), attributes.get("time_axis", 0)
    turned = np.moveaxis(values[0], (batch, time), (0, 1)).copy()
    for row, length in zip(turned, whole(values[1]), strict=True):
        row[:length] = row[:length][::-1].copy()
    return np.moveaxis(turned, (0, 1), (batch, time))


MOVES: dict[str, Callable[[Attributes, Sequence[Any]], Array]] = {
    "Concat": lambda attributes, values: np.concatenate(values, attributes.get("axis") or 0),
    "Dropout": lambda attributes, values: values[0],
    "Expand": _expand,
    "Flatten": _flatten,
    "Gather": _gather,
    "Identity": lambda attributes, values: values[0],
    "Reshape": _reshape,
    "ReverseSequence": _reverse,
    "Slice": _slice,
    "Squeeze": squeeze,
    "Tile": _tile,
    "Transpose": lambda attributes, values: np.transpose(values[0], attributes.get("perm")),
    "Unsqueeze": unsqueeze,
}
"""Name -> attributes and arrays -> array. Of Concat all arrays are moved, of others the first."""


def move(op: str, attributes: Attributes, values: Sequence[Any], outputs: int) -> list[Array]:
    """The results of an operation of `MOVES`, or of Split.

    Raises
    ------
    ValueError, IndexError, TypeError
        For what does not fit.
    """
    if op == "Split":
        return _split(attributes, values, attributes.get("num_outputs") or outputs)
    moved = MOVES[op](attributes, values)
    bounded(moved.size)
    return [moved]
