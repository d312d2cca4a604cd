"""The LSTM with coupled gates: what is forgotten makes room for as much that is new.

Greff et al. (2017, arXiv 1503.04069) call it the coupled input and forget gate (CIFG); ONNX has it
as `input_forget`:

    f_t = sigmoid(x_t W_f + h_{t-1} U_f + b_f)      forget gate
    i_t = 1 - f_t                                   input gate
    g_t = tanh   (x_t W_g + h_{t-1} U_g + b_g)      candidate
    o_t = sigmoid(x_t W_o + h_{t-1} U_o + b_o)      output gate
    c_t = f_t * c_{t-1} + i_t * g_t                 cell state
    h_t = o_t * tanh(c_t)                           hidden state

ONNX computes i_t and takes f_t = 1 - i_t, which is the same cell with the sign of the gate's
weights turned, as 1 - sigmoid(z) = sigmoid(-z). sigmoid and tanh may be other activations.

`step` is these lines. `forward` computes the same numbers for a whole batch of sequences, and
`backward` their derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from ..shapes import Bool, Float
from .activations import ACTIVATIONS, slope
from .base import Array, Cell, Gradients, State, Trace, Weights
from .declaration import Factor, Layout, Memory
from .pinned import free_slopes, hold, lay_out

GATES = ("forget_gate", "candidate", "output_gate")
STATES = ("hidden_state", "cell_state")
SIGMOIDS = slice(0, 3, 2)  # the places of the forget and the output gate


class Form(NamedTuple):
    """The activations of a cell: what makes the candidate and shows the cell state, and gates."""

    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"


def _step(
    form: Form, weights: Weights, inputs: Float[Array, "batch features"], state: State
) -> dict[str, Float[Array, "batch units"]]:
    """Read one timestep.

    Parameters
    ----------
    form : the activations
    weights : the layer's weights, of three blocks
    inputs : (batch, features)
    state : `hidden_state` and `cell_state` of the timestep before, each (batch, units)

    Returns
    -------
    dict
        The four gates and the two new states, each (batch, units).
    """
    act, gate = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    h, c = state["hidden_state"], state["cell_state"]
    z = inputs @ weights.kernel + h @ weights.recurrent_kernel + weights.bias
    z_f, z_g, z_o = np.split(z, 3, axis=-1)
    f, g, o = gate(z_f), act(z_g), gate(z_o)
    i = 1 - f
    c = f * c + i * g
    h = o * act(c)
    return _named(f, g, o) | {"hidden_state": h, "cell_state": c}


def _named(f: Array, g: Array, o: Array) -> dict[str, Array]:
    """The gates in the order in which an LSTM's are told."""
    return {"input_gate": 1 - f, "forget_gate": f, "candidate": g, "output_gate": o}


def prepare(weights: Weights) -> Weights:
    """Nothing to prepare: the three blocks are used as they are."""
    return weights


def _forward(
    form: Form,
    prepared: Weights,
    inputs: Float[Array, "batch timesteps features"],
    initial_state: State | None = None,
    mask: Bool[Array, "batch timesteps"] | None = None,
    pins: Mapping[str, Float[Array, "timesteps units"]] | None = None,
) -> Trace:
    """Read whole sequences, keeping everything.

    Parameters
    ----------
    form : the activations
    prepared : the layer's weights
    inputs : (batch, timesteps, features)
    initial_state : `hidden_state` and `cell_state`, each (batch, units); zeros if None
    mask : (batch, timesteps), False where the state is to repeat the one before; none if None
    pins : gate -> (timesteps, units), values to hold gates at whatever their sum; NaN where free

    Returns
    -------
    Trace
        Four buffers, laid out as (timestep, gate, unit, batch): pre-activations, gates, and
        without the gate hidden states and cell states.
    """
    act, gate_act = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    batch, timesteps, _ = inputs.shape
    units, dtype = prepared.units, prepared.dtype
    sums = np.matmul(prepared.kernel.T, inputs.transpose(1, 2, 0))
    sums += prepared.bias[:, np.newaxis]
    sums = sums.reshape(timesteps, 3, units, batch)
    gates = np.empty_like(sums)
    hidden, cells = (np.empty((timesteps + 1, units, batch), dtype) for _ in STATES)
    for array, name in ((hidden, "hidden_state"), (cells, "cell_state")):
        array[0] = 0 if initial_state is None else initial_state[name].T

    times_recurrent_kernel = prepared.recurrent_kernel.T.dot
    product = np.empty((3 * units, batch), dtype)
    recurrent, kept = product.reshape(3, units, batch), np.empty((units, batch), dtype)
    pinned = lay_out(pins, GATES) if pins else None
    rows = zip(sums, gates, hidden, hidden[1:], cells, cells[1:], strict=False)
    for t, (s, gate, h_before, h, c_before, c) in enumerate(rows):
        times_recurrent_kernel(h_before, product)
        np.add(s, recurrent, s)
        gate[SIGMOIDS] = gate_act(s[SIGMOIDS])
        gate[1] = act(s[1])
        hold(gate, pinned, t, slice(0, 3))
        f, g, o = gate
        np.multiply(f, c_before, kept)
        np.subtract(1, f, c)
        np.multiply(c, g, c)
        np.add(c, kept, c)
        np.multiply(o, act(c), h)
        if mask is not None:
            np.copyto(h, h_before, where=~mask[:, t])
            np.copyto(c, c_before, where=~mask[:, t])
    return Trace(inputs, mask, (sums, gates, hidden, cells), cell_of(form), pins)


def _backward(
    form: Form,
    prepared: Weights,
    trace: Trace,
    d_hidden: Float[Array, "batch timesteps units"],
) -> Gradients:
    """Backpropagate through time.

    Parameters
    ----------
    form : the activations
    prepared, trace : what `forward` ran on, and what it returned
    d_hidden : (batch, timesteps, units)
        The derivative with respect to each hidden state, as it leaves the layer.
    """
    sums, gates, hidden, cells = trace.buffers
    timesteps, _, units, batch = gates.shape
    factors, c_by_h, kept = _factors(form, trace)
    d_h, d_c = np.zeros_like(hidden), np.zeros_like(cells)
    d_h[1:] = d_hidden.transpose(1, 2, 0)
    d_z = np.empty_like(sums)
    product = np.empty((units, batch), hidden.dtype)
    repeats = None if trace.mask is None else ~trace.mask.T
    for t in reversed(range(timesteps)):
        dh, dc = d_h[t + 1], d_c[t + 1]
        dc += c_by_h[t] * dh
        np.multiply(factors[t, :2], dc, d_z[t, :2])
        np.multiply(factors[t, 2], dh, d_z[t, 2])
        np.multiply(kept[t], dc, d_c[t])
        prepared.recurrent_kernel.dot(d_z[t].reshape(3 * units, batch), product)
        np.add(d_h[t], product, d_h[t])
        if repeats is not None:
            np.add(d_h[t], dh, d_h[t], where=repeats[t])

    flat = d_z.transpose(3, 0, 1, 2).reshape(batch * timesteps, 3 * units)
    before = hidden[:-1].transpose(2, 0, 1).reshape(-1, units)
    h, c = (d.transpose(2, 0, 1) for d in (d_h, d_c))
    return Gradients(
        find_weights=lambda: Weights(
            kernel=trace.inputs.reshape(len(flat), -1).T.dot(flat),
            recurrent_kernel=before.T.dot(flat),
            bias=flat.sum(axis=0),
        ),
        inputs=flat.dot(prepared.kernel.T).reshape(trace.inputs.shape),
        initial_state={"hidden_state": h[:, 0], "cell_state": c[:, 0]},
        states={"hidden_state": h[:, 1:], "cell_state": c[:, 1:]},
    )


def _factors(form: Form, trace: Trace) -> tuple[Array, Array, Array]:
    """What derivatives are multiplied with on their way back, which depends on none of them.

    Returns
    -------
    factors : z_f by c_t, z_g by c_t, z_o by h_t, (timesteps, gates, units, batch)
    c_by_h : c_t by h_t
    kept : c_{t-1} by c_t, which a masked timestep passes on as it is
    """
    sums, gates, _, cells = trace.buffers
    f, g, o = gates.swapaxes(0, 1)
    shown = ACTIVATIONS[form.activation](cells[1:])
    factors = np.empty_like(gates)
    factors[:, SIGMOIDS] = slope(form.recurrent_activation, sums[:, SIGMOIDS], gates[:, SIGMOIDS])
    factors[:, 1] = slope(form.activation, sums[:, 1], g)
    free_slopes(factors, trace)
    for place, factor in enumerate((cells[:-1] - g, 1 - f, shown)):
        factors[:, place] *= factor
    c_by_h, kept = o * slope(form.activation, cells[1:], shown), f.copy()
    if trace.mask is not None:
        repeat = ~trace.mask.T[:, np.newaxis]
        np.copyto(c_by_h, 0, where=repeat)
        np.copyto(kept, 1, where=repeat)
    return factors, c_by_h, kept


def name_values(buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    """Name a trace, batch first: the initial state, and every gate and state."""
    _, gates, hidden, cells = buffers
    h, c = (states.transpose(2, 0, 1) for states in (hidden, cells))
    named = _named(*gates.transpose(1, 3, 0, 2))
    initial = {"hidden_state": h[:, 0], "cell_state": c[:, 0]}
    return initial, named | {"hidden_state": h[:, 1:], "cell_state": c[:, 1:]}


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """Name the weighted sums, batch first; the input gate has none of its own."""
    return dict(zip(GATES, buffers[0].transpose(1, 3, 0, 2), strict=True))


@cache
def cell_of(form: Form) -> Cell:
    """The row of the table of cells for a pair of activations."""
    return Cell(
        name="lstm_coupled",
        class_name="CoupledLSTM",
        noun="an LSTM with coupled gates",
        gates=GATES,
        states=STATES,
        step=partial(_step, form),
        prepare=prepare,
        forward=partial(_forward, form),
        backward=partial(_backward, form),
        name_values=name_values,
        name_preactivations=name_preactivations,
        activation=form.activation,
        recurrent_activation=form.recurrent_activation,
        memory=Memory(
            state="cell_state",
            keeps=Factor("forget_gate"),
            writes=(Factor("input_gate"), Factor("candidate")),
            shown_by="output_gate",
        ),
        derived={"input_gate": Factor("forget_gate", complement=True)},
        open_at_first="forget_gate",
        layouts={
            "onnx": Layout("LSTM", (0, 3, 1), "i, o, f, c", {"input_forget": True}, negated=(0,)),
        },
        vary=_vary,
    )


def _vary(activation: str, recurrent_activation: str) -> Cell:
    return cell_of(Form(activation, recurrent_activation))


LSTM_COUPLED = cell_of(Form())
