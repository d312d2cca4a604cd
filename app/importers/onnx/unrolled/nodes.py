"""LSTM, GRU and RNN nodes among layers that are written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....core.cells import CELLS, Array
from ....core.network import Bidirectional, Recurrent
from ..graph import OnnxNode
from ..recurrent import read_recurrent
from ..symbols import Unread
from .forms import Form, step
from .terms import Algebra, Sum
from .traced import Tape, Traced


def run_node(tape: Tape, node: OnnxNode, values: Sequence[Any]) -> Sequence[Any]:
    """Y, Y_h and Y_c of a node, of numbers or traced.

    Raises
    ------
    ValueError
        For what only bare nodes may have.
    """
    x, *rest = [*values, *[None] * (8 - len(values))]
    kernel, recurrent, bias, lengths, *states, _peephole = rest
    if node.attributes.get("layout") or _peephole is not None or len(x.shape) != 3:
        raise ValueError("it has more to it than is read among others")
    if lengths is not None and not (np.asarray(lengths) == x.shape[0]).all():
        raise ValueError("it is told where each sequence ends")
    if any(
        state is not None and (not isinstance(state, np.ndarray) or state.any()) for state in states
    ):
        raise ValueError("it starts from other states than zeros")
    layer = read_recurrent(node, node.op.lower(), [kernel, recurrent, bias, None], {})
    both = [layer.forward, layer.backward] if isinstance(layer, Bidirectional) else [layer]
    made = [
        _traced(tape, each, x) if isinstance(x, Traced) else _numbers(tape, each, x)
        for each in both
    ]
    y = np.stack([every for every, _ in made], axis=1)
    last = np.stack([final for _, final in made])
    lost = Unread("The model's output depends on the cell state of a layer.")
    return ([Traced(y), Traced(last)] if isinstance(x, Traced) else [y, last]) + [lost]


def _numbers(tape: Tape, layer: Recurrent, x: Array) -> tuple[Array, Array]:
    """All hidden states, (timesteps, batch, units), in the input's order, and the one made last."""
    sequences = layer.in_token_order(x.swapaxes(0, 1).astype(np.float32))
    tape.algebra.charge(x.shape[0] * x.shape[1] * layer.weights.kernel.size / 20_000)
    states = layer.cell.forward(layer.prepared, sequences, None, None, None)["hidden_state"]
    return layer.in_token_order(states).swapaxes(0, 1), states[:, -1]


def _traced(tape: Tape, layer: Recurrent, x: Traced) -> tuple[Array, Array]:
    """The same as places."""
    form, algebra = form_of(tape.algebra, layer), tape.algebra
    units, order = layer.units, range(x.shape[0])
    rows = np.empty((*x.shape[:2], units), np.int64)
    for batch in range(x.shape[1]):
        hidden: Sum = algebra.sum([], units)
        kept = form.cell.memory
        cell: Sum | None = hidden if kept is not None and kept.shown_by else None
        for timestep in reversed(order) if layer.go_backwards else order:
            hidden, cell = step(algebra, form, tape.row(x.places[timestep, batch]), hidden, cell)
            rows[timestep, batch] = tape.place(hidden, units)
    return rows, rows[0 if layer.go_backwards else -1]


def form_of(algebra: Algebra, layer: Recurrent) -> Form:
    """A layer's cell and weights, each gate's apart."""
    weights, gates = layer.weights, len(layer.cell.blocks)
    units = layer.units
    bias = weights.bias if weights.bias.ndim == 1 else weights.bias[0].copy()
    candidate = np.zeros(units, np.float32)
    if weights.bias.ndim == 2:
        bias[: 2 * units] += weights.bias[1, : 2 * units]
        candidate = weights.bias[1, 2 * units :]

    def coefficient(row: Array) -> Any:
        return algebra.constant(row.copy(), units).constant

    def parts(matrix: Array) -> tuple[Array, ...]:
        return tuple(algebra.array(block.copy()) for block in np.split(matrix, gates, axis=1))

    return Form(
        cell=CELLS[layer.cell.name],
        activation=layer.cell.activation,
        gate=layer.cell.recurrent_activation,
        kernel=parts(weights.kernel),
        recurrent=parts(weights.recurrent_kernel),
        bias=tuple(coefficient(row) for row in np.split(bias, gates)),
        recurrent_bias=coefficient(candidate) if layer.cell.two_biases else 0.0,
    )
