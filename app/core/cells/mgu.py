"""The minimal gated unit: a GRU whose one gate does both jobs.

Zhou et al. (2016, arXiv 1603.09420):

    f_t = sigmoid(x_t W_f + h_{t-1} U_f + b_f)              forget gate
    g_t = tanh   (x_t W_g + (f_t * h_{t-1}) U_g + b_g)      candidate
    h_t = (1 - f_t) * h_{t-1} + f_t * g_t                   hidden state

The gate's name is the paper's: what it lets through of the state before goes into the candidate,
and the more that is, the less of that state stays. sigmoid and tanh may be other activations.

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
from .declaration import Factor, Memory, Reset
from .pinned import free_slopes, hold, lay_out

GATES = ("forget_gate", "candidate")
STATES = ("hidden_state",)


class Form(NamedTuple):
    """The activations of a unit: what makes the candidate, and the gate."""

    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"


def _step(
    form: Form, weights: Weights, inputs: Float[Array, "batch features"], state: State
) -> dict[str, Float[Array, "batch units"]]:
    """Read one timestep.

    Parameters
    ----------
    form : the activations
    weights : the layer's weights, of two blocks
    inputs : (batch, features)
    state : the `hidden_state` of the timestep before, (batch, units)

    Returns
    -------
    dict
        The gate, the candidate and the new hidden state, each (batch, units).
    """
    act, gate = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    h = state["hidden_state"]
    xw_f, xw_g = np.split(inputs @ weights.kernel + weights.bias, 2, axis=-1)
    u_f, u_g = np.split(weights.recurrent_kernel, 2, axis=-1)
    f = gate(xw_f + h @ u_f)
    g = act(xw_g + (f * h) @ u_g)
    return {"forget_gate": f, "candidate": g, "hidden_state": (1 - f) * h + f * g}


def prepare(weights: Weights) -> Weights:
    """Nothing to prepare: the two blocks are used as they are."""
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
    initial_state : `hidden_state`, (batch, units); zeros if None
    mask : (batch, timesteps), False where the state is to repeat the one before; none if None
    pins : gate -> (timesteps, units), values to hold gates at whatever their sum; NaN where free

    Returns
    -------
    Trace
        Four buffers, laid out as (timestep, gate, unit, batch): pre-activations, gates, and
        without the gate what of the hidden state goes into the candidate (f * h), and hidden
        states.
    """
    act, gate_act = ACTIVATIONS[form.activation], ACTIVATIONS[form.recurrent_activation]
    batch, timesteps, _ = inputs.shape
    units, dtype = prepared.units, prepared.dtype
    sums = np.matmul(prepared.kernel.T, inputs.transpose(1, 2, 0))
    sums += prepared.bias[:, np.newaxis]
    sums = sums.reshape(timesteps, 2, units, batch)
    gates, met = np.empty_like(sums), np.empty((timesteps, units, batch), dtype)
    hidden = np.empty((timesteps + 1, units, batch), dtype)
    hidden[0] = 0 if initial_state is None else initial_state["hidden_state"].T

    u_f, u_g = np.ascontiguousarray(prepared.recurrent_kernel.T).reshape(2, units, units)
    product = np.empty((units, batch), dtype)
    pinned = lay_out(pins, GATES) if pins else None
    rows = zip(sums, gates, met, hidden, hidden[1:], strict=False)
    for t, (s, gate, read, h_before, h) in enumerate(rows):
        u_f.dot(h_before, product)
        np.add(s[0], product, s[0])
        gate[0] = gate_act(s[0])
        hold(gate[0], pinned, t, 0)
        np.multiply(gate[0], h_before, read)
        u_g.dot(read, product)
        np.add(s[1], product, s[1])
        gate[1] = act(s[1])
        hold(gate[1], pinned, t, 1)
        f, g = gate
        np.multiply(f, g, h)
        np.subtract(1, f, product)
        np.multiply(product, h_before, product)
        np.add(h, product, h)
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
    form : the activations
    prepared, trace : what `forward` ran on, and what it returned
    d_hidden : (batch, timesteps, units)
        The derivative with respect to each hidden state, as it leaves the layer.
    """
    sums, gates, met, hidden = trace.buffers
    timesteps, units, batch = met.shape
    slopes = np.empty_like(gates)
    slopes[:, 0] = slope(form.recurrent_activation, sums[:, 0], gates[:, 0])
    slopes[:, 1] = slope(form.activation, sums[:, 1], gates[:, 1])
    free_slopes(slopes, trace)
    u_f, u_g = np.split(prepared.recurrent_kernel, 2, axis=-1)
    d_h = np.zeros_like(hidden)
    d_h[1:] = d_hidden.transpose(1, 2, 0)
    d_z = np.empty_like(sums)
    for t in reversed(range(timesteps)):
        dh, dh_before, h_before = d_h[t + 1], d_h[t], hidden[t]
        f, g = gates[t]
        d_z[t, 1] = dh * f * slopes[t, 1]
        d_met = u_g @ d_z[t, 1]
        d_z[t, 0] = (dh * (g - h_before) + d_met * h_before) * slopes[t, 0]
        kept = dh * (1 - f)
        if trace.mask is not None:
            np.copyto(kept, dh, where=~trace.mask[:, t])
        dh_before += kept + d_met * f + u_f @ d_z[t, 0]

    flat = d_z.transpose(3, 0, 1, 2).reshape(batch * timesteps, 2 * units)
    read = np.stack([hidden[:-1], met])
    h = d_h.transpose(2, 0, 1)
    return Gradients(
        find_weights=lambda: Weights(
            kernel=trace.inputs.reshape(len(flat), -1).T.dot(flat),
            recurrent_kernel=np.einsum("gtub,tgvb->ugv", read, d_z).reshape(units, 2 * units),
            bias=flat.sum(axis=0),
        ),
        inputs=flat.dot(prepared.kernel.T).reshape(trace.inputs.shape),
        initial_state={"hidden_state": h[:, 0]},
        states={"hidden_state": h[:, 1:]},
    )


def name_values(buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    """Name a trace, batch first: the initial state, and the gate, candidate and hidden states."""
    h = buffers[3].transpose(2, 0, 1)
    named = dict(zip(GATES, buffers[1].transpose(1, 3, 0, 2), strict=True))
    return {"hidden_state": h[:, 0]}, named | {"hidden_state": h[:, 1:]}


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """Name the weighted sums, batch first."""
    return dict(zip(GATES, buffers[0].transpose(1, 3, 0, 2), strict=True))


@cache
def cell_of(form: Form) -> Cell:
    """The row of the table of cells for a pair of activations."""
    return Cell(
        name="mgu",
        class_name="MGU",
        noun="a minimal gated unit",
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
            keeps=Factor("forget_gate", complement=True),
            writes=(Factor("forget_gate"), Factor("candidate")),
        ),
        reset=Reset("forget_gate", after=False),
        vary=_vary,
    )


def _vary(activation: str, recurrent_activation: str) -> Cell:
    return cell_of(Form(activation, recurrent_activation))


MGU = cell_of(Form())
