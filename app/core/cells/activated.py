"""LSTM and simple recurrent cells with activations of their own, peepholes, or a projection.

Keras lets a layer name its activations: a rectified LSTM, or the hard sigmoid of old models. ONNX
has peepholes (Gers & Schmidhuber 2000), by which the gates look at the cell state: p_i * c_{t-1}
and p_f * c_{t-1} are terms of the sums of the input and the forget gate, and p_o * c_t is one of
the output gate's. PyTorch's `proj_size` makes the hidden state
(o * tanh(c)) P, with a matrix P, and shorter than the cell state (Sak et al. 2014, arXiv
1402.1128). The equations are otherwise those of `lstm.py` and `simple_rnn.py`, one timestep
after the other and without their layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial

import numpy as np

from ..shapes import Bool, Float
from . import CELLS
from .activations import ACTIVATIONS, slope
from .base import Array, Cell, Gradients, State, Trace, Weights


@cache
def with_activations(
    name: str,
    activation: str,
    recurrent_activation: str,
    peephole: bool = False,
    projected: bool = False,
) -> Cell:
    """A cell by its name and its activations, in Keras's words.

    Parameters
    ----------
    name : of a row of the table of cells
    activation : what makes the candidate and, of an LSTM, reads the cell state
    recurrent_activation : what makes the gates
    peephole : whether it is an LSTM whose weights have peepholes
    projected : whether it is an LSTM whose weights have a projection
    """
    base = CELLS[name]
    if base.vary is not None:
        return base.vary(activation, recurrent_activation)
    if not base.gates:
        recurrent_activation = base.recurrent_activation
    usual = (activation, recurrent_activation) == (base.activation, base.recurrent_activation)
    if usual and not (peephole or projected):
        return base
    names = activation, recurrent_activation
    return replace(
        base,
        step=partial(_step, base, names),
        prepare=lambda weights: weights,
        forward=partial(_forward, base, names),
        backward=partial(_backward, base, names),
        name_values=partial(_name_values, base),
        name_preactivations=partial(_name_preactivations, base),
        activation=activation,
        recurrent_activation=recurrent_activation,
    )


def _step(
    base: Cell, names: tuple[str, str], weights: Weights, inputs: Array, state: State
) -> dict[str, Array]:
    """Read one timestep, by the textbook's equations."""
    z = inputs @ weights.kernel + state["hidden_state"] @ weights.recurrent_kernel + weights.bias
    sums = np.split(z, len(base.blocks), axis=-1)
    return _equations(base, names, weights, sums, state, {})


def _equations(
    base: Cell,
    names: tuple[str, str],
    weights: Weights,
    sums: list[Array],
    state: State,
    pins: Mapping[str, Array],
) -> dict[str, Array]:
    """Gates and states from the gates' sums, to which what comes by peepholes is added.

    `pins` holds a gate where it is not NaN.
    """
    act, gate_act = (ACTIVATIONS[name] for name in names)
    peephole = weights.peephole
    if not base.gates:
        return {"hidden_state": act(sums[0])}

    def gate(name: str, z: Array) -> Array:
        value = (act if name == "candidate" else gate_act)(z)
        if name not in pins:
            return value
        return np.where(np.isnan(pins[name]), value, pins[name]).astype(z.dtype)

    before = state["cell_state"]
    if peephole is not None:
        sums[0] += peephole[0] * before
        sums[1] += peephole[1] * before
    i, f, g = map(gate, base.gates, sums[:3])
    c = f * before + i * g
    if peephole is not None:
        sums[3] += peephole[2] * c
    o = gate(base.gates[3], sums[3])
    gates = dict(zip(base.gates, (i, f, g, o), strict=True))
    h = o * act(c)
    if weights.projection is not None:
        h = h @ weights.projection
    return gates | {"hidden_state": h, "cell_state": c}


def _forward(
    base: Cell,
    names: tuple[str, str],
    prepared: Weights,
    inputs: Float[Array, "batch timesteps features"],
    initial_state: State | None = None,
    mask: Bool[Array, "batch timesteps"] | None = None,
    pins: Mapping[str, Float[Array, "timesteps units"]] | None = None,
) -> Trace:
    """Read whole sequences, keeping everything: see `lstm.forward`.

    The buffers are the initial states, then gates and states, then the gates' sums.
    """
    batch, timesteps, _ = inputs.shape
    lengths = {"hidden_state": prepared.hidden, "cell_state": prepared.units}
    zeros = {name: np.zeros((batch, lengths[name]), prepared.dtype) for name in base.states}
    state = {name: (initial_state or {}).get(name, zeros[name]) for name in base.states}
    first = tuple(state.values())
    products = inputs @ prepared.kernel + prepared.bias
    rows, all_sums = [], []
    for t in range(timesteps):
        z = products[:, t] + state["hidden_state"] @ prepared.recurrent_kernel
        sums = np.split(z, len(base.blocks), axis=-1)
        held = {gate: values[t] for gate, values in (pins or {}).items()}
        row = _equations(base, names, prepared, sums, state, held)
        if mask is not None:
            keep = mask[:, t, np.newaxis]
            row |= {name: np.where(keep, row[name], state[name]) for name in base.states}
        state = {name: row[name] for name in base.states}
        rows.append(row)
        all_sums.append(sums)
    values = tuple(np.stack([row[name] for row in rows], axis=1) for name in rows[0])
    stacked = tuple(np.stack(block, axis=1) for block in zip(*all_sums, strict=True))
    special = prepared.peephole is not None, prepared.projection is not None
    cell = with_activations(base.name, *names, *special)
    return Trace(inputs, mask, (*first, *values, *stacked), cell, pins, prepared.projection)


def _name_values(base: Cell, buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    count = len(base.states)
    initial = dict(zip(base.states, buffers[:count], strict=True))
    names = (*base.gates, *base.states)
    return initial, dict(zip(names, buffers[count : count + len(names)], strict=True))


def _name_preactivations(base: Cell, buffers: tuple[Array, ...]) -> dict[str, Array]:
    blocks = base.blocks
    return dict(zip(blocks, buffers[-len(blocks) :], strict=True))


def _backward(
    base: Cell,
    names: tuple[str, str],
    prepared: Weights,
    trace: Trace,
    d_hidden: Float[Array, "batch timesteps units"],
) -> Gradients:
    """Backpropagate through time: see `lstm.backward`."""
    batch, timesteps, _ = d_hidden.shape
    units, lengths = prepared.units, {"hidden_state": prepared.hidden, "cell_state": prepared.units}
    slopes = {gate: _slope(base, names, trace, gate) for gate in base.blocks}
    d_state = {
        name: np.zeros((batch, timesteps + 1, lengths[name]), d_hidden.dtype)
        for name in base.states
    }
    d_state["hidden_state"][:, 1:] = d_hidden
    d_sums = np.empty((batch, timesteps, len(slopes), units), d_hidden.dtype)
    for t in reversed(range(timesteps)):
        d_after = {name: d[:, t + 1] for name, d in d_state.items()}
        now = {gate: of_sum[:, t] for gate, of_sum in slopes.items()}
        found, d_cell = _through(names, prepared, trace, t, now, d_after)
        read = np.ones((batch, 1), bool) if trace.mask is None else trace.mask[:, t, np.newaxis]
        for block, gate in enumerate(slopes):
            d_sums[:, t, block] = np.where(read, found[gate], 0)
        flat = d_sums[:, t].reshape(batch, -1)
        d_state["hidden_state"][:, t] += flat @ prepared.recurrent_kernel.T
        d_state["hidden_state"][:, t] += np.where(read, 0, d_after["hidden_state"])
        if d_cell is not None:
            d_state["cell_state"][:, t] += np.where(read, d_cell, d_after["cell_state"])
    flat = d_sums.reshape(batch * timesteps, -1)
    before = _before(trace, "hidden_state")
    return Gradients(
        find_weights=lambda: Weights(
            kernel=trace.inputs.reshape(len(flat), -1).T @ flat,
            recurrent_kernel=before.reshape(len(flat), -1).T @ flat,
            bias=flat.sum(axis=0),
            peephole=None if prepared.peephole is None else _of_peephole(trace, d_sums),
            projection=None
            if prepared.projection is None
            else _of_projection(names, trace, d_state["hidden_state"][:, 1:]),
        ),
        inputs=(flat @ prepared.kernel.T).reshape(trace.inputs.shape),
        initial_state={name: d[:, 0] for name, d in d_state.items()},
        states={name: d[:, 1:] for name, d in d_state.items()},
    )


def _slope(base: Cell, names: tuple[str, str], trace: Trace, gate: str) -> Array:
    """A gate by its sum; one that is held does not move."""
    outer = not base.gates or gate == "candidate"
    found = slope(names[0] if outer else names[1], trace.preactivations[gate], trace[gate])
    if trace.pins and gate in trace.pins:
        return np.where(np.isnan(trace.pins[gate]), found, 0)
    return found


def _before(trace: Trace, state: str) -> Float[Array, "batch timesteps units"]:
    """The state that each timestep began with."""
    return np.stack([trace.state(t)[state] for t in range(trace.timesteps)], axis=1)


def _of_peephole(
    trace: Trace, d_sums: Float[Array, "batch timesteps gates units"]
) -> Float[Array, "3 units"]:
    """The derivative with respect to the peepholes, by those of the sums they are part of."""
    before, after = _before(trace, "cell_state"), trace["cell_state"]
    seen = np.stack([before, before, after], axis=2)
    return (d_sums[:, :, (0, 1, 3)] * seen).sum(axis=(0, 1))


def _of_projection(
    names: tuple[str, str], trace: Trace, d_hidden: Float[Array, "batch timesteps hidden"]
) -> Float[Array, "units hidden"]:
    """The derivative with respect to the projection, by what it is multiplied with."""
    shown = trace["output_gate"] * ACTIVATIONS[names[0]](trace["cell_state"])
    if trace.mask is not None:  # a masked hidden state is that of the timestep before
        shown = np.where(trace.mask[..., np.newaxis], shown, 0)
    return np.einsum("btu,bth->uh", shown, d_hidden)


def _through(
    names: tuple[str, str],
    weights: Weights,
    trace: Trace,
    t: int,
    slopes: Mapping[str, Array],
    d_after: Mapping[str, Array],
) -> tuple[dict[str, Array], Array | None]:
    """Derivatives with respect to the gates' sums and, of an LSTM, the cell state before.

    `d_after`, with respect to the states after the timestep, gets its cell state's share of what
    the hidden state passes on.
    """
    dh, peephole = d_after["hidden_state"], weights.peephole
    if "cell_state" not in d_after:
        return {"hidden_state": dh * slopes["hidden_state"]}, None
    i, f, g, o, c = (
        trace[name][:, t]
        for name in ("input_gate", "forget_gate", "candidate", "output_gate", "cell_state")
    )
    shown = ACTIVATIONS[names[0]](c)
    if weights.projection is not None:
        dh = dh @ weights.projection.T
    d_output = dh * shown * slopes["output_gate"]
    through = dh * o * slope(names[0], c, shown)
    if peephole is not None:
        through += d_output * peephole[2]
    if trace.mask is not None:
        through = np.where(trace.mask[:, t, np.newaxis], through, 0)
    dc = d_after["cell_state"]
    dc += through
    before = trace.state(t)["cell_state"]
    d_input, d_forget = dc * g * slopes["input_gate"], dc * before * slopes["forget_gate"]
    d_before = dc * f
    if peephole is not None:
        d_before = d_before + d_input * peephole[0] + d_forget * peephole[1]
    sums = {
        "input_gate": d_input,
        "forget_gate": d_forget,
        "candidate": dc * i * slopes["candidate"],
        "output_gate": d_output,
    }
    return sums, d_before
