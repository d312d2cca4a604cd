"""The layers a network is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..cells import Array, Cell, State, Weights
from ..shapes import Float


@dataclass(frozen=True)
class Embedding:
    """One row of numbers for each token id: (batch, timesteps) -> (batch, timesteps, features)."""

    name: str
    table: Float[Array, "tokens features"]
    mask_zero: bool = False


@dataclass(frozen=True)
class Masking:
    """Timesteps whose numbers are all `value` are padding: (batch, timesteps, features), kept."""

    name: str
    value: float


@dataclass(frozen=True)
class Recurrent:
    """A recurrent layer: (batch, timesteps, features) -> its hidden states, all or the last.

    Attributes
    ----------
    go_backwards : whether it reads the last timestep first
    zero_output_for_mask : whether zeros, and not the state before, leave the layer at timesteps
        that are masked
    use_bias : whether its bias is a weight, and not zeros in place of one
    restores_order : whether all its hidden states leave the layer in the tokens' order though it
        reads backwards, as in ONNX; in Keras they leave in the order in which they were made
    initial_state : name -> (units,), where it starts if nobody says; zeros if None
    gives : the state that leaves the layer, and that what comes after it reads
    """

    name: str
    cell: Cell
    weights: Weights
    return_sequences: bool
    go_backwards: bool = False
    zero_output_for_mask: bool = False
    use_bias: bool = True
    restores_order: bool = False
    initial_state: State | None = None
    gives: str = "hidden_state"

    @property
    def units(self) -> int:
        """How many numbers leave the layer at a timestep."""
        return self.weights.units if self.gives == "cell_state" else self.weights.hidden

    @cached_property
    def prepared(self) -> Any:
        """The weights as the cell's `forward` runs on them."""
        return self.cell.prepare(self.weights)

    def gate_weights(self) -> dict[str, dict[str, Array]]:
        """Each gate's own blocks: kernel (features, units), recurrent_kernel, bias.

        The one block of a cell without gates goes by the name of what it makes, the hidden state.
        A bias of two rows is one of the input and one of the recurrent product; `peephole` is there
        for the gates that look at the cell state.
        """
        names = self.cell.blocks
        w, count = self.weights, len(names)
        blocks = {"kernel": w.kernel, "recurrent_kernel": w.recurrent_kernel}
        if w.bias.ndim == 2:
            blocks |= {"bias": w.bias[0], "recurrent_bias": w.bias[1]}
        else:
            blocks |= {"bias": w.bias}
        split = {name: np.split(array, count, axis=-1) for name, array in blocks.items()}
        gates = {
            gate: {name: arrays[place] for name, arrays in split.items()}
            for place, gate in enumerate(names)
        }
        if w.peephole is not None:
            for gate, row in zip(self.cell.peepholes, w.peephole, strict=True):
                gates[gate]["peephole"] = row
        return gates

    def in_token_order(self, array: Array) -> Array:
        """Bring an array with timesteps on its second axis from the layer's order to the tokens'.

        The way back is the same.
        """
        return array[:, ::-1] if self.go_backwards else array


MERGES = ("concat", "sum", "ave", "mul")


@dataclass(frozen=True)
class Bidirectional:
    """Two recurrent layers over the same input, one in each direction, and how they are merged.

    Attributes
    ----------
    forward, backward : the directions; `backward` reads the last timestep first
    merge_mode : one of `MERGES`, in Keras's words
    """

    name: str
    forward: Recurrent
    backward: Recurrent
    merge_mode: str = "concat"

    @property
    def return_sequences(self) -> bool:
        """Whether all timesteps leave the layer."""
        return self.forward.return_sequences

    @property
    def units(self) -> int:
        """How many numbers leave the layer at a timestep."""
        units = self.forward.units
        return units + self.backward.units if self.merge_mode == "concat" else units

    def merge(self, forward: Array, backward: Array) -> Array:
        """Merge what the directions give, (..., units) each."""
        if self.merge_mode == "concat":
            return np.concatenate([forward, backward], axis=-1)
        if self.merge_mode == "mul":
            return forward * backward
        total = forward + backward
        return total / 2 if self.merge_mode == "ave" else total


@dataclass(frozen=True)
class Repeat:
    """One row, as often as is said: (batch, units) -> (batch, timesteps, units)."""

    name: str
    timesteps: int


@dataclass(frozen=True)
class Flatten:
    """All hidden states side by side: (batch, timesteps, units) -> (batch, timesteps * units).

    Attributes
    ----------
    timesteps : how many it must be given; None where the dense layer behind it has rows for the
        longest sequence there is, and a shorter one uses the first of them
    """

    name: str
    timesteps: int | None = None


@dataclass(frozen=True)
class Pooling:
    """One number for each unit, over all timesteps that are not masked.

    Attributes
    ----------
    kind : "max" or "average"; the maximum is over masked timesteps too, as in Keras
    """

    name: str
    kind: str


@dataclass(frozen=True)
class LastTimestep:
    """The hidden state that stands last, of either direction: out[:, -1] in PyTorch."""

    name: str


@dataclass(frozen=True)
class AllLayers:
    """The last hidden states of all recurrent layers side by side: h_n in PyTorch, flattened.

    Of a layer with two directions each one's own last state.
    """

    name: str


@dataclass(frozen=True)
class Dense:
    """A weighted sum and an activation: (..., inputs) -> (..., outputs).

    After a Flatten the kernel may have rows for more timesteps than a sentence has; it is then cut
    to the sentence.
    """

    name: str
    kernel: Float[Array, "inputs outputs"]
    bias: Float[Array, " outputs"]
    activation: str
    use_bias: bool = True


@dataclass(frozen=True)
class Activation:
    """An activation as a layer of its own."""

    name: str
    activation: str


@dataclass(frozen=True)
class PassThrough:
    """A layer that does something in training alone, such as dropout.

    Attributes
    ----------
    type : the name of its class in Keras
    """

    name: str
    type: str


HeadLayer = Flatten | Pooling | LastTimestep | AllLayers | Dense | Activation | PassThrough
Layer = Embedding | Masking | Recurrent | Bidirectional | Repeat | HeadLayer
