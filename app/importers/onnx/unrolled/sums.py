"""Operations of ONNX on what depends on the model's input: sums in place of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ....core.cells.activations import NOT_ELEMENTWISE
from ..activations import activation_of
from ..graph import OnnxNode
from .numbers import BOOLEAN, FLOATS, WHOLE, gemm_operands, reduced_axes
from .terms import Algebra, Sum
from .traced import Tape, Traced, Value

Values = Sequence[Any]
WHOLE_ATOMS = ("token", "mask", "equals", "count")
TRUTHS = ("mask", "equals")
"""Atoms that are 0 or 1."""


def _is_of(a: Sum, kinds: Sequence[str]) -> bool:
    """Whether a sum is of whole multiples of such atoms."""
    return all(
        isinstance(c, float) and c.is_integer() and all(atom.kind in kinds for atom in product)
        for product, c in a.terms.items()
    )


def _negative(algebra: Algebra, a: Sum) -> Sum:
    return algebra.add(algebra.constant(1.0, a.width), algebra.scale(a, -1.0))


def _choose(algebra: Algebra, truth: Sum, a: Sum, b: Sum) -> Sum:
    chosen = algebra.multiply(truth, a)
    return algebra.add(chosen, algebra.multiply(_negative(algebra, truth), b))


def _subtract(algebra: Algebra, a: Sum, b: Sum) -> Sum:
    return algebra.add(a, algebra.scale(b, -1.0))


def _divide(algebra: Algebra, a: Sum, b: Sum) -> Sum:
    if b.degree:
        absolute = algebra.add(b, algebra.constant(-1.0, b.width)).atom
        if absolute is not None and absolute.name == "abs" and absolute.parts[0] is a:
            return algebra.activation("softsign", a)
        return algebra.atom("quotient", "", (a, b), width=max(a.width, b.width))
    return algebra.scale(a, 1.0 / b.constant)


def _clip(algebra: Algebra, a: Sum, low: float, high: float) -> Sum:
    """The activations that are a straight line between two bounds."""
    if (low, high) == (0.0, 6.0):  # Keras's hard sigmoid, as TensorFlow has it: of x + 3, over 6
        line = algebra.add(a, algebra.constant(-3.0, a.width))
        return algebra.scale(algebra.activation("hard_sigmoid", line), 6.0)
    if (low, high) == (-1.0, 1.0):
        return algebra.activation("hard_tanh", a)
    raise ValueError("no activation has such bounds")


def _equal(algebra: Algebra, a: Sum, b: Sum) -> Sum:
    """Whether a number of the input is the one that stands for padding."""
    a, b = (a, b) if a.degree else (b, a)
    atom, value = a.atom, b.constant
    if atom is None or not isinstance(value, float):
        raise ValueError("these are not compared")
    if atom.kind == "token" and value == 0:
        return _negative(algebra, algebra.atom("mask", 0.0, (a,)))
    if atom.kind == "input":
        return algebra.atom("equals", value, (a,), width=a.width)
    raise ValueError("these are not compared")


def _greater(algebra: Algebra, a: Sum, b: Sum) -> Sum:
    if not b.is_zero:
        raise ValueError("these are not compared")
    return _truth(algebra, a)


def _less(algebra: Algebra, a: Sum, b: Sum) -> Sum:
    """No token's id is below zero."""
    if b.degree or not isinstance(b.constant, float) or b.constant > 0 or not _is_id(a):
        raise ValueError("these are not compared")
    return algebra.constant(0.0, 1)


def _is_id(a: Sum) -> bool:
    return a.atom is not None and a.atom.kind == "token"


def _truth(algebra: Algebra, a: Sum) -> Sum:
    """Whether a number is not zero."""
    if _is_of(a, TRUTHS):
        return a
    if _is_id(a):
        return algebra.atom("mask", 0.0, (a,))
    if a.atom is not None and a.atom.kind == "count":
        return algebra.atom("mask", a.atom.name, a.atom.parts)
    raise ValueError("this is not compared")


def _cast(tape: Tape, node: OnnxNode, values: Values) -> Traced:
    to = node.attributes.get("to")
    if to in FLOATS:
        return values[0]
    if to != BOOLEAN and to not in WHOLE:
        raise ValueError("it would be rounded")

    def cast(a: Sum) -> Sum:
        if to == BOOLEAN:
            return _truth(tape.algebra, a)
        if not _is_of(a, WHOLE_ATOMS):
            raise ValueError("it would be rounded")
        return a

    return tape.each(cast, values[0])


def _multiply_by_matrix(tape: Tape, node: OnnxNode, values: Values) -> Value:
    x, kernel, *bias = gemm_operands(node, values) if node.op == "Gemm" else values
    if not isinstance(x, Traced) or not isinstance(kernel, np.ndarray) or kernel.ndim != 2:
        raise ValueError("only a product with a constant matrix is read")
    if x.shape[-1] != len(kernel) or kernel.dtype.kind != "f":
        raise ValueError("the product does not fit")
    algebra = tape.algebra
    product = tape.rows(lambda row: algebra.linear(row, kernel), x, kernel.shape[1])
    return tape.each(algebra.add, product, bias[0]) if bias else product


def _gather(tape: Tape, node: OnnxNode, values: Values) -> Traced:
    """Rows of a table by the ids of tokens: an embedding."""
    table, ids = values[:2]
    if isinstance(table, Traced) or table.ndim != 2 or node.attributes.get("axis"):
        raise ValueError("this is not an embedding")

    def look_up(a: Sum) -> Sum:
        if not _is_id(a):
            raise ValueError("an embedding is read by ids alone")
        return tape.algebra.atom("embedded", "", (a,), table, table.shape[1])

    return tape.rows(look_up, Traced(ids.places[..., np.newaxis]), table.shape[1])


def _activate(tape: Tape, name: str, value: Traced) -> Traced:
    algebra = tape.algebra
    if name in NOT_ELEMENTWISE:
        return tape.rows(lambda row: algebra.activation(name, row), value, value.shape[-1])
    return tape.each(lambda a: algebra.activation(name, a), value)


def _reduce(tape: Tape, node: OnnxNode, values: Values) -> Traced:
    """Over one axis: of timesteps, or of the numbers of one, to see whether one is not padding."""
    x, axes = values[0], reduced_axes(node, values)
    if len(axes) != 1:
        raise ValueError("only one axis at a time is read")
    (axis,) = axes
    kind = node.op.removeprefix("Reduce").removeprefix("Global").removesuffix("Pool").lower()
    kind = {"average": "mean"}.get(kind, kind)
    if x.shape[axis] == 1:
        places = x.places
        reduced = Traced(np.squeeze(places, axis))
    elif axis == len(x.shape) - 1 and node.op in ("ReduceSum", "ReduceMax"):
        counted = tape.rows(lambda row: _count(tape.algebra, kind, row), x, 1)
        reduced = Traced(counted.places[..., 0])
    else:
        parts = [Traced(part) for part in np.moveaxis(x.places, axis, 0)]
        reduced = tape.each(
            lambda *sums: tape.algebra.atom(
                kind, "", tuple(sums), width=max(s.width for s in sums)
            ),
            *parts,
        )
    if node.attributes.get("keepdims", 1):
        return Traced(np.expand_dims(reduced.places, axis))
    return reduced


def _count(algebra: Algebra, kind: str, row: Sum) -> Sum:
    """How many numbers of a timestep are not those of padding, or whether any is not."""
    equal = _negative(algebra, row).atom
    if equal is None or equal.kind != "equals":
        raise ValueError("this is not a mask")
    return algebra.atom("count" if kind == "sum" else "mask", equal.name, equal.parts)


def _bounds(tape: Tape, node: OnnxNode, values: Values) -> Traced:
    low, high = (float(v.ravel()[0]) for v in values[1:3])
    return tape.each(lambda a: _clip(tape.algebra, a, low, high), values[0])


_EACH: dict[str, Callable[..., Sum]] = {
    "Abs": lambda algebra, a: algebra.activation("abs", a),
    "Add": Algebra.add,
    "And": Algebra.multiply,
    "Div": _divide,
    "Equal": _equal,
    "Greater": _greater,
    "Less": _less,
    "Mul": Algebra.multiply,
    "Neg": lambda algebra, a: algebra.scale(a, -1.0),
    "Not": _negative,
    "Sub": _subtract,
    "Where": _choose,
}
_OTHERS: dict[str, Callable[[Tape, OnnxNode, Values], Value]] = {
    "Cast": _cast,
    "Clip": _bounds,
    "Gather": _gather,
    "Gemm": _multiply_by_matrix,
    "MatMul": _multiply_by_matrix,
    **dict.fromkeys(("GlobalAveragePool", "GlobalMaxPool", "ReduceMax", "ReduceMean"), _reduce),
    **dict.fromkeys(("ReduceMin", "ReduceSum"), _reduce),
}


def reckon(tape: Tape, node: OnnxNode, values: Values) -> Value | None:
    """The result of an operation of which an operand is traced; None for one that is not read.

    Raises
    ------
    ValueError, IndexError, TypeError, AttributeError
        For operands that are not read, or do not fit.
    """
    if node.op in _EACH:
        function = _EACH[node.op]
        return tape.each(lambda *sums: function(tape.algebra, *sums), *values)
    if node.op in _OTHERS:
        return _OTHERS[node.op](tape, node, values)
    name = activation_of(node, len(values[0].shape)) if isinstance(values[0], Traced) else None
    return None if name is None else _activate(tape, name, values[0])
