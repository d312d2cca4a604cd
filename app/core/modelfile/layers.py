"""The rows of a model file's JSON that describe its layers, each without its arrays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..cells import CELLS
from ..cells.activations import NOT_ELEMENTWISE
from ..network import ACTIVATIONS, MERGES

MAX_REPEATS = 10_000
"""Timesteps that one row may be repeated for."""

Count = Annotated[int, Meta(ge=1, le=2**31)]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\A[^\x00-\x1f]+\Z")]
Shapes = dict[str, tuple[int, ...]]

ELEMENTWISE = [name for name in ACTIVATIONS if name not in NOT_ELEMENTWISE]


def check_name(field: str, value: str, names: Collection[str]) -> None:
    """Refuse a text that is none of the names of a table.

    Raises
    ------
    ValueError
        Naming the table's.
    """
    if value not in names:
        raise ValueError(f"{field} must be one of {', '.join(names)}")


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row that takes nothing but its own fields, of their own types."""


class Plain(Strict, frozen=True, kw_only=True, tag_field="type"):
    """A layer without arrays."""

    name: Name

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {}


class EmbeddingLayer(Plain, frozen=True, kw_only=True, tag="embedding"):
    """An `Embedding` without its table."""

    tokens: Count
    features: Count
    mask_zero: bool

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {"table": (self.tokens, self.features)}


class MaskingLayer(Plain, frozen=True, kw_only=True, tag="masking"):
    """A `Masking`."""

    value: float


class RecurrentLayer(Plain, frozen=True, kw_only=True, tag="recurrent"):
    """A `Recurrent` layer without its weights."""

    cell: str
    features: Count
    units: Count
    return_sequences: bool
    go_backwards: bool = False
    zero_output_for_mask: bool = False
    use_bias: bool = True
    restores_order: bool = False
    initial_state: bool = False
    gives: Literal["hidden_state", "cell_state"] = "hidden_state"
    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    biases: Literal[1, 2] = 1
    peephole: bool = False
    hidden: Count | None = None

    def __post_init__(self) -> None:
        check_name("cell", self.cell, CELLS)
        check_name("activation", self.activation, ELEMENTWISE)
        check_name("recurrent_activation", self.recurrent_activation, ELEMENTWISE)

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        columns = len(CELLS[self.cell].blocks) * self.units
        states = CELLS[self.cell].states if self.initial_state else ()
        hidden = self.hidden or self.units
        return {
            "kernel": (self.features, columns),
            "recurrent_kernel": (hidden, columns),
            "bias": (columns,) if self.biases == 1 else (2, columns),
            **({"peephole": (3, self.units)} if self.peephole else {}),
            **({"projection": (self.units, hidden)} if self.hidden else {}),
        } | {
            f"initial_{state}": (hidden if state == "hidden_state" else self.units,)
            for state in states
        }


class BidirectionalLayer(Plain, frozen=True, kw_only=True, tag="bidirectional"):
    """A `Bidirectional` layer without its weights."""

    forward: RecurrentLayer
    backward: RecurrentLayer
    merge_mode: str

    def __post_init__(self) -> None:
        check_name("merge_mode", self.merge_mode, MERGES)

    def shapes(self) -> Shapes:
        """Both directions' arrays."""
        return {
            f"{part}/{name}": shape
            for part, layer in (("forward", self.forward), ("backward", self.backward))
            for name, shape in layer.shapes().items()
        }


class FlattenLayer(Plain, frozen=True, kw_only=True, tag="flatten"):
    """A `Flatten`."""

    timesteps: Count | None = None


class RepeatLayer(Plain, frozen=True, kw_only=True, tag="repeat"):
    """A `Repeat`."""

    timesteps: Annotated[int, Meta(ge=1, le=MAX_REPEATS)]


class ReadingLayer(Plain, frozen=True, kw_only=True):
    """What reads the hidden states of all timesteps, or of all layers."""


class MaximumLayer(ReadingLayer, frozen=True, kw_only=True, tag="max"):
    """A `Pooling` of the largest."""


class AverageLayer(ReadingLayer, frozen=True, kw_only=True, tag="average"):
    """A `Pooling` of the mean."""


class LastTimestepLayer(ReadingLayer, frozen=True, kw_only=True, tag="last_timestep"):
    """A `LastTimestep`."""


class AllLayersLayer(ReadingLayer, frozen=True, kw_only=True, tag="all_layers"):
    """An `AllLayers`."""


class DenseLayer(Plain, frozen=True, kw_only=True, tag="dense"):
    """A `Dense` layer without its weights."""

    inputs: Count
    outputs: Count
    activation: str
    use_bias: bool = True

    def __post_init__(self) -> None:
        check_name("activation", self.activation, ACTIVATIONS)

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {"kernel": (self.inputs, self.outputs), "bias": (self.outputs,)}


class ActivationLayer(Plain, frozen=True, kw_only=True, tag="activation"):
    """An `Activation`."""

    activation: str

    def __post_init__(self) -> None:
        check_name("activation", self.activation, ACTIVATIONS)


class PassThroughLayer(Plain, frozen=True, kw_only=True, tag="pass_through"):
    """A `PassThrough`."""

    keras: Name


AnyLayer = (
    EmbeddingLayer
    | MaskingLayer
    | RecurrentLayer
    | BidirectionalLayer
    | FlattenLayer
    | RepeatLayer
    | MaximumLayer
    | AverageLayer
    | LastTimestepLayer
    | AllLayersLayer
    | DenseLayer
    | ActivationLayer
    | PassThroughLayer
)
