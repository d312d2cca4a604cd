"""Operations of ONNX on constants: the arithmetic of shapes, of which NaN is an unknown size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...core.cells import Array

MAX_SIZE, MAX_OPERAND = 4096, 64
"""Numbers in a constant that is cut or joined, or computed with; weights are only turned around."""

Attributes = dict[str, Any]


def fold(op: str, attributes: Attributes, values: Sequence[Array | None]) -> Array | None:
    """The result where all that is read is constant, None where it cannot be told."""
    first = values[0] if values else None
    if op == "Constant":
        return _constant(attributes)
    if first is None or op not in (*_VIEWS, *_SMALL):
        return None
    try:
        with np.errstate(all="ignore"):
            if op in _VIEWS:
                return _VIEWS[op](attributes, values)
            sizes = [0 if v is None else v.size for v in values]
            if sum(sizes) > MAX_SIZE or (op not in _CUTS and max(sizes) > MAX_OPERAND):
                return None
            result = np.asarray(_SMALL[op](attributes, values))
            return result if result.size <= MAX_SIZE else None
    except (ValueError, IndexError, TypeError, OverflowError, AttributeError):
        return None


def whole(value: Array | None) -> list[int]:
    """A list of sizes or places; -1 for one that is not known."""
    if value is None:
        return []
    flat = np.nan_to_num(np.atleast_1d(value).astype(np.float64).ravel()[:64], nan=-1)
    return [int(np.clip(n, -(2**62), 2**62)) for n in flat]


def axes_of(attributes: Attributes, values: Sequence[Array | None], place: int) -> list[int]:
    """The axes an operation names: an attribute in older files, an input in newer ones."""
    named = attributes.get("axes")
    if isinstance(named, list):
        return [int(a) for a in named]
    return whole(values[place]) if len(values) > place else []


def _constant(attributes: Attributes) -> Array | None:
    for key in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        value = attributes.get(key)
        if value is not None and not isinstance(value, str):
            return np.asarray(value)
    return None


def _transpose(attributes: Attributes, values: Sequence[Any]) -> Array:
    return np.transpose(values[0], attributes.get("perm"))


def squeeze(attributes: Attributes, values: Sequence[Any]) -> Array:
    """Take axes of one away: those that are named, or all."""
    axes = axes_of(attributes, values, 1)
    return np.squeeze(values[0], tuple(axes) if axes else None)


def unsqueeze(attributes: Attributes, values: Sequence[Any]) -> Array:
    """Put axes of one in."""
    return np.expand_dims(values[0], tuple(axes_of(attributes, values, 1)))


def _reshape(attributes: Attributes, values: Sequence[Any]) -> Array:
    shape = [
        values[0].shape[i] if n == 0 and not attributes.get("allowzero") else n
        for i, n in enumerate(whole(values[1]))
    ]
    return values[0].reshape(shape)


def _slice(attributes: Attributes, values: Sequence[Any]) -> Array:
    starts, ends = (
        attributes.get(key) or whole(values[i]) for i, key in ((1, "starts"), (2, "ends"))
    )
    axes = attributes.get("axes") or (whole(values[3]) if len(values) > 3 else [])
    steps = whole(values[4]) if len(values) > 4 else []
    array = values[0]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        axis = axes[i] if axes else i
        step = steps[i] if steps else 1
        cut = [slice(None)] * array.ndim
        cut[axis] = slice(start, end, step)
        array = array[tuple(cut)]
    return array


def _gather(attributes: Attributes, values: Sequence[Any]) -> Array:
    if np.size(values[1]) > MAX_OPERAND:
        raise ValueError("this is not arithmetic on shapes")
    return np.take(values[0], np.asarray(values[1]).astype(np.int64), attributes.get("axis") or 0)


def _concat(attributes: Attributes, values: Sequence[Any]) -> Array:
    return np.concatenate(values, attributes.get("axis") or 0)


_VIEWS: dict[str, Callable[[Attributes, Sequence[Any]], Array]] = {
    "Identity": lambda attributes, values: values[0],
    "Cast": lambda attributes, values: values[0],
    "Transpose": _transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Reshape": _reshape,
}
_SMALL: dict[str, Callable[[Attributes, Sequence[Any]], Any]] = {
    "Slice": _slice,
    "Gather": _gather,
    "Concat": _concat,
    "Add": lambda attributes, values: values[0] + values[1],
    "Sub": lambda attributes, values: values[0] - values[1],
    "Mul": lambda attributes, values: values[0] * values[1],
    "Shape": lambda attributes, values: np.array(values[0].shape),
}
_CUTS = ("Slice", "Gather", "Concat")
