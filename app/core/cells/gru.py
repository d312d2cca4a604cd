"""The gated recurrent unit (Cho et al. 2014), in both forms that are in use.

    z_t = sigmoid(x_t W_z + b_z + h_{t-1} U_z + a_z)                 update gate
    r_t = sigmoid(x_t W_r + b_r + h_{t-1} U_r + a_r)                 reset gate
    h_t = z_t * h_{t-1} + (1 - z_t) * g_t                            hidden state

and for the candidate either of

    g_t = tanh(x_t W_g + b_g + r_t * (h_{t-1} U_g + a_g))            reset after the product
    g_t = tanh(x_t W_g + b_g + (r_t * h_{t-1}) U_g + a_g)            reset before the product

Keras, PyTorch and ONNX (linear_before_reset) have the first; older Keras models, the paper, and
ONNX by default the second. b is the input bias and a the recurrent bias. They are kept apart, as
r_t multiplies a_g in the first form. `Weights.bias` has either shape: (columns,) is b alone, and
(2, columns), which is Keras's for the first form, b over a.

sigmoid and tanh may be other activations, which a form names.

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
from .declaration import Factor, Layout, Memory, Reset
from .pinned import free_slopes, hold, lay_out

GATES = ("update_gate", "reset_gate", "candidate")  # Keras's column order: z r h
STATES = ("hidden_state",)


class Form(NamedTuple):
    """Which of the unit's forms a cell has, and its activations."""

    reset_after: bool
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"


def split_bias(
    bias: Float[Array, "*both columns"],
) -> tuple[Float[Array, " columns"], Float[Array, " columns"]]:
    """Input bias and recurrent bias; a bias in one row has no recurrent part."""
    return (bias[0], bias[1]) if bias.ndim == 2 else (bias, np.zeros_like(bias))


def _step(
    form: Form, weights: Weights, inputs: Float[Array, "batch features"], state: State
) -> dict[str, Float[Array, "batch units"]]:
    """Read one timestep.

    Parameters
    ----------
    form : which form the cell has
    weights : the layer's weights
    inputs : (batch, features)
    state : the `hidden_state` of the timestep before, (batch, units)

    Returns
    -------
    dict
        The three gates and the new hidden state, each (batch, units).
    """
    act, gate = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    h = state["hidden_state"]
    b, a = split_bias(weights.bias)
    xw_z, xw_r, xw_g = np.split(inputs @ weights.kernel + b, 3, axis=-1)
    u_z, u_r, u_g = np.split(weights.recurrent_kernel, 3, axis=-1)
    a_z, a_r, a_g = np.split(a, 3)
    z = gate(xw_z + h @ u_z + a_z)
    r = gate(xw_r + h @ u_r + a_r)
    recurrent = r * (h @ u_g + a_g) if form.reset_after else (r * h) @ u_g + a_g
    g = act(xw_g + recurrent)
    return {
        "update_gate": z,
        "reset_gate": r,
        "candidate": g,
        "hidden_state": z * h + (1 - z) * g,
    }


def prepare(weights: Weights) -> Weights:
    """Nothing to prepare: Keras's layout is used as it is."""
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
    form : which form the cell has
    prepared : the layer's weights
    inputs : (batch, timesteps, features)
    initial_state : `hidden_state`, (batch, units); zeros if None
    mask : (batch, timesteps), False where the state is to repeat the one before; none if None
    pins : gate -> (timesteps, units), values to hold gates at whatever their sum; NaN where free

    Returns
    -------
    Trace
        Four buffers, laid out as (timestep, gate, unit, batch): pre-activations, gates, and
        without the gate what meets the reset gate (h U_g + a_g, or r * h) and hidden states.
    """
    act, gate_act = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    reset_after = form.reset_after
    batch, timesteps, features = inputs.shape
    units, dtype = prepared.units, prepared.dtype
    b, a = split_bias(prepared.bias)
    sums = inputs.reshape(-1, features).dot(prepared.kernel)
    sums += b
    sums = sums.reshape(batch, timesteps, 3, units).transpose(1, 2, 3, 0).copy()
    gates, met = np.empty_like(sums), np.empty((timesteps, units, batch), dtype)
    hidden = np.empty((timesteps + 1, units, batch), dtype)
    hidden[0] = 0 if initial_state is None else initial_state["hidden_state"].T

    kernels = np.ascontiguousarray(prepared.recurrent_kernel.T).reshape(3, units, units)
    before = kernels if reset_after else kernels[:2]
    bias = a.reshape(3, units, 1)
    pinned = lay_out(pins, GATES) if pins else None
    for t, (s, gate, h_before, h) in enumerate(zip(sums, gates, hidden, hidden[1:], strict=False)):
        product = before @ h_before
        product += bias[: len(before)]
        s[:2] += product[:2]
        gate[:2] = gate_act(s[:2])
        hold(gate[:2], pinned, t, slice(0, 2))
        if reset_after:
            met[t] = product[2]
            s[2] += gate[1] * met[t]
        else:
            met[t] = gate[1] * h_before
            s[2] += kernels[2] @ met[t] + bias[2]
        gate[2] = act(s[2])
        hold(gate[2], pinned, t, 2)
        h[:] = gate[0] * h_before + (1 - gate[0]) * gate[2]
        if mask is not None:
            np.copyto(h, h_before, where=~mask[:, t])
    return Trace(inputs, mask, (sums, gates, met, hidden), cell_of(form), pins)


def _backward(
    form: Form,
    prepared: Weights,
    trace: Trace,
    d_hidden: Float[Array, "batch timesteps units"],
) -> Gradients:
    """Backpropagate through time.

    Parameters
    ----------
    form : which form the cell has
    prepared, trace : what `forward` ran on, and what it returned
    d_hidden : (batch, timesteps, units)
        The derivative with respect to each hidden state, as it leaves the layer.
    """
    reset_after = form.reset_after
    sums, gates, met, hidden = trace.buffers
    timesteps, units, batch = met.shape
    slopes = _slopes(form, sums, gates, trace)
    kernels = prepared.recurrent_kernel.reshape(units, 3, units).transpose(1, 0, 2)
    d_h = np.zeros_like(hidden)
    d_h[1:] = d_hidden.transpose(1, 2, 0)
    d_x, d_met = np.empty_like(gates), np.empty_like(met)  # d_x: of x W + b, gate by gate
    for t in reversed(range(timesteps)):
        dh, dh_before, h_before = d_h[t + 1], d_h[t], hidden[t]
        z, r, g = gates[t]
        d_x[t, 2] = dh * (1 - z) * slopes[t, 2]
        d_x[t, 0] = dh * (h_before - g) * slopes[t, 0]
        d_met[t] = d_x[t, 2] * r if reset_after else kernels[2] @ d_x[t, 2]
        d_reset = d_x[t, 2] * met[t] if reset_after else d_met[t] * h_before
        d_x[t, 1] = d_reset * slopes[t, 1]
        kept = dh * z
        if trace.mask is not None:
            np.copyto(kept, dh, where=~trace.mask[:, t])
        dh_before += kept + kernels[0] @ d_x[t, 0] + kernels[1] @ d_x[t, 1]
        dh_before += kernels[2] @ d_met[t] if reset_after else d_met[t] * r

    d_u = d_x.copy()  # of h U + a
    if reset_after:
        d_u[:, 2] = d_met
    flat_x, flat_u = (
        d.transpose(3, 0, 1, 2).reshape(batch * timesteps, 3 * units) for d in (d_x, d_u)
    )
    read = np.stack([hidden[:-1], hidden[:-1], hidden[:-1] if reset_after else met])
    h = d_h.transpose(2, 0, 1)
    d_bias = flat_x.sum(axis=0)
    if prepared.bias.ndim == 2:
        d_bias = np.stack([d_bias, flat_u.sum(axis=0)])
    return Gradients(
        find_weights=lambda: Weights(
            kernel=trace.inputs.reshape(len(flat_x), -1).T.dot(flat_x),
            recurrent_kernel=np.einsum("gtub,tgvb->ugv", read, d_u).reshape(units, 3 * units),
            bias=d_bias,
        ),
        inputs=flat_x.dot(prepared.kernel.T).reshape(trace.inputs.shape),
        initial_state={"hidden_state": h[:, 0]},
        states={"hidden_state": h[:, 1:]},
    )


def _slopes(form: Form, sums: Array, gates: Array, trace: Trace) -> Array:
    """The gates by their sums; nothing moves at a masked timestep, nor a gate that is held."""
    slopes = np.empty_like(gates)
    slopes[:, :2] = slope(form.recurrent_activation, sums[:, :2], gates[:, :2])
    slopes[:, 2] = slope(form.activation, sums[:, 2], gates[:, 2])
    return free_slopes(slopes, trace)


def name_values(buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    """Name a trace, batch first: the initial state, and every gate and hidden state."""
    _, gates, _, hidden = buffers
    h = hidden.transpose(2, 0, 1)
    named = dict(zip(GATES, gates.transpose(1, 3, 0, 2), strict=True))
    return {"hidden_state": h[:, 0]}, named | {"hidden_state": h[:, 1:]}


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """Name the gates' weighted sums, batch first."""
    return dict(zip(GATES, buffers[0].transpose(1, 3, 0, 2), strict=True))


@cache
def cell_of(form: Form) -> Cell:
    """The row of the table of cells for a form."""
    return Cell(
        name="gru" if form.reset_after else "gru_reset_before",
        class_name="GRU",
        noun="a GRU" if form.reset_after else "a GRU that resets before the product",
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
            state="hidden_state",
            keeps=Factor("update_gate"),
            writes=(Factor("update_gate", complement=True), Factor("candidate")),
        ),
        reset=Reset("reset_gate", form.reset_after),
        two_biases=form.reset_after,
        layouts=_layouts(form.reset_after),
        vary=partial(_vary, form.reset_after),
    )


def _vary(reset_after: bool, activation: str, recurrent_activation: str) -> Cell:
    return cell_of(Form(reset_after, activation, recurrent_activation))


def _layouts(reset_after: bool) -> dict[str, Layout]:
    """PyTorch has one form, the other two have both."""
    arguments = () if reset_after else ("reset_after=False",)
    layouts = {
        "keras": Layout("GRU", (0, 1, 2), "z, r, h", {"reset_after": reset_after}, arguments),
        "onnx": Layout("GRU", (0, 1, 2), "z, r, h", {"linear_before_reset": reset_after}),
    }
    return layouts | ({"pytorch": Layout("GRU", (1, 0, 2), "r, z, n")} if reset_after else {})


GRU = cell_of(Form(reset_after=True))
GRU_RESET_BEFORE = cell_of(Form(reset_after=False))
