"""How far back a logit's gradient reaches: its norm at every timestep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..cells import Array, Trace
from ..cells.activations import slope
from ..shapes import Float
from .derivatives import Backward, bounded
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
    """

    states: dict[str, Float[Array, " timesteps"]]
    direct: Float[Array, " timesteps"] | None
    inputs: Float[Array, " timesteps"]
    input_dot: Float[Array, " timesteps"]


def gradient_norms(backward: Backward) -> GradientNorms:
    """Sum up a backward pass, a number for each timestep.

    Returns
    -------
    GradientNorms
        In the tokens' order, whichever way the layer reads.

    Notes
    -----
    A gradient that explodes beyond all numbers is given as the largest there is.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        trace, gradients = backward.trace, backward.gradients
        dot = (gradients.inputs[0] * trace.inputs[0]).sum(axis=-1)

        def in_token_order(numbers: Array) -> Array:
            turned = backward.layer.go_backwards
            return np.ascontiguousarray(numbers[::-1]) if turned else numbers

        direct = _direct(trace, backward.d_hidden) if has_ledger(trace.cell) else None
        return GradientNorms(
            states={s: in_token_order(_norm(a[0])) for s, a in gradients.states.items()},
            direct=None if direct is None else in_token_order(direct),
            inputs=in_token_order(_norm(gradients.inputs[0])),
            input_dot=in_token_order(bounded(dot)),
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
    return bounded(largest * np.sqrt(np.einsum("ti,ti->t", scaled, scaled)))
