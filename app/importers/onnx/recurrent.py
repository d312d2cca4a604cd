"""ONNX's LSTM, GRU and RNN nodes, brought into Keras's layout.

Their weights stand as (directions, gates * units, inputs), the LSTM's gates as i, o, f, c and the
GRU's as z, r, h; `B` is the input's bias and then the recurrent one, and `P` holds the LSTM's
peepholes as i, o, f.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.cells import Array, Cell, Layout, State, Weights, cells_of
from ...core.cells.activated import with_activations
from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, Recurrent
from ..base import checked, own_order
from .graph import OnnxNode

NODES = {layout.name for _, layout in cells_of("onnx")}
PEEPING = {layout.name for cell, layout in cells_of("onnx") if cell.peepholes}
"""The nodes that there are, and those that may have peepholes."""

ACTIVATIONS = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softsign": "softsign",
    "softplus": "softplus",
    "elu": "elu",
    "hardsigmoid": "hard_sigmoid_2",
}
SYMMETRIC = ("sigmoid", "hard_sigmoid_2")
"""Those whose value at -z is one minus that at z."""


def read_recurrent(
    node: OnnxNode, name: str, constants: Sequence[Array | None], initial: Mapping[str, Array]
) -> Recurrent | Bidirectional:
    """The layer of a node.

    Parameters
    ----------
    constants : W, R, B and P, None for what is not there
    initial : state -> (directions, units), where it is not zero

    Raises
    ------
    Unsupported
        Naming what is not read.
    BadInput
        For weights that do not fit one another.
    """
    attributes = node.attributes
    if "clip" in attributes:
        raise Unsupported(f"{name} ({node.op}) clips its sums (clip), which is not read.")
    direction = attributes.get("direction") or "forward"
    if direction not in ("forward", "reverse", "bidirectional"):
        raise BadInput(f"{name} ({node.op}) has a direction that does not exist.")
    kernel, recurrent, bias, peephole = constants
    if kernel is None or recurrent is None:
        raise Unsupported(
            f"The weights of {name} ({node.op}) are inputs of the model, not constants in it. "
            "Export it with its weights inside."
        )
    directions = 2 if direction == "bidirectional" else 1
    for array, what in ((kernel, "W"), (recurrent, "R")):
        if array.ndim != 3 or len(array) != directions:
            raise BadInput(f"{name}: {what} must have three axes, the first of {directions}.")
    layers = [
        _direction(
            node,
            f"{name}/{('forward', 'backward')[place]}" if directions == 2 else name,
            kernel[place],
            recurrent[place],
            None if bias is None else bias[place : place + 1].reshape(-1),
            None if peephole is None else peephole[place : place + 1].reshape(-1),
            {state: array[place] for state, array in initial.items()},
            place,
            direction == "reverse" or place == 1,
        )
        for place in range(directions)
    ]
    return layers[0] if directions == 1 else Bidirectional(name, layers[0], layers[1])


def _direction(
    node: OnnxNode,
    name: str,
    kernel: Array,
    recurrent: Array,
    bias: Array | None,
    peephole: Array | None,
    initial: State,
    place: int,
    backwards: bool,
) -> Recurrent:
    cell, layout = _cell_of(node)
    units = recurrent.shape[1]
    rows = layout.blocks * units
    kernel = checked(kernel, f"{name} W", (rows, None))
    recurrent = checked(recurrent, f"{name} R", (rows, units))
    both = (
        np.zeros(2 * rows, np.float32) if bias is None else checked(bias, f"{name} B", (2 * rows,))
    )
    activation, gate_activation = _activations(node, cell, name, place)
    if layout.negated and gate_activation not in SYMMETRIC:
        raise Unsupported(f"{name} ({node.op}) couples gates that are no sigmoids: not read.")
    biases = np.stack([own_order(part, layout) for part in both.reshape(2, rows)])
    if peephole is not None:
        if not cell.peepholes:
            raise Unsupported(f"{name} ({node.op}) is {cell.noun} with peepholes: not read.")
        peephole = checked(peephole, f"{name} P", (3 * units,)).reshape(3, units)[[0, 2, 1]]
    return Recurrent(
        name=name,
        cell=with_activations(cell.name, activation, gate_activation, peephole is not None),
        weights=Weights(
            kernel=own_order(kernel, layout).T.copy(),
            recurrent_kernel=own_order(recurrent, layout).T.copy(),
            bias=biases if cell.two_biases else biases.sum(axis=0),
            peephole=peephole,
        ),
        return_sequences=True,
        go_backwards=backwards,
        restores_order=backwards,
        use_bias=bias is not None,
        initial_state=_initial(initial, name, units, cell.states),
    )


def _initial(
    given: Mapping[str, Array], name: str, units: int, states: Sequence[str]
) -> State | None:
    """The states to start from, zeros where one is not given; None where none is."""
    if not any(s in given for s in states):
        return None
    zeros = np.zeros(units, np.float32)
    return {s: checked(given.get(s, zeros), f"{name} {s}", (units,)) for s in states}


def _cell_of(node: OnnxNode) -> tuple[Cell, Layout]:
    """Which cell a node is, by its operation and its attributes."""
    return next(
        (cell, layout)
        for cell, layout in cells_of("onnx")
        if layout.name == node.op and layout.fits(node.attributes)
    )


def _activations(node: OnnxNode, cell: Cell, name: str, place: int) -> tuple[str, str]:
    """The activations of candidate and gates of one direction."""
    shown = cell.memory is not None and cell.memory.shown_by is not None
    usual = ["Sigmoid"] * bool(cell.gates) + ["Tanh"] * (1 + shown)
    count = len(usual)
    given: Any = node.attributes.get("activations") or usual * 2
    own = [str(a).lower() for a in given[place * count : (place + 1) * count]]
    if (
        len(own) != count
        or any(a not in ACTIVATIONS for a in own)
        or own[1:] != own[1:2] * (count - 1)
    ):
        raise Unsupported(f"{name} ({node.op}) with activations {', '.join(own)[:80]} is not read.")
    if any(node.attributes.get(key) for key in ("activation_alpha", "activation_beta")):
        raise Unsupported(f"{name} ({node.op}) gives its activations an alpha or beta: not read.")
    names = [ACTIVATIONS[a] for a in own]
    return names[-1], names[0]
