"""The last weighted sum before an answer: what reads the hidden states, and how."""

from __future__ import annotations

from dataclasses import dataclass

from .chain import Network
from .layers import Activation, AllLayers, Bidirectional, Dense, Flatten, LastTimestep, Pooling


@dataclass(frozen=True)
class LastSum:
    """The one dense layer of a head without hidden layers, with what leads to it and follows.

    Attributes
    ----------
    layer : the dense layer, whose kernel a Flatten may give more rows than a sentence needs
    reads : "each" hidden state by itself, the "last" one, the "final" one of each direction, all of
        them side by side ("flatten"), or their "average" or "max" over the timesteps, unit by unit
    activation : what makes the answer of its sums
    """

    layer: Dense
    reads: str
    activation: str


def last_sum(network: Network) -> LastSum | str:
    """Describe how a network's answer comes of its hidden states.

    Returns
    -------
    that, or a sentence's end that says why it is no sum of hidden states times weights
    """
    dense = [layer for layer in network.head if isinstance(layer, Dense)]
    if not dense:
        return "it has no dense layer to answer with"
    last = network.last_recurrent
    both = isinstance(last, Bidirectional)
    if network.gives_cell_state:
        return "it reads the cell state, not the hidden states"
    if both and last.merge_mode != "concat":
        return "its two directions are made one number before its dense layer reads them"
    after = network.head[network.head.index(dense[0]) + 1 :]
    activations = [layer.activation for layer in after if isinstance(layer, Activation)]
    names = [dense[0].activation, *activations]
    curved = [name for name in names if name != "linear"]
    if len(dense) > 1 or len(curved) > 1 or len(activations) < len(after):
        return "it has hidden layers between its hidden states and its answer"
    reads = "each" if network.predicts_every_timestep else "last"
    if both and not last.return_sequences:
        reads = "final"
    for layer in network.head[: network.head.index(dense[0])]:
        if isinstance(layer, Flatten):
            reads = "flatten"
        elif isinstance(layer, Pooling):
            reads = layer.kind
        elif isinstance(layer, AllLayers):
            return "its dense layer reads the last states of all its recurrent layers"
        elif not isinstance(layer, LastTimestep):
            return "it has hidden layers between its hidden states and its answer"
    return LastSum(dense[0], reads, *(curved or ["linear"]))
