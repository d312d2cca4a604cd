"""How far back a logit's gradient reaches: its norm at every timestep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ..cells import Array, Gradients, Trace, Weights
from ..network import Recurrent
from .ledger import Ledger, has_ledger


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
    loss_inputs : (timesteps,), `inputs` for the loss instead; None where no loss was given
    """

    states: dict[str, Float[Array, " timesteps"]]
    direct: Float[Array, " timesteps"] | None
    inputs: Float[Array, " timesteps"]
    input_dot: Float[Array, " timesteps"]
    loss_inputs: Float[Array, " timesteps"] | None


def gradient_norms(
    layers: Mapping[str, Recurrent],
    traces: Mapping[str, Trace],
    name: str,
    d_hidden: Float[Array, "timesteps units"],
    d_loss: Float[Array, "timesteps units"] | None = None,
) -> GradientNorms:
    """Backpropagate through time, and down a stack to one layer.

    Parameters
    ----------
    layers, traces : a network's recurrent layers, first to last, and what they computed
    name : the layer to stop at
    d_hidden : (timesteps, units), the derivative at the last layer's hidden states
    d_loss : (timesteps, units), that of a second number, which goes the same way

    Notes
    -----
    The pass is made again in float64, where a gate that float32 rounds to 1 still has a slope. A
    gradient that explodes beyond all numbers is given as the largest there is.
    """
    d = np.stack([d_hidden] if d_loss is None else [d_hidden, d_loss])
    names = list(layers)
    with np.errstate(over="ignore", invalid="ignore"):
        for above in reversed(names[names.index(name) + 1 :]):
            d = _backward(layers[above], traces[above], d).inputs
        trace = traces[name]
        gradients = _backward(layers[name], trace, d)
        dot = (gradients.inputs[0] * trace.inputs[0]).sum(axis=-1)
        return GradientNorms(
            states={state: _norm(array[0]) for state, array in gradients.states.items()},
            direct=_norm(Ledger.of(trace).carry_back(d[0])) if has_ledger(trace.cell) else None,
            inputs=_norm(gradients.inputs[0]),
            input_dot=_bounded(dot),
            loss_inputs=None if d_loss is None else _norm(gradients.inputs[1]),
        )


def _backward(layer: Recurrent, trace: Trace, d_hidden: Array) -> Gradients:
    """A layer's gradients, in float64, for as many numbers at once as `d_hidden` has rows."""
    weights = {name: w.astype(np.float64) for name, w in vars(layer.weights).items()}
    prepared = layer.cell.prepare(Weights(**weights))
    count = len(d_hidden)
    initial_state = {
        name: s.astype(np.float64).repeat(count, axis=0) for name, s in trace.initial_state.items()
    }
    inputs = trace.inputs.astype(np.float64).repeat(count, axis=0)
    mask = None if trace.mask is None else trace.mask.repeat(count, axis=0)
    exact = layer.cell.forward(prepared, inputs, initial_state, mask, trace.pins)
    return layer.cell.backward(prepared, exact, d_hidden)


def _norm(vectors: Float[Array, "timesteps size"]) -> Float[Array, " timesteps"]:
    """Euclidean norms, of vectors scaled to 1 first: a square vanishes long before its number."""
    largest = np.abs(vectors).max(axis=-1)
    scale = np.where(largest > 0, largest, 1.0)
    norms = largest * np.sqrt(np.square(vectors / scale[:, np.newaxis]).sum(axis=-1))
    return _bounded(norms)


def _bounded(numbers: Array) -> Array:
    """Beyond all numbers there is the largest."""
    return np.nan_to_num(numbers, nan=np.finfo(np.float64).max)
