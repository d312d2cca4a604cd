"""Going on from what was read: a network's answer becomes the next thing that it reads.

A head that gives one probability for each token says which may come next; one is drawn, or the
likeliest taken, and read in its turn. A head that gives as many numbers as a timestep has is a
forecast of the next timestep. Each step costs a step, whatever has been read: the states of all
recurrent layers are handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .cells import Array, State
from .cells.activations import softmax
from .network import Network, Run
from .shapes import Float

TINY = np.finfo(np.float32).tiny


@dataclass(frozen=True)
class Sampling:
    """How to choose among the tokens that may come next.

    Attributes
    ----------
    temperature : what logits are divided by; at 0 the likeliest is taken
    top_k : how many of the likeliest may be chosen at all; None for all
    """

    temperature: float = 1.0
    top_k: int | None = None

    def probabilities(self, logits: Float[Array, " outputs"]) -> Float[Array, " outputs"]:
        """What a token is drawn by; at temperature 0 the network's own, as at 1."""
        scaled = logits.astype(np.float64) / (self.temperature or 1.0)
        if self.top_k is not None and self.top_k < len(scaled):
            likeliest = np.argsort(-scaled, kind="stable")[: self.top_k]  # of equals the first
            kept = np.full(len(scaled), -np.inf)
            kept[likeliest] = scaled[likeliest]
            scaled = kept
        return softmax(scaled)

    def draw(self, probabilities: Float[Array, " outputs"], random: np.random.Generator) -> int:
        """One output's place."""
        if not self.temperature:
            return int(probabilities.argmax())
        return int(random.choice(len(probabilities), p=probabilities))


class Choice(NamedTuple):
    """A token that was chosen, as an output's place, and what it was chosen by."""

    output: int
    probabilities: Float[Array, " outputs"]


class Reader:
    """A network and the states that its recurrent layers are in, which go on as it reads.

    Parameters
    ----------
    network : one whose layers all read forward, and whose head reads single hidden states
    states : recurrent layer's name -> its state; the layer's own where there is none
    """

    def __init__(self, network: Network, states: Mapping[str, State] | None = None) -> None:
        self.network = network
        self.states: Mapping[str, State] | None = states

    def read(self, inputs: Array) -> Float[Array, " outputs"]:
        """Read on; what the head says at the end.

        Parameters
        ----------
        inputs : (1, timesteps) ids or (1, timesteps, features) numbers
        """
        run: Run = self.network.run(inputs, self.states)
        self.states = {name: trace.state(trace.timesteps) for name, trace in run.traces.items()}
        assert run.by_timestep is not None  # such a network has a head
        return run.by_timestep[0, -1]


def write(
    reader: Reader,
    inputs: Array,
    token_ids: Array,
    sampling: Sampling,
    random: np.random.Generator,
    one_hot: bool = False,
) -> Iterator[Choice]:
    """Choose token after token, without end.

    Parameters
    ----------
    reader : goes on to have read everything but the token that was yielded last
    inputs : what stands before, (1, timesteps) ids or (1, timesteps, features) numbers
    token_ids : (outputs,), which id each output speaks of
    one_hot : whether the network reads a one at the token's place in place of its id
    """
    gives_probabilities = reader.network.gives_probabilities
    while True:
        given = reader.read(inputs)
        logits = np.log(np.maximum(given, TINY)) if gives_probabilities else given
        probabilities = sampling.probabilities(logits)
        output = sampling.draw(probabilities, random)
        yield Choice(output, probabilities)
        token = int(token_ids[output])
        if one_hot:
            inputs = np.zeros((1, 1, len(token_ids)), np.float32)
            inputs[0, 0, token] = 1
        else:
            inputs = np.array([[token]])


def forecast(reader: Reader, inputs: Float[Array, "one timesteps features"]) -> Iterator[Array]:
    """Foretell timestep after timestep, each read in its turn, without end."""
    while True:
        row = reader.read(inputs).astype(np.float32)
        yield row
        inputs = row[np.newaxis, np.newaxis]
