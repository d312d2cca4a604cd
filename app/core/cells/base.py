"""What every recurrent cell shares: weights, trace, states and the table of cells' form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..shapes import Bool, Float
from .declaration import Factor, Layout, Memory, Reset

Array = np.ndarray


@dataclass(frozen=True)
class Weights:
    """The weights of one recurrent layer, in Keras's layout.

    Attributes
    ----------
    kernel : (features, gates * units)
        What the input is multiplied with; one block of columns for each gate, in the cell's order.
    recurrent_kernel : (hidden, gates * units)
        What the previous hidden state is multiplied with; `hidden` is `units` but for an LSTM with
        a projection.
    bias : (gates * units,)
        Zeros for a layer without a bias. A gated recurrent unit may have (2, gates * units), the
        input's bias over the recurrent one.
    peephole : (3, units) or None
        Of an LSTM whose input, forget and output gates, in this order, look at the cell state too.
    projection : (units, hidden) or None
        Of an LSTM whose hidden states are shorter than its cell states (`proj_size` in PyTorch;
        Sak et al. 2014, arXiv 1402.1128): what o * tanh(c) is multiplied with.
    """

    kernel: Float[Array, "features columns"]
    recurrent_kernel: Float[Array, "hidden columns"]
    bias: Float[Array, "*both columns"]
    peephole: Float[Array, "3 cells"] | None = None
    projection: Float[Array, "cells hidden"] | None = None

    @property
    def features(self) -> int:
        """Length of one timestep's input."""
        return self.kernel.shape[0]

    @property
    def units(self) -> int:
        """Length of each gate and of the cell state."""
        return self.hidden if self.projection is None else self.projection.shape[0]

    @property
    def hidden(self) -> int:
        """Length of the hidden state."""
        return self.recurrent_kernel.shape[0]

    @property
    def dtype(self) -> np.dtype:
        """The floating-point type the layer computes in."""
        return self.kernel.dtype

    def astype(self, dtype: type[np.floating]) -> Weights:
        """The same numbers in another floating-point type."""
        return replace(
            self, **{name: a.astype(dtype) for name, a in vars(self).items() if a is not None}
        )


State = Mapping[str, Array]
"""The state between two timesteps: `hidden_state` and, where the cell has one, `cell_state`,
each (batch, units), but for a hidden state that is projected."""


@dataclass(frozen=True)
class Trace:
    """Everything a recurrent layer computed on the way through a batch of sequences.

    The numbers lie in the cell's own buffers; they get their names and their batch-major shape
    when somebody asks, which costs more than a short sentence's forward pass.

    Attributes
    ----------
    inputs : (batch, timesteps, features)
    mask : (batch, timesteps) or None
        False where a timestep is padding, and its state a repetition of the one before.
    buffers : the cell's memory, in the layout of its `forward`
    cell : the row of the table whose buffers these are
    pins : gate -> (timesteps, units) or None
        The values that gates were held at, NaN where they were free.
    projection : (units, hidden) or None
        What made the hidden states shorter than the cell states.
    """

    inputs: Float[Array, "batch timesteps features"]
    mask: Bool[Array, "batch timesteps"] | None
    buffers: tuple[Array, ...]
    cell: Cell
    pins: Mapping[str, Float[Array, "timesteps units"]] | None = None
    projection: Float[Array, "units hidden"] | None = None

    @cached_property
    def _states(self) -> tuple[State, Mapping[str, Array]]:
        return self.cell.name_values(self.buffers)

    @property
    def initial_state(self) -> State:
        """The state before the first timestep, name -> (batch, units)."""
        return self._states[0]

    @property
    def values(self) -> Mapping[str, Float[Array, "batch timesteps units"]]:
        """Gates after their sigmoid or tanh, then states; name -> (batch, timesteps, units)."""
        return self._states[1]

    @cached_property
    def preactivations(self) -> Mapping[str, Float[Array, "batch timesteps units"]]:
        """The gates before their sigmoid or tanh, name -> (batch, timesteps, units)."""
        return self.cell.name_preactivations(self.buffers)

    def __getitem__(self, name: str) -> Float[Array, "batch timesteps units"]:
        """One gate or state, at every timestep."""
        return self.values[name]

    @property
    def timesteps(self) -> int:
        """How many timesteps were read."""
        return self.inputs.shape[1]

    def state(self, timestep: int) -> State:
        """The state after `timestep` timesteps, name -> (batch, units); 0 is the initial state."""
        if timestep == 0:
            return self.initial_state
        return {name: self.values[name][:, timestep - 1] for name in self.cell.states}


@dataclass(frozen=True)
class Gradients:
    """The derivatives of one number, such as a loss, with respect to all that it came from.

    Attributes
    ----------
    find_weights : computes `weights`, for which nobody asks but a trainer
    inputs : (batch, timesteps, features)
    initial_state : of the state before the first timestep, name -> (batch, units)
    states : total derivatives, through every path, name -> (batch, timesteps, units)
    """

    find_weights: Callable[[], Weights]
    inputs: Float[Array, "batch timesteps features"]
    initial_state: State
    states: Mapping[str, Float[Array, "batch timesteps units"]]

    @cached_property
    def weights(self) -> Weights:
        """Those of the kernel, the recurrent kernel and the bias, in Keras's layout."""
        return self.find_weights()


@dataclass(frozen=True)
class Cell:
    """One row of the table of cells.

    Attributes
    ----------
    name : the cell's name on the wire
    class_name : the name of its layer's class, in Keras where Keras has one
    noun : what people call it, with its article
    gates : gate names in the order of the weights' column blocks; none for a single block, which
        makes the hidden state itself
    states : names of what passes from one timestep to the next
    step : the textbook equations, one timestep: (weights, inputs, state) -> name -> (batch, units)
    prepare : weights -> whatever `forward` runs fastest on, made once when a model is loaded
    forward : (prepared, inputs, initial_state, mask, pins) -> Trace
    backward : (prepared, trace, d_hidden) -> Gradients, where d_hidden, (batch, timesteps, units),
        is the derivative with respect to each hidden state as it leaves the layer
    name_values : buffers -> (initial state, gates and states)
    name_preactivations : buffers -> gates before their activation
    activation, recurrent_activation : Keras's names of what makes the candidate, and the gates
    memory : the state that is kept in part and added to; None for a cell that writes its state anew
    derived : gate -> the factor that it is; such a gate has no weights
    reset : the gate that the hidden state meets on its way into the candidate
    open_at_first : the gate whose bias begins at one
    peepholes : the gates that may look at the cell state too, in the order of `Weights.peephole`
    projects : whether its weights may have a projection, which shortens the hidden state
    two_biases : whether the recurrent bias is kept apart from the input's
    layouts : framework ("keras", "pytorch", "onnx") -> how it keeps the weights
    vary : (activation, recurrent activation) -> the same cell with these; None where
        `activated.with_activations` makes it
    """

    name: str
    class_name: str
    noun: str
    gates: tuple[str, ...]
    states: tuple[str, ...]
    step: Callable[[Weights, Array, State], dict[str, Array]]
    prepare: Callable[[Weights], Any]
    forward: Callable[[Any, Array, State | None, Array | None, Any], Trace]
    backward: Callable[[Any, Trace, Array], Gradients]
    name_values: Callable[[tuple[Array, ...]], tuple[State, Mapping[str, Array]]]
    name_preactivations: Callable[[tuple[Array, ...]], Mapping[str, Array]]
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    memory: Memory | None = None
    derived: Mapping[str, Factor] = field(default_factory=dict)
    reset: Reset | None = None
    open_at_first: str | None = None
    peepholes: tuple[str, ...] = ()
    projects: bool = False
    two_biases: bool = False
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    vary: Callable[[str, str], Cell] | None = None

    @property
    def blocks(self) -> tuple[str, ...]:
        """What each block of columns makes: a gate, or the hidden state itself."""
        return self.gates or ("hidden_state",)

    @cached_property
    def declaration(self) -> dict[str, Any]:
        """What the cell is made of, as the wire has it; what it does not have is left out."""
        memory, reset = self.memory, self.reset
        said: dict[str, Any] = {"gates": list(self.gates), "states": list(self.states)}
        if self.derived:
            said["derived"] = {gate: str(factor) for gate, factor in self.derived.items()}
        if reset is not None:
            said["reset"] = {"gate": reset.gate, "after": reset.after}
        if memory is not None:
            said["memory"] = {
                "state": memory.state,
                "keeps": str(memory.keeps),
                "writes": [str(factor) for factor in memory.writes],
            }
            if memory.shown_by is not None:
                said["memory"]["shown_by"] = memory.shown_by
        return said


def sigmoid(z: Array) -> Array:
    """Logistic function, by the tanh that cannot overflow: (tanh(z / 2) + 1) / 2."""
    return 0.5 * np.tanh(0.5 * z) + 0.5
