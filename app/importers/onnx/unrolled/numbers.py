"""Operations of ONNX on numbers, as far as recurrent layers are written out with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....core.cells import Array
from ....core.cells.activations import ACTIVATIONS
from ..activations import activation_of
from ..constants import axes_of, fold, whole
from ..graph import OnnxNode
from .moves import bounded

WHOLE = {2: np.uint8, 3: np.int8, 5: np.int16, 6: np.int32, 7: np.int64, 12: np.int64}
BOOLEAN, FLOATS = 9, (1, 11)
"""ONNX's numbers for types; halves are not among them, since they round."""


def _divide(node: OnnxNode, values: Sequence[Any]) -> Array:
    a, b = values
    if a.dtype.kind == "f" or b.dtype.kind == "f":
        return a / b
    return np.trunc(a / b).astype(np.int64)


def _cast(node: OnnxNode, values: Sequence[Any]) -> Array:
    to = int(node.attributes["to"])
    if to == BOOLEAN:
        return values[0] != 0
    return values[0].astype(np.float32 if to in FLOATS else WHOLE[to])


def _shape(node: OnnxNode, values: Sequence[Any]) -> Array:
    start, end = node.attributes.get("start") or 0, node.attributes.get("end")
    return np.array(values[0].shape[start:end], np.int64)


def _filled(node: OnnxNode, values: Sequence[Any]) -> Array:
    value = node.attributes.get("value")
    first = value.ravel()[0] if isinstance(value, np.ndarray) and value.size else np.float32(0)
    return np.full(bounded(*whole(values[0])), first)


def _range(node: OnnxNode, values: Sequence[Any]) -> Array:
    start, stop, step = (value.ravel()[0] for value in values)
    bounded(int(abs((stop - start) / step)) + 1)
    return np.arange(start, stop, step)


def _gemm(node: OnnxNode, values: Sequence[Any]) -> Array:
    a, b, *c = gemm_operands(node, values)
    product = a @ b
    return product + c[0] if c else product


def gemm_operands(node: OnnxNode, values: Sequence[Any]) -> Sequence[Any]:
    """The factors of a Gemm, and its bias, if there is one.

    Raises
    ------
    ValueError
        For a product that is scaled, or whose first factor is turned.
    """
    a = node.attributes
    if a.get("transA") or a.get("alpha", 1.0) != 1 or a.get("beta", 1.0) != 1:
        raise ValueError("such a product is not read")
    x, kernel, *bias = values
    return x, kernel.T if a.get("transB") else kernel, *(b for b in bias if b is not None)


def _reduce(function: Callable[..., Any]) -> Callable[[OnnxNode, Sequence[Any]], Array]:
    def reduce(node: OnnxNode, values: Sequence[Any]) -> Array:
        axes = reduced_axes(node, values)
        return function(values[0], axis=axes, keepdims=bool(node.attributes.get("keepdims", 1)))

    return reduce


def reduced_axes(node: OnnxNode, values: Sequence[Any]) -> tuple[int, ...]:
    """The axes over which something is reduced, none of them negative."""
    count = len(values[0].shape)
    if node.op.startswith("Global"):
        return tuple(range(2, count))
    axes = axes_of(node.attributes, values, 1)
    return tuple(axis % count for axis in axes) or tuple(range(count))


def _clip(node: OnnxNode, values: Sequence[Any]) -> Array:
    low, high = (*values[1:3], None, None)[:2]
    return np.clip(values[0], low, high)


_NUMBERS: dict[str, Callable[[OnnxNode, Sequence[Any]], Any]] = {
    "Abs": lambda node, v: np.abs(v[0]),
    "Add": lambda node, v: v[0] + v[1],
    "And": lambda node, v: (v[0] != 0) & (v[1] != 0),
    "Cast": _cast,
    "Clip": _clip,
    "ConstantOfShape": _filled,
    "Div": _divide,
    "Equal": lambda node, v: v[0] == v[1],
    "Gemm": _gemm,
    "GlobalAveragePool": _reduce(np.mean),
    "GlobalMaxPool": _reduce(np.max),
    "Greater": lambda node, v: v[0] > v[1],
    "GreaterOrEqual": lambda node, v: v[0] >= v[1],
    "Less": lambda node, v: v[0] < v[1],
    "LessOrEqual": lambda node, v: v[0] <= v[1],
    "MatMul": lambda node, v: v[0] @ v[1],
    "Mul": lambda node, v: v[0] * v[1],
    "Neg": lambda node, v: -v[0],
    "Not": lambda node, v: v[0] == 0,
    "Or": lambda node, v: (v[0] != 0) | (v[1] != 0),
    "Range": _range,
    "ReduceMax": _reduce(np.max),
    "ReduceMean": _reduce(np.mean),
    "ReduceMin": _reduce(np.min),
    "ReduceSum": _reduce(np.sum),
    "Shape": _shape,
    "Size": lambda node, v: np.array(np.prod(v[0].shape, dtype=np.int64)),
    "Sub": lambda node, v: v[0] - v[1],
    "Where": lambda node, v: np.where(v[0].astype(bool), v[1], v[2]),
}


def calculate(node: OnnxNode, values: Sequence[Any]) -> Array | None:
    """The result of an operation on arrays; None for one that is not known.

    Raises
    ------
    ValueError, IndexError, TypeError, KeyError
        For arrays that do not fit.
    """
    if node.op == "Constant":
        return fold(node.op, node.attributes, ())
    if values and isinstance(values[0], np.ndarray):
        name = activation_of(node, values[0].ndim)
        if name is not None:
            return ACTIVATIONS[name](values[0])
    function = _NUMBERS.get(node.op)
    return None if function is None else np.asarray(function(node, values))
