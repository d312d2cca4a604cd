"""The simple recurrent cell (Elman 1990): one weighted sum, one tanh, and no gate.

    h_t = tanh(x_t W + h_{t-1} U + b)               hidden state

`step` is this line. `forward` computes the same numbers for a whole batch of sequences, and
`backward` their derivatives.
"""

from __future__ import annotations

import numpy as np

from ..shapes import Bool, Float
from .base import Array, Cell, Gradients, State, Trace, Weights
from .declaration import Layout

STATES = ("hidden_state",)


def step(
    weights: Weights, inputs: Float[Array, "batch features"], state: State
) -> dict[str, Float[Array, "batch units"]]:
    """Read one timestep.

    Parameters
    ----------
    weights : the layer's weights
    inputs : (batch, features)
    state : the `hidden_state` of the timestep before, (batch, units)

    Returns
    -------
    dict
        The new hidden state, (batch, units).
    """
    h = state["hidden_state"]
    h = np.tanh(inputs @ weights.kernel + h @ weights.recurrent_kernel + weights.bias)
    return {"hidden_state": h}


def prepare(weights: Weights) -> Weights:
    """Nothing to prepare: the one block of weights is used as it is."""
    return weights


def forward(
    prepared: Weights,
    inputs: Float[Array, "batch timesteps features"],
    initial_state: State | None = None,
    mask: Bool[Array, "batch timesteps"] | None = None,
    pins: None = None,
) -> Trace:
    """Read whole sequences, keeping everything.

    Parameters
    ----------
    prepared : the layer's weights
    inputs : (batch, timesteps, features)
    initial_state : `hidden_state`, (batch, units); zeros if None
    mask : (batch, timesteps), False where the state is to repeat the one before; none if None
    pins : always None, since there is no gate to hold

    Returns
    -------
    Trace
        Hidden states and pre-activations at every timestep, laid out as (timestep, unit, batch).
    """
    batch, timesteps, _ = inputs.shape
    units = prepared.units
    z = np.matmul(prepared.kernel.T, inputs.transpose(1, 2, 0))
    z += prepared.bias[:, np.newaxis]
    hidden = np.empty((timesteps + 1, units, batch), prepared.dtype)
    hidden[0] = 0 if initial_state is None else initial_state["hidden_state"].T
    times_recurrent_kernel = prepared.recurrent_kernel.T.dot
    product = np.empty((units, batch), prepared.dtype)
    for t, (z_t, h_before, h) in enumerate(zip(z, hidden, hidden[1:], strict=False)):
        times_recurrent_kernel(h_before, product)
        np.add(z_t, product, z_t)
        np.tanh(z_t, h)
        if mask is not None:
            np.copyto(h, h_before, where=~mask[:, t])
    return Trace(inputs, mask, (z, hidden), SIMPLE_RNN, pins)


def backward(
    prepared: Weights, trace: Trace, d_hidden: Float[Array, "batch timesteps units"]
) -> Gradients:
    """Backpropagate through time.

    Parameters
    ----------
    prepared, trace : what `forward` ran on, and what it returned
    d_hidden : (batch, timesteps, units)
        The derivative with respect to each hidden state, as it leaves the layer.
    """
    _, hidden = trace.buffers
    timesteps, units, batch = hidden[1:].shape
    slopes = 1 - hidden[1:] * hidden[1:]
    if trace.mask is not None:
        np.copyto(slopes, 0, where=~trace.mask.T[:, np.newaxis])
    d_h = np.zeros_like(hidden)
    d_h[1:] = d_hidden.transpose(1, 2, 0)
    d_z = np.empty_like(slopes)
    product = np.empty((units, batch), hidden.dtype)
    for t in reversed(range(timesteps)):
        dh, dh_before = d_h[t + 1], d_h[t]
        np.multiply(slopes[t], dh, d_z[t])
        prepared.recurrent_kernel.dot(d_z[t], product)
        np.add(dh_before, product, dh_before)
        if trace.mask is not None:
            np.add(dh_before, dh, dh_before, where=~trace.mask[:, t])

    flat = np.ascontiguousarray(d_z.transpose(2, 0, 1)).reshape(-1, units)
    h_before = hidden[:-1].transpose(2, 0, 1).reshape(-1, units)
    h = d_h.transpose(2, 0, 1)
    return Gradients(
        find_weights=lambda: Weights(
            kernel=trace.inputs.reshape(len(flat), -1).T.dot(flat),
            recurrent_kernel=h_before.T.dot(flat),
            bias=flat.sum(axis=0),
        ),
        inputs=flat.dot(prepared.kernel.T).reshape(trace.inputs.shape),
        initial_state={"hidden_state": h[:, 0]},
        states={"hidden_state": h[:, 1:]},
    )


def name_values(buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    """Name a trace, batch first: the initial state, and the hidden states."""
    h = buffers[1].transpose(2, 0, 1)
    return {"hidden_state": h[:, 0]}, {"hidden_state": h[:, 1:]}


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """The hidden states before their tanh, batch first."""
    return {"hidden_state": buffers[0].transpose(2, 0, 1)}


SIMPLE_RNN = Cell(
    name="simple_rnn",
    class_name="SimpleRNN",
    noun="a simple RNN",
    gates=(),
    states=STATES,
    step=step,
    prepare=prepare,
    forward=forward,
    backward=backward,
    name_values=name_values,
    name_preactivations=name_preactivations,
    layouts={
        "keras": Layout("SimpleRNN", (0,), "h"),
        "pytorch": Layout("RNN", (0,), "h"),
        "onnx": Layout("RNN", (0,), "h"),
    },
)
