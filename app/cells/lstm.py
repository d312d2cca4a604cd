"""The LSTM cell: the textbook's equations, and the same ones laid out to run fast.

Hochreiter & Schmidhuber (1997), with the forget gate of Gers, Schmidhuber & Cummins (2000):

    i_t = sigmoid(x_t W_i + h_{t-1} U_i + b_i)      input gate
    f_t = sigmoid(x_t W_f + h_{t-1} U_f + b_f)      forget gate
    g_t = tanh   (x_t W_g + h_{t-1} U_g + b_g)      candidate
    o_t = sigmoid(x_t W_o + h_{t-1} U_o + b_o)      output gate
    c_t = f_t * c_{t-1} + i_t * g_t                 cell state
    h_t = o_t * tanh(c_t)                           hidden state

`step` is these six lines. `forward` computes the same numbers for a whole batch of sequences, and
`backward` their derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from .base import Array, Cell, Gradients, State, Trace, Weights, sigmoid

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")  # Keras's column order: i f g o
STATES = ("hidden_state", "cell_state")


def step(
    weights: Weights, inputs: Float[Array, "batch features"], state: State
) -> dict[str, Float[Array, "batch units"]]:
    """Read one timestep.

    Parameters
    ----------
    weights : the layer's weights
    inputs : (batch, features)
    state : `hidden_state` and `cell_state` of the timestep before, each (batch, units)

    Returns
    -------
    dict
        The four gates and the two new states, each (batch, units).
    """
    h, c = state["hidden_state"], state["cell_state"]
    z = inputs @ weights.kernel + h @ weights.recurrent_kernel + weights.bias
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=-1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return dict(zip((*GATES, *STATES), (i, f, g, o, h, c), strict=True))


@dataclass(frozen=True)
class Prepared:
    """Weights reordered to o, i, f, g, and halved in the three sigmoids' columns.

    sigmoid(z) = (tanh(z / 2) + 1) / 2, so one tanh over all four blocks and one multiply-add over
    the first three give every gate. Halving a float is exact: nothing is lost.
    """

    kernel: Float[Array, "features columns"]
    recurrent_kernel: Float[Array, "units columns"]
    bias: Float[Array, " columns"]


def prepare(weights: Weights) -> Prepared:
    """Bring Keras's layout into the order and scale that `forward` runs on."""
    return Prepared(
        kernel=_pack(weights.kernel),
        recurrent_kernel=_pack(weights.recurrent_kernel),
        bias=_pack(weights.bias),
    )


def _pack(columns: Array) -> Array:
    """From i, f, g, o to o, i, f, g, the three sigmoids halved."""
    blocks = columns.reshape(*columns.shape[:-1], 4, -1)
    packed = np.empty_like(blocks, order="C")
    packed[..., 1:, :] = blocks[..., :3, :]
    packed[..., 0, :] = blocks[..., 3, :]
    packed[..., :3, :] *= 0.5
    return packed.reshape(columns.shape)


def forward(
    prepared: Prepared,
    inputs: Float[Array, "batch timesteps features"],
    initial_state: State | None = None,
    mask: Bool[Array, "batch timesteps"] | None = None,
    pins: Mapping[str, Float[Array, "timesteps units"]] | None = None,
) -> Trace:
    """Read whole sequences, keeping everything.

    Parameters
    ----------
    prepared : what `prepare` made of the layer's weights
    inputs : (batch, timesteps, features)
    initial_state : `hidden_state` and `cell_state`, each (batch, units); zeros if None
    mask : (batch, timesteps), False where the state is to repeat the one before; none if None
    pins : gate -> (timesteps, units), values to hold gates at whatever their sum; NaN where free

    Returns
    -------
    Trace
        Gates, states and pre-activations at every timestep, as views of three buffers.

    Notes
    -----
    Memory is laid out as (timestep, block, batch), so that every block of a timestep is one
    contiguous run, and a row reads

        o_t | i_t | f_t | g_t | c_{t-1}

    where (i_t, f_t) * (g_t, c_{t-1}) is a single multiply, whose two halves add up to c_t. All
    x W are computed before the loop; the loop makes one product and eight element-wise passes.
    """
    batch, timesteps, features = inputs.shape
    units = prepared.recurrent_kernel.shape[0]
    n = units * batch
    dtype = prepared.kernel.dtype

    if batch == 1:
        z = inputs.reshape(timesteps, features).dot(prepared.kernel)
        z += prepared.bias
    else:  # a product for each timestep costs less than bringing one large one into order
        z = np.matmul(prepared.kernel.T, inputs.transpose(1, 2, 0))
        z += prepared.bias[:, np.newaxis]
    rows = np.empty((timesteps + 1, 5 * n), dtype)
    hidden = np.empty((timesteps + 1, n), dtype)
    rows[0, 4 * n :] = 0 if initial_state is None else initial_state["cell_state"].T.ravel()
    hidden[0] = 0 if initial_state is None else initial_state["hidden_state"].T.ravel()

    times_recurrent_kernel = prepared.recurrent_kernel.T.dot
    recurrent = np.empty(4 * n, dtype)
    product = recurrent.reshape(4 * units, batch)
    both = np.empty(2 * n, dtype)
    written, kept = both[:n], both[n:]
    half = np.array(0.5, dtype)
    pinned = _lay_out(pins, batch) if pins else None
    blocks = zip(
        z.reshape(timesteps, 4 * n),
        rows[:, : 4 * n],  # all four gates
        rows[:, : 3 * n],  # the three sigmoids
        rows[:, :n],  # the output gate
        rows[:, n : 3 * n],  # input and forget gate
        rows[:, 3 * n :],  # what they multiply: candidate and previous cell state
        rows[1:, 4 * n :],
        hidden.reshape(-1, units, batch),
        hidden[1:],
        strict=False,
    )
    for t, (z_t, gates, sigmoids, o, i_f, g_c, c, h_before, h) in enumerate(blocks):
        times_recurrent_kernel(h_before, product)
        np.add(z_t, recurrent, z_t)
        np.tanh(z_t, gates)
        np.multiply(sigmoids, half, sigmoids)
        np.add(sigmoids, half, sigmoids)
        if pinned is not None:
            np.copyto(gates, pinned[t], where=~np.isnan(pinned[t]))
        np.multiply(i_f, g_c, both)
        np.add(written, kept, c)
        np.tanh(c, h)
        np.multiply(h, o, h)
        if mask is not None and not mask[:, t].all():
            repeat = np.tile(~mask[:, t], units)
            np.copyto(c, g_c[n:], where=repeat)
            np.copyto(h, hidden[t], where=repeat)
    shape = (-1, units, batch)
    buffers = (z.reshape(-1, 4, *shape[1:]), rows.reshape(-1, 5, *shape[1:]), hidden.reshape(shape))
    return Trace(inputs, mask, buffers, LSTM, pins)


def _lay_out(
    pins: Mapping[str, Float[Array, "timesteps units"]], batch: int
) -> Float[Array, "timesteps numbers"]:
    """Bring pins into the order of a row's gates, the same for every sequence of a batch."""
    free = np.full_like(next(iter(pins.values())), np.nan)
    order = ("output_gate", "input_gate", "forget_gate", "candidate")
    gates = np.stack([pins.get(gate, free) for gate in order], axis=1)
    return np.repeat(gates, batch, axis=-1).reshape(len(free), -1)


def backward(
    prepared: Prepared, trace: Trace, d_hidden: Float[Array, "batch timesteps units"]
) -> Gradients:
    """Backpropagate through time.

    Parameters
    ----------
    prepared, trace : what `forward` ran on, and what it returned
    d_hidden : (batch, timesteps, units)
        The derivative with respect to each hidden state, as it leaves the layer.

    Notes
    -----
    The layout is that of `forward`. What a derivative is multiplied with on its way back does not
    depend on the derivatives, so it is computed for all timesteps before the loop; a row reads

        c_t by h_t | z_o by h_t | z_i by c_t | z_f by c_t | z_g by c_t

    and the loop makes one product and five element-wise passes. The pre-activations are the halved
    ones, with derivatives twice as large, which the halved kernels make right again.
    """
    _, rows, hidden = trace.buffers
    timesteps, units, batch = len(hidden) - 1, *hidden.shape[1:]
    n = units * batch
    slopes, kept = _slopes(rows, trace)

    d_h = np.zeros((timesteps + 1, n), rows.dtype)
    d_c = np.zeros((timesteps + 1, n), rows.dtype)
    d_h[1:].reshape(-1, units, batch)[...] = d_hidden.transpose(1, 2, 0)
    d_rows = np.empty((timesteps, 5, n), rows.dtype)
    d_z = d_rows[:, 1:].reshape(timesteps, 4 * units, batch)
    times_recurrent_kernel = prepared.recurrent_kernel.dot
    product = np.empty((units, batch), rows.dtype)
    recurrent = product.reshape(n)
    for t in reversed(range(timesteps)):
        dh, dh_before, dc, row = d_h[t + 1], d_h[t], d_c[t + 1], d_rows[t]
        np.multiply(slopes[t, :2], dh, row[:2])
        np.add(dc, row[0], dc)
        np.multiply(slopes[t, 2:], dc, row[2:])
        np.multiply(kept[t], dc, d_c[t])
        times_recurrent_kernel(d_z[t], product)
        np.add(dh_before, recurrent, dh_before)
        if trace.mask is not None and not trace.mask[:, t].all():
            np.add(dh_before, dh, dh_before, where=np.tile(~trace.mask[:, t], units))

    # one product for all three: what z_t is the weighted sum of is x_t, h_{t-1} and a one
    features = trace.inputs.shape[2]
    read = np.empty((timesteps, batch, features + units + 1), rows.dtype)
    read[..., :features] = trace.inputs.swapaxes(0, 1)
    read[..., features:-1] = hidden[:-1].swapaxes(1, 2)
    read[..., -1] = 1
    flat = np.ascontiguousarray(d_z.swapaxes(1, 2)).reshape(-1, 4 * units)
    found = _unpack(read.reshape(len(flat), -1).T.dot(flat))
    d_inputs = flat.dot(prepared.kernel.T).reshape(timesteps, batch, features)
    h, c = (d.reshape(-1, units, batch).transpose(2, 0, 1) for d in (d_h, d_c))
    return Gradients(
        weights=Weights(found[:features], found[features:-1], found[-1]),
        inputs=d_inputs.swapaxes(0, 1),
        initial_state={"hidden_state": h[:, 0], "cell_state": c[:, 0]},
        states={"hidden_state": h[:, 1:], "cell_state": c[:, 1:]},
    )


def _slopes(rows: Array, trace: Trace) -> tuple[Array, Array]:
    """The rows of factors of `backward`, and c_t by c_{t-1}, which is the forget gate.

    A masked timestep passes the cell state on as it is, and nothing else. A gate that is held at a
    value does not move with its sum.
    """
    timesteps, _, units, batch = rows[1:].shape
    o, i, f, g, c_before = rows[:-1].swapaxes(0, 1)
    tanh_c = np.tanh(rows[1:, 4])
    slopes = np.empty((timesteps, 5, units, batch), rows.dtype)
    c_by_h, sigmoids, g_by_c = slopes[:, 0], slopes[:, 1:4], slopes[:, 4]
    np.multiply(tanh_c, tanh_c, c_by_h)
    np.subtract(1, c_by_h, c_by_h)
    np.multiply(c_by_h, o, c_by_h)
    np.subtract(1, rows[:-1, :3], sigmoids)
    np.multiply(sigmoids, rows[:-1, :3], sigmoids)
    np.multiply(sigmoids, 2, sigmoids)
    for block, factor in enumerate((tanh_c, g, c_before), 1):
        np.multiply(slopes[:, block], factor, slopes[:, block])
    np.multiply(g, g, g_by_c)
    np.subtract(1, g_by_c, g_by_c)
    np.multiply(g_by_c, i, g_by_c)
    if trace.pins:
        held = ~np.isnan(_lay_out(trace.pins, batch)).reshape(timesteps, 4, units, batch)
        np.copyto(slopes[:, 1:], 0, where=held)
    if trace.mask is not None:
        repeat = ~trace.mask.T[:, np.newaxis, :]
        np.copyto(slopes, 0, where=repeat[:, np.newaxis])
        f = np.where(repeat, np.ones((), rows.dtype), f)
    return slopes.reshape(timesteps, 5, -1), f.reshape(timesteps, -1)


def _unpack(columns: Array) -> Array:
    """What `_pack` is to weights, to their derivatives: the order back, and halved as well."""
    blocks = columns.reshape(*columns.shape[:-1], 4, -1)
    unpacked = np.empty_like(blocks)
    unpacked[..., :3, :] = blocks[..., 1:, :]
    unpacked[..., 3, :] = blocks[..., 0, :]
    unpacked[..., (0, 1, 3), :] *= 0.5
    return unpacked.reshape(columns.shape)


def name_values(buffers: tuple[Array, ...]) -> tuple[State, dict[str, Array]]:
    """Name the blocks of a trace, batch first: the initial state, and every gate and state."""
    _, rows, hidden = buffers
    o, i, f, g, c = rows.transpose(1, 3, 0, 2)  # each (batch, timesteps + 1, units)
    h = hidden.transpose(2, 0, 1)
    initial = {"hidden_state": h[:, 0], "cell_state": c[:, 0]}
    gates = {
        "input_gate": i[:, :-1],
        "forget_gate": f[:, :-1],
        "candidate": g[:, :-1],
        "output_gate": o[:, :-1],
    }
    return initial, gates | {"hidden_state": h[:, 1:], "cell_state": c[:, 1:]}


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """Name the gates' weighted sums, batch first, and undo the halving."""
    o, i, f, g = buffers[0].transpose(1, 3, 0, 2)
    return {"input_gate": 2 * i, "forget_gate": 2 * f, "candidate": g, "output_gate": 2 * o}


LSTM = Cell(
    name="lstm",
    keras_name="LSTM",
    gates=GATES,
    states=STATES,
    step=step,
    prepare=prepare,
    forward=forward,
    backward=backward,
    name_values=name_values,
    name_preactivations=name_preactivations,
)
