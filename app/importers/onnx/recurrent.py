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
}
SYMMETRIC = ("sigmoid", "hard_sigmoid_2", "hard_sigmoid")
"""Those whose value at -z is one minus that at z."""
PARAMETERS: dict[str, tuple[float, ...]] = {
    "affine": (1.0, 0.0),
    "elu": (1.0,),
    "hardsigmoid": (0.2, 0.5),
    "leakyrelu": (0.01,),
    "scaledtanh": (1.0, 1.0),
    "thresholdedrelu": (1.0,),
}
"""Activations that take an alpha, and some a beta, with what these are where nobody says."""
NAMED = {
    ("elu", 1.0): "elu",
    ("hardsigmoid", 0.2, 0.5): "hard_sigmoid_2",
    ("hardsigmoid", 0.1667, 0.5): "hard_sigmoid",
    ("leakyrelu", 0.01): "leaky_relu_0.01",
}
"""Those of them that have a name here; numbers to four places."""


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
        raise Unsupported(f"{name} ({node.op}) couples gates that are not sigmoids: not read.")
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
    own = _named(node, name, given)[place * count : (place + 1) * count]
    if len(own) != count or not all(own) or own[1:] != own[1:2] * (count - 1):
        listed = ", ".join(str(a).lower() for a in given)[:80]
        raise Unsupported(f"{name} ({node.op}) with activations {listed} is not read.")
    return own[-1], own[0]


def _named(node: OnnxNode, name: str, given: Sequence[Any]) -> list[str]:
    """Our own names of all activations; "" for one that has none.

    Those that take numbers take them from `activation_alpha` and `activation_beta` one after the
    other; where these have run out, or are not there, each has its own.
    """
    left = [list(node.attributes.get(f"activation_{key}") or []) for key in ("alpha", "beta")]
    found = []
    for activation in (str(a).lower() for a in given):
        usual = PARAMETERS.get(activation, ())
        numbers = [
            taken.pop(0) if taken else value for value, taken in zip(usual, left, strict=False)
        ]
        key = (activation, *(round(float(number), 4) for number in numbers))
        found.append(NAMED.get(key, "") if usual else ACTIVATIONS.get(activation, ""))
    if any(number != 0 for taken in left for number in taken):
        raise Unsupported(
            f"{name} ({node.op}) gives its activations more numbers (alpha or beta) than they "
            "take: not read. Export it without."
        )
    return found
