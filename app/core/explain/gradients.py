"""How far back a logit's gradient reaches: its norm at every timestep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..cells import Array, Trace
from ..cells.activations import slope
from ..network import Network
from ..shapes import Float
from .below import backward_in_float64, down_to
from .ledger import Ledger, has_ledger

LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True)
class GradientNorms:
    """Euclidean norms of a number's derivatives, for one sequence.

    Attributes
    ----------
    states : name -> (timesteps,), with respect to the state after each timestep, through every path
    direct : (timesteps,) or None
        With respect to the remembered state, along that state alone, every gate left as it is;
        None for a cell that rewrites its state
    inputs : (timesteps,), with respect to what the layer read at each timestep
    input_dot : (timesteps,), the derivative times what was read: no norm, it has a sign
    """

    states: dict[str, Float[Array, " timesteps"]]
    direct: Float[Array, " timesteps"] | None
    inputs: Float[Array, " timesteps"]
    input_dot: Float[Array, " timesteps"]


def gradient_norms(
    network: Network,
    traces: Mapping[str, Trace],
    name: str,
    d_output: Float[Array, "rows units"],
) -> GradientNorms:
    """Backpropagate through time, and down to one layer.

    Parameters
    ----------
    network, traces : the network, and what its recurrent layers computed
    name : the layer to stop at
    d_output : (rows, units), the derivative at what leaves the last recurrent layer

    Returns
    -------
    GradientNorms
        In the tokens' order, whichever way the layer reads.

    Notes
    -----
    The pass is made again in float64, where a gate that float32 rounds to 1 still has a slope. A
    gradient that explodes beyond all numbers is given as the largest there is.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        layer, trace = network.recurrent[name], traces[name]
        d_hidden = down_to(network, traces, name, d_output[np.newaxis])
        gradients = backward_in_float64(layer, trace, d_hidden)
        dot = (gradients.inputs[0] * trace.inputs[0]).sum(axis=-1)

        def in_token_order(numbers: Array) -> Array:
            return np.ascontiguousarray(numbers[::-1]) if layer.go_backwards else numbers

        direct = _direct(trace, d_hidden[0]) if has_ledger(trace.cell) else None
        return GradientNorms(
            states={s: in_token_order(_norm(a[0])) for s, a in gradients.states.items()},
            direct=None if direct is None else in_token_order(direct),
            inputs=in_token_order(_norm(gradients.inputs[0])),
            input_dot=in_token_order(_bounded(dot)),
        )


def _direct(trace: Trace, d_hidden: Array) -> Array:
    """Norms along the remembered state alone."""
    ledger, memory = Ledger.of(trace), trace.cell.memory
    assert memory is not None  # it has a ledger
    if memory.shown_by is None:  # the memory is the hidden state
        return _norm(ledger.carry_back(d_hidden))
    if trace.mask is not None:  # a masked hidden state reads no cell state: it repeats the last
        places = np.arange(trace.timesteps)
        last = np.maximum.accumulate(np.where(trace.mask[0], places, -1))
        repeated, d_hidden = d_hidden, np.zeros_like(d_hidden)
        np.add.at(d_hidden, last[last >= 0], repeated[last >= 0])
    if trace.projection is not None:
        d_hidden = d_hidden @ trace.projection.T
    state = trace[memory.state][0].astype(np.float64)
    slopes = slope(trace.cell.activation, state, ledger.squash(state))
    return _norm(ledger.carry_back(d_hidden * ledger.exposed * slopes))


def _norm(vectors: Float[Array, "timesteps size"]) -> Float[Array, " timesteps"]:
    """Euclidean norms, of vectors scaled to 1 first: a square vanishes long before its number."""
    largest = np.abs(vectors).max(axis=-1)
    scaled = vectors / np.where(largest > 0, largest, 1.0)[:, np.newaxis]
    return _bounded(largest * np.sqrt(np.einsum("ti,ti->t", scaled, scaled)))


def _bounded(numbers: Array) -> Array:
    """Beyond all numbers there is the largest, also where infinities have met."""
    return np.fmax(np.fmin(numbers, LARGEST), -LARGEST)
