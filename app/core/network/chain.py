"""A network as a chain of layers: an embedding, recurrent layers, and a head on top."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..cells import Array, State, Trace
from ..cells.activations import PROBABILITIES
from ..shapes import Bool, Float, Int
from .checks import check_layers
from .code import keras_lines
from .head import run_head
from .layers import (
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    HeadLayer,
    LastTimestep,
    Layer,
    Masking,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)
from .size import Size, size_of
from .summary import Row, summarize


@dataclass(frozen=True)
class Run:
    """What a network computed for a batch.

    Attributes
    ----------
    traces : recurrent layer's name -> its trace, in the order in which it read the timesteps
    by_timestep : (batch, timesteps, outputs), or None without a head
        What the head would say had the sequence ended there. Only one row, for the whole sequence,
        where that cannot be told: where a layer reads backwards, or a Flatten is of fixed length;
        but all rows of a network that predicts at every timestep.
    """

    traces: Mapping[str, Trace]
    by_timestep: Float[Array, "batch rows outputs"] | None


@dataclass(frozen=True)
class Network:
    """Layers in the order in which they are computed."""

    layers: tuple[Layer, ...]

    @cached_property
    def embedding(self) -> Embedding | None:
        """The first layer, where it is an embedding."""
        first = self.layers[0]
        return first if isinstance(first, Embedding) else None

    @cached_property
    def recurrent(self) -> dict[str, Recurrent]:
        """The recurrent layers, by name, first to last; each direction is a layer of its own."""
        found: dict[str, Recurrent] = {}
        for layer in self.layers:
            if isinstance(layer, Recurrent):
                found[layer.name] = layer
            elif isinstance(layer, Bidirectional):
                found |= {each.name: each for each in (layer.forward, layer.backward)}
        return found

    @cached_property
    def _last(self) -> int:
        """The place of the last recurrent layer."""
        kinds = (Recurrent, Bidirectional)
        return max(i for i, layer in enumerate(self.layers) if isinstance(layer, kinds))

    @cached_property
    def last_recurrent(self) -> Recurrent | Bidirectional:
        """What the head reads."""
        return self.layers[self._last]  # type: ignore[return-value]

    @cached_property
    def above(self) -> tuple[Layer, ...]:
        """Everything that follows the last recurrent layer."""
        return self.layers[self._last + 1 :]

    @cached_property
    def head(self) -> tuple[HeadLayer, ...]:
        """What follows the last recurrent layer, but for what does nothing."""
        return tuple(x for x in self.above if not isinstance(x, PassThrough))  # type: ignore[misc]

    @cached_property
    def features(self) -> int:
        """How many numbers make one timestep, where there is no embedding."""
        kinds = (Dense, Recurrent, Bidirectional)
        first = next(layer for layer in self.layers if isinstance(layer, kinds))
        if isinstance(first, Dense):
            return len(first.kernel)
        return (first.forward if isinstance(first, Bidirectional) else first).weights.features

    @cached_property
    def predicts_every_timestep(self) -> bool:
        """Whether the head is applied to each hidden state, and the output has one row for each."""
        readers = (Flatten, Pooling, LastTimestep, AllLayers)
        read = any(isinstance(layer, readers) for layer in self.head)
        return self.last_recurrent.return_sequences and not read

    @cached_property
    def reads_all_layers(self) -> bool:
        """Whether the head reads the last states of all recurrent layers, not of the last alone."""
        return any(isinstance(layer, AllLayers) for layer in self.head)

    @cached_property
    def reads_forward(self) -> bool:
        """Whether the state at a timestep depends on that timestep and those before it alone."""
        return not any(layer.go_backwards for layer in self.recurrent.values())

    @cached_property
    def predicts_prefixes(self) -> bool:
        """Whether the head can say what it would had the sequence ended at any timestep."""
        return self.reads_forward and self.fixed_timesteps is None and not self.repeats

    def timesteps_of(self, layer: str, timesteps: int) -> int:
        """How many timesteps a recurrent layer has where the network reads so many.

        Behind what repeats a state it is as many as that repeats.
        """
        for each in self.layers:
            if isinstance(each, Repeat):
                timesteps = each.timesteps
            elif each.name == layer or each.name == layer.rpartition("/")[0]:
                break
        return timesteps

    @cached_property
    def repeats(self) -> Repeat | None:
        """What repeats a state, as between the two halves of an autoencoder."""
        return next((layer for layer in self.layers if isinstance(layer, Repeat)), None)

    @cached_property
    def gives_cell_state(self) -> Recurrent | None:
        """The layer whose cell state, in place of its hidden state, is what comes after reads."""
        unusual = (layer for layer in self.recurrent.values() if layer.gives != "hidden_state")
        return next(unusual, None)

    @cached_property
    def gives_probabilities(self) -> bool:
        """Whether what the head gives are probabilities, by its last activation."""
        last = self.head[-1] if self.head else None
        return isinstance(last, (Dense, Activation)) and last.activation in PROBABILITIES

    @cached_property
    def outputs(self) -> int:
        """How many numbers the head gives; 0 without a head."""
        return check_layers(self.layers) if self.head else 0

    @cached_property
    def size(self) -> Size:
        """What one timestep takes, all layers together."""
        return size_of(self.layers)

    @cached_property
    def fixed_timesteps(self) -> int | None:
        """How many timesteps a sequence must have; None for any number."""
        lengths = (layer.timesteps for layer in self.head if isinstance(layer, Flatten))
        return next(lengths, None)

    @cached_property
    def max_timesteps(self) -> int | None:
        """The longest sequence the head has weights for; None for any length."""
        if self.fixed_timesteps is not None:
            return self.fixed_timesteps
        for layer, following in zip(self.head, self.head[1:], strict=False):
            if isinstance(layer, Flatten) and isinstance(following, Dense):
                return len(following.kernel) // self.last_recurrent.units
        return None

    def run(
        self,
        inputs: Int[Array, "batch timesteps"] | Float[Array, "batch timesteps features"],
        initial_states: Mapping[str, State] | None = None,
        pins: Mapping[str, Mapping[str, Array]] | None = None,
    ) -> Run:
        """Compute everything.

        Parameters
        ----------
        inputs : token ids for a network with an embedding, else numbers
        initial_states : recurrent layer's name -> its state before the first timestep it reads;
            the layer's own for a layer that is not in it
        pins : recurrent layer's name -> the values to hold its gates at, as the cell's `forward`
            takes them, but in the tokens' order
        """
        mask: Bool[Array, "batch timesteps"] | None = None
        x, traces = inputs, {}

        def read(layer: Recurrent) -> None:
            state = (initial_states or {}).get(layer.name) or layer.initial_state
            if state is not None:
                state = {
                    name: np.broadcast_to(s, (len(x), s.shape[-1])) for name, s in state.items()
                }
            turned, unmasked = layer.in_token_order(x), mask
            if mask is not None:
                unmasked = layer.in_token_order(mask)
            held = (pins or {}).get(layer.name)
            if held and layer.go_backwards:
                held = {gate: values[::-1] for gate, values in held.items()}
            traces[layer.name] = layer.cell.forward(layer.prepared, turned, state, unmasked, held)

        for layer in self.layers[: self._last + 1]:
            if isinstance(layer, Embedding):
                mask = x != 0 if layer.mask_zero else None
                x = layer.table[x]
            elif isinstance(layer, Masking):
                kept = (x != layer.value).any(axis=-1)
                x, mask = np.where(kept[..., np.newaxis], x, 0), kept
            elif isinstance(layer, Recurrent):
                read(layer)
                x = leaving(layer, traces)
            elif isinstance(layer, Bidirectional):
                read(layer.forward)
                read(layer.backward)
                x = leaving(layer, traces)
            elif isinstance(layer, Repeat):
                x, mask = repeated(layer, x), None
            else:
                x = run_head((layer,), x)
        if self.reads_all_layers:
            x = states_of_layers(self, traces)
        return Run(traces, self._read(x, mask))

    def _read(self, x: Array, mask: Array | None) -> Array | None:
        """What the head says, in one row for each prefix that it can be said of."""
        if not self.head:
            return None
        if any(isinstance(layer, LastTimestep) for layer in self.head) and not self.reads_forward:
            x = x[:, -1:]
        if mask is not None and x.shape[1] != mask.shape[1]:
            mask = None  # one row, which is no timestep
        rows = run_head(self.head, x, mask)
        if self.reads_forward or self.predicts_every_timestep:
            return rows
        return rows[:, -1:]

    def summary(self, timesteps: int) -> list[Row]:
        """What Keras's `model.summary()` says for sequences of this length."""
        shape = (None, self.fixed_timesteps or timesteps)
        return summarize(self.layers, shape if self.embedding else (*shape, self.features))

    def code(self, timesteps: int | None = None, distributed: Collection[str] = ()) -> str:
        """The lines of Keras that build it, for sequences of this length; None for any.

        Parameters
        ----------
        distributed : names of the dense layers that are wrapped in a `TimeDistributed`
        """
        length = self.fixed_timesteps or timesteps
        shape = (length,) if self.embedding else (length, self.features)
        return "\n".join(keras_lines(self.layers, shape, distributed))


def repeated(layer: Repeat, x: Float[Array, "batch rows units"]) -> Array:
    """The last row, for each timestep of what comes after."""
    return np.repeat(x[:, -1:], layer.timesteps, axis=1)


def leaving(
    layer: Recurrent | Bidirectional, traces: Mapping[str, Trace]
) -> Float[Array, "batch rows units"]:
    """What leaves a recurrent layer, of what it, or its directions, computed.

    All timesteps, of both directions in the tokens' order; of a bidirectional layer that gives its
    last states alone one row, with each direction's own last.
    """
    if isinstance(layer, Recurrent):
        hidden = _hidden(layer, traces)
        restored = layer.restores_order and layer.return_sequences
        return layer.in_token_order(hidden) if restored else hidden
    forward, backward = _hidden(layer.forward, traces), _hidden(layer.backward, traces)
    if layer.return_sequences:
        return layer.merge(forward, layer.backward.in_token_order(backward))
    return layer.merge(forward[:, -1:], backward[:, -1:])


def states_of_layers(
    network: Network, traces: Mapping[str, Trace]
) -> Float[Array, "batch rows states"]:
    """The hidden states of all recurrent layers side by side, had the sequence ended at each.

    One row, for the whole sequence, where a layer reads backwards.
    """
    rows = slice(None) if network.reads_forward else slice(-1, None)
    found = []
    for layer in network.layers:
        if isinstance(layer, Recurrent):
            found.append(traces[layer.name]["hidden_state"][:, rows])
        elif isinstance(layer, Bidirectional):
            both = (traces[each.name]["hidden_state"] for each in (layer.forward, layer.backward))
            found.append(layer.merge(*(states[:, rows] for states in both)))
    return np.concatenate(found, axis=-1)


def _hidden(layer: Recurrent, traces: Mapping[str, Trace]) -> Array:
    """What a layer gives, in the order in which it read, zeros where it gives these for padding."""
    trace = traces[layer.name]
    hidden = trace[layer.gives]
    if trace.mask is None or not layer.zero_output_for_mask:
        return hidden
    return np.where(trace.mask[..., np.newaxis], hidden, 0)
