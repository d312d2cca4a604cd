"""Each word's exact share of a logit (Murdoch & Szlam 2017, arXiv 1702.02540).

Where the head adds up hidden states, logit = bias + sum over t of w_t . (o_t * tanh(c_t)), and the
ledger says which part of c_t each source wrote. With P_{t,s} the sum of what sources 0 to s left
in c_t, the terms

    w_t . (o_t * (tanh(P_{t,s}) - tanh(P_{t,s-1})))

add up to the whole over s, so that their sum over t is what word s contributed. The difference is
taken last, of two numbers, and not of two vectors for every t and s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..cells import Array, Trace
from ..shapes import Float
from .ledger import Ledger


@dataclass(frozen=True)
class Attributions:
    """Shares that add up to a logit minus its bias.

    Attributes
    ----------
    initial_state : the share of the state before the first timestep
    scores : (timesteps,), each word's share
    """

    initial_state: float
    scores: Float[Array, " timesteps"]


def attribute(
    trace: Trace, weights: Float[Array, "timesteps hidden"], gives: str = "hidden_state"
) -> Attributions:
    """Share out the sum of `weights * hidden_state` among the words and the initial state.

    Parameters
    ----------
    trace : of one sequence
    weights : (timesteps, hidden), what the head multiplies each hidden state with
    gives : the state that the head reads; where it is the remembered one, the shares of that are
        the ledger's own

    Raises
    ------
    BadInput
        For a cell without a memory ledger.
    """
    ledger, memory = Ledger.of(trace), trace.cell.memory
    remembered = memory is not None and memory.state == gives != "hidden_state"
    if remembered:  # c_t itself, and not what an output gate shows of it
        ledger = replace(ledger, exposed=np.ones_like(ledger.kept), squash=np.asarray)
    sums = np.zeros(trace.timesteps + 1)  # of the shares of sources 0 to s
    plain = remembered or trace.projection is None
    of_units = weights if plain else weights @ trace.projection.T  # type: ignore[union-attr]
    for weight, exposed, left in zip(of_units, ledger.exposed, ledger.partial_sums(), strict=True):
        if weight.any():
            shown = ledger.squash(left) @ (weight * exposed)
            sums[: len(left)] += shown
            sums[len(left) :] += shown[-1]  # later sources add nothing here
    shares = np.diff(sums, prepend=0)
    if (
        trace.mask is not None and not remembered
    ):  # until a word is read, the hidden state is the initial one
        unread = np.maximum.accumulate(trace.mask[0]) == 0
        shares[0] += (weights[unread] @ trace.initial_state["hidden_state"][0]).sum()
    return Attributions(float(shares[0]), shares[1:])
