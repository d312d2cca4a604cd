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
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ..shapes import Bool, Float
from .base import Array, Cell, Gradients, State, Trace, Weights, sigmoid
from .declaration import Factor, Layout, Memory

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")  # Keras's column order: i f g o
STATES = ("hidden_state", "cell_state")
HALF = {np.dtype(kind): np.array(0.5, kind) for kind in (np.float32, np.float64)}


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


class Row(NamedTuple):
    """The memory that `forward` works on, one timestep long, each part under its name.

    A row reads

        o_t | i_t | f_t | g_t | c_{t-1} | h_{t-1} | 1

    so that (i_t, f_t) * (g_t, c_{t-1}) is a single multiply, whose two halves add up to c_t, and
    (h_{t-1}, 1) is what the recurrent kernel and the bias are multiplied with.
    """

    kept: Array  # all but the one
    gates: Array
    sigmoids: Array
    o: Array
    i_f: Array
    g_c: Array
    state: Array
    c: Array
    h: Array
    h_and_one: Array  # (units + 1, batch)
    product: Array  # (4 * units, batch): h U + b
    recurrent: Array  # the same, flat
    both: Array  # i g, and f c
    written: Array  # i g
    remembered: Array  # f c

    @classmethod
    def of(cls, units: int, batch: int, dtype: np.dtype) -> Row:
        """Lay out a row."""
        n = units * batch
        row = np.ones(6 * n + batch, dtype)
        recurrent, both = np.empty(4 * n, dtype), np.empty(2 * n, dtype)
        return cls(
            kept=row[: 6 * n],
            gates=row[: 4 * n],
            sigmoids=row[: 3 * n],
            o=row[:n],
            i_f=row[n : 3 * n],
            g_c=row[3 * n : 5 * n],
            state=row[4 * n : 6 * n],
            c=row[4 * n : 5 * n],
            h=row[5 * n : 6 * n],
            h_and_one=row[5 * n :].reshape(units + 1, batch),
            product=recurrent.reshape(4 * units, batch),
            recurrent=recurrent,
            both=both,
            written=both[:n],
            remembered=both[n:],
        )


@dataclass(frozen=True)
class Prepared:
    """Weights reordered to o, i, f, g, and halved in the three sigmoids' columns.

    sigmoid(z) = (tanh(z / 2) + 1) / 2, so one tanh over all four blocks and one multiply-add over
    the first three give every gate. Halving a float is exact: nothing is lost.

    Attributes
    ----------
    kernel : (features, columns)
    recurrent_kernel : (units + 1, columns)
        Its last row is the bias: the weight of a one that stands behind the hidden state.
    spare : rows that no `forward` works on at the moment; making one costs as much as a timestep
    """

    kernel: Float[Array, "features columns"]
    recurrent_kernel: Float[Array, "units_and_one columns"]
    spare: list[Row] = field(default_factory=list, repr=False, compare=False)

    def row(self, batch: int) -> Row:
        """A row for a batch of that size: a spare one, else a new one."""
        try:
            if batch == 1:
                return self.spare.pop()
        except IndexError:
            pass
        return Row.of(len(self.recurrent_kernel) - 1, batch, self.kernel.dtype)


def prepare(weights: Weights) -> Prepared:
    """Bring Keras's layout into the order and scale that `forward` runs on."""
    recurrent_kernel = np.concatenate([weights.recurrent_kernel, weights.bias[np.newaxis]])
    return Prepared(_pack(weights.kernel), _pack(recurrent_kernel))


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
        Gates, states and pre-activations at every timestep, as views of two buffers.

    Notes
    -----
    Memory is laid out as (timestep, block, batch), so that every block of a timestep is one
    contiguous run; see `Row` for the blocks. All x W are computed before the loop, which makes one
    product and eight element-wise passes for each timestep, and puts a copy of the row down.
    """
    batch, timesteps, features = inputs.shape
    units = len(prepared.recurrent_kernel) - 1
    n = units * batch
    dtype = prepared.kernel.dtype

    if batch == 1:
        z = inputs.reshape(timesteps, features).dot(prepared.kernel)
    else:  # a product for each timestep costs less than bringing one large one into order
        z = np.matmul(prepared.kernel.T, inputs.transpose(1, 2, 0))
    z = z.reshape(timesteps, 4 * n)
    rows = np.empty((timesteps + 1, 6 * n), dtype)
    row = prepared.row(batch)
    kept, gates, sigmoids, o, i_f, g_c, state, c, h, h_and_one, product, recurrent, *sum_ = row
    both, written, remembered = sum_
    if initial_state is None:
        state.fill(0)
    else:
        c[:] = initial_state["cell_state"].T.ravel()
        h[:] = initial_state["hidden_state"].T.ravel()

    times_recurrent_kernel = prepared.recurrent_kernel.T.dot
    half = HALF[dtype]
    pinned = _lay_out(pins, batch) if pins else None
    add, multiply, tanh = np.add, np.multiply, np.tanh
    for t, (z_t, whole) in enumerate(zip(z, rows, strict=False)):
        times_recurrent_kernel(h_and_one, product)
        add(z_t, recurrent, z_t)
        tanh(z_t, gates)
        multiply(sigmoids, half, sigmoids)
        add(sigmoids, half, sigmoids)
        if pinned is not None:
            np.copyto(gates, pinned[t], where=~np.isnan(pinned[t]))
        whole[:] = kept
        multiply(i_f, g_c, both)
        add(written, remembered, c)
        tanh(c, h)
        multiply(h, o, h)
        if mask is not None and not mask[:, t].all():
            np.copyto(state, whole[4 * n :], where=np.tile(~mask[:, t], 2 * units))
    rows[timesteps] = kept
    if batch == 1:
        prepared.spare.append(row)
    buffers = (z.reshape(timesteps, 4, units, batch), rows.reshape(-1, 6, units, batch))
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

        c_t by h_t | z_o by h_t | z_i by c_t | z_f by c_t | z_g by c_t | c_t by c_{t-1}

    and the loop, which makes one product and five element-wise passes, turns each factor into the
    derivative it belongs to, in its place. The pre-activations are the halved ones, with
    derivatives twice as large, which the halved kernels make right again.
    """
    rows, hidden = trace.buffers[1], trace.buffers[1][:, 5]
    timesteps, units, batch = len(hidden) - 1, *hidden.shape[1:]
    n = units * batch
    factors = _factors(rows, trace).reshape(timesteps + 1, 6, n)
    c_by_h, o_by_h, by_c, d_c = *factors[:-1, :2].swapaxes(0, 1), factors[:-1, 2:], factors[:, 5]
    d_z = factors[:-1, 1:5].reshape(timesteps, 4 * units, batch)

    d_h = np.zeros((timesteps + 1, n), rows.dtype)
    d_h[1:].reshape(-1, units, batch)[...] = d_hidden.transpose(1, 2, 0)
    times_recurrent_kernel = prepared.recurrent_kernel[:-1].dot
    product = np.empty((units, batch), rows.dtype)
    recurrent = product.reshape(n)
    repeats = None if trace.mask is None else np.tile(~trace.mask.T, units)
    add, multiply = np.add, np.multiply
    forwards = d_h[1:], d_h[:-1], d_c[1:], c_by_h, o_by_h, by_c, d_z
    backwards = zip(*(array[::-1] for array in forwards), strict=True)
    for t, (dh, dh_before, dc, to_c, to_o, to_rest, dz) in enumerate(backwards, 1):
        multiply(to_c, dh, to_c)
        multiply(to_o, dh, to_o)
        add(dc, to_c, dc)
        multiply(to_rest, dc, to_rest)
        times_recurrent_kernel(dz, product)
        add(dh_before, recurrent, dh_before)
        if repeats is not None:
            add(dh_before, dh, dh_before, where=repeats[-t])

    flat = d_z.swapaxes(1, 2).reshape(-1, 4 * units)
    d_inputs = flat.dot(prepared.kernel.T).reshape(timesteps, batch, -1)
    h, c = (d.reshape(-1, units, batch).transpose(2, 0, 1) for d in (d_h, d_c))
    return Gradients(
        find_weights=lambda: _weights(trace, flat),
        inputs=d_inputs.swapaxes(0, 1),
        initial_state={"hidden_state": h[:, 0], "cell_state": c[:, 0]},
        states={"hidden_state": h[:, 1:], "cell_state": c[:, 1:]},
    )


def _weights(trace: Trace, d_z: Float[Array, "rows columns"]) -> Weights:
    """One product for all three: what z_t is the weighted sum of is x_t, h_{t-1} and a one."""
    hidden = trace.buffers[1][:-1, 5]
    (timesteps, units, batch), features = hidden.shape, trace.inputs.shape[2]
    read = np.empty((timesteps, batch, features + units + 1), hidden.dtype)
    read[..., :features] = trace.inputs.swapaxes(0, 1)
    read[..., features:-1] = hidden.swapaxes(1, 2)
    read[..., -1] = 1
    found = _unpack(read.reshape(len(d_z), -1).T.dot(d_z))
    return Weights(found[:features], found[features:-1], found[-1])


def _factors(rows: Array, trace: Trace) -> Array:
    """The rows of factors of `backward`, over one more, whose cell state nothing comes after.

    A masked timestep passes the cell state on as it is, and nothing else. A gate that is held at a
    value does not move with its sum.
    """
    timesteps, _, units, batch = rows[1:].shape
    _, i, _, g, c_before, _ = rows[:-1].swapaxes(0, 1)
    factors = np.empty((timesteps + 1, 6, units, batch), rows.dtype)
    factors[-1, 5] = 0
    c_by_h, z_o, z_i, z_f, z_g, kept = factors[:-1].swapaxes(0, 1)
    sigmoids = factors[:-1, 1:4]
    np.subtract(1, rows[:-1, :3], sigmoids)
    np.multiply(sigmoids, rows[:-1, :3], sigmoids)
    np.multiply(sigmoids, 2, sigmoids)
    tanh_c = np.tanh(rows[1:, 4])
    for sigmoid_slope, factor in ((z_o, tanh_c), (z_i, g), (z_f, c_before)):
        np.multiply(sigmoid_slope, factor, sigmoid_slope)
    for tanh_slope, value, factor in ((c_by_h, tanh_c, rows[:-1, 0]), (z_g, g, i)):
        np.multiply(value, value, tanh_slope)
        np.subtract(1, tanh_slope, tanh_slope)
        np.multiply(tanh_slope, factor, tanh_slope)
    np.copyto(kept, rows[:-1, 2])
    if trace.pins:
        held = ~np.isnan(_lay_out(trace.pins, batch)).reshape(timesteps, 4, units, batch)
        np.copyto(factors[:-1, 1:5], 0, where=held)
    if trace.mask is not None:
        repeat = ~trace.mask.T[:, np.newaxis, :]
        np.copyto(factors[:-1, :5], 0, where=repeat[:, np.newaxis])
        np.copyto(kept, 1, where=repeat)
    return factors


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
    blocks = buffers[1].transpose(1, 3, 0, 2)  # each (batch, timesteps + 1, units)
    o, i, f, g = blocks[:4, :, :-1]
    c, h = blocks[4:, :, 1:]
    c_0, h_0 = blocks[4:, :, 0]
    return {"hidden_state": h_0, "cell_state": c_0}, {
        "input_gate": i,
        "forget_gate": f,
        "candidate": g,
        "output_gate": o,
        "hidden_state": h,
        "cell_state": c,
    }


def name_preactivations(buffers: tuple[Array, ...]) -> dict[str, Array]:
    """Name the gates' weighted sums, batch first, and undo the halving."""
    o, i, f, g = buffers[0].transpose(1, 3, 0, 2)
    return {"input_gate": 2 * i, "forget_gate": 2 * f, "candidate": g, "output_gate": 2 * o}


LSTM = Cell(
    name="lstm",
    class_name="LSTM",
    noun="an LSTM",
    gates=GATES,
    states=STATES,
    step=step,
    prepare=prepare,
    forward=forward,
    backward=backward,
    name_values=name_values,
    name_preactivations=name_preactivations,
    memory=Memory(
        state="cell_state",
        keeps=Factor("forget_gate"),
        writes=(Factor("input_gate"), Factor("candidate")),
        shown_by="output_gate",
    ),
    open_at_first="forget_gate",
    peepholes=("input_gate", "forget_gate", "output_gate"),
    projects=True,
    layouts={
        "keras": Layout("LSTM", (0, 1, 2, 3), "i, f, c, o"),
        "pytorch": Layout("LSTM", (0, 1, 2, 3), "i, f, g, o"),
        "onnx": Layout("LSTM", (0, 2, 3, 1), "i, o, f, c", {"input_forget": False}),
    },
)
