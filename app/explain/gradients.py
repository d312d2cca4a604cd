"""How far back a logit's gradient reaches: its norm at every timestep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ..cells import Array, Gradients, Trace
from ..network import Recurrent
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
    layers: Mapping[str, Recurrent],
    traces: Mapping[str, Trace],
    name: str,
    d_hidden: Float[Array, "timesteps units"],
) -> GradientNorms:
    """Backpropagate through time, and down a stack to one layer.

    Parameters
    ----------
    layers, traces : a network's recurrent layers, first to last, and what they computed
    name : the layer to stop at
    d_hidden : (timesteps, units), the derivative at the last layer's hidden states

    Notes
    -----
    The pass is made again in float64, where a gate that float32 rounds to 1 still has a slope. A
    gradient that explodes beyond all numbers is given as the largest there is.
    """
    d, names = d_hidden[np.newaxis], list(layers)
    with np.errstate(over="ignore", invalid="ignore"):
        for above in reversed(names[names.index(name) + 1 :]):
            d = _backward(layers[above], traces[above], d).inputs
        trace = traces[name]
        gradients = _backward(layers[name], trace, d)
        dot = (gradients.inputs[0] * trace.inputs[0]).sum(axis=-1)
        return GradientNorms(
            states={state: _norm(array[0]) for state, array in gradients.states.items()},
            direct=_direct(trace, d[0]) if has_ledger(trace.cell) else None,
            inputs=_norm(gradients.inputs[0]),
            input_dot=_bounded(dot),
        )


def _direct(trace: Trace, d_hidden: Array) -> Array:
    """Norms along the remembered state alone."""
    ledger = Ledger.of(trace)
    if "cell_state" not in trace.cell.states:
        return _norm(ledger.carry_back(d_hidden))
    if trace.mask is not None:  # a masked hidden state reads no cell state: it repeats the last
        places = np.arange(trace.timesteps)
        last = np.maximum.accumulate(np.where(trace.mask[0], places, -1))
        repeated, d_hidden = d_hidden, np.zeros_like(d_hidden)
        np.add.at(d_hidden, last[last >= 0], repeated[last >= 0])
    cell = trace["cell_state"][0].astype(np.float64)
    return _norm(ledger.carry_back(d_hidden * ledger.exposed * (1 - np.tanh(cell) ** 2)))


def _backward(layer: Recurrent, trace: Trace, d_hidden: Array) -> Gradients:
    """A layer's gradients, in float64."""
    prepared = layer.cell.prepare(layer.weights.astype(np.float64))
    initial_state = {name: s.astype(np.float64) for name, s in trace.initial_state.items()}
    inputs = trace.inputs.astype(np.float64)
    exact = layer.cell.forward(prepared, inputs, initial_state, trace.mask, trace.pins)
    return layer.cell.backward(prepared, exact, d_hidden)


def _norm(vectors: Float[Array, "timesteps size"]) -> Float[Array, " timesteps"]:
    """Euclidean norms, of vectors scaled to 1 first: a square vanishes long before its number."""
    largest = np.abs(vectors).max(axis=-1)
    scaled = vectors / np.where(largest > 0, largest, 1.0)[:, np.newaxis]
    return _bounded(largest * np.sqrt(np.einsum("ti,ti->t", scaled, scaled)))


def _bounded(numbers: Array) -> Array:
    """Beyond all numbers there is the largest, also where infinities have met."""
    return np.fmax(np.fmin(numbers, LARGEST), -LARGEST)
