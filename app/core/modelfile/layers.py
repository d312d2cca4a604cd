"""The rows of a model file's JSON that describe its layers, each without its arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..cells import CELLS
from ..cells.activations import NOT_ELEMENTWISE
from ..network import ACTIVATIONS, MERGES

MAX_REPEATS = 10_000
"""Timesteps that one row may be repeated for."""

Count = Annotated[int, Field(ge=1, le=2**31)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
Shapes = dict[str, tuple[int, ...]]


def one_of(names: Collection[str]) -> Callable[[str], str]:
    """A check that a text is one of the names of a table."""

    def check(value: str) -> str:
        if value not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return value

    return check


AnyActivation = Annotated[str, AfterValidator(one_of(ACTIVATIONS))]
Elementwise = Annotated[
    str, AfterValidator(one_of([name for name in ACTIVATIONS if name not in NOT_ELEMENTWISE]))
]


class Strict(BaseModel):
    """A row that takes nothing but its own fields, of their own types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Plain(Strict):
    """A layer without arrays."""

    name: Name

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {}


class EmbeddingLayer(Strict):
    """An `Embedding` without its table."""

    type: Literal["embedding"]
    name: Name
    tokens: Count
    features: Count
    mask_zero: bool

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {"table": (self.tokens, self.features)}


class MaskingLayer(Plain):
    """A `Masking`."""

    type: Literal["masking"]
    value: float


class RecurrentLayer(Strict):
    """A `Recurrent` layer without its weights."""

    type: Literal["recurrent"]
    name: Name
    cell: Annotated[str, AfterValidator(one_of(CELLS))]
    features: Count
    units: Count
    return_sequences: bool
    go_backwards: bool = False
    zero_output_for_mask: bool = False
    use_bias: bool = True
    restores_order: bool = False
    initial_state: bool = False
    gives: Literal["hidden_state", "cell_state"] = "hidden_state"
    activation: Elementwise = "tanh"
    recurrent_activation: Elementwise = "sigmoid"
    biases: Literal[1, 2] = 1
    peephole: bool = False
    hidden: Count | None = None

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        columns = max(1, len(CELLS[self.cell].gates)) * self.units
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


class BidirectionalLayer(Strict):
    """A `Bidirectional` layer without its weights."""

    type: Literal["bidirectional"]
    name: Name
    forward: RecurrentLayer
    backward: RecurrentLayer
    merge_mode: Annotated[str, AfterValidator(one_of(MERGES))]

    def shapes(self) -> Shapes:
        """Both directions' arrays."""
        return {
            f"{part}/{name}": shape
            for part, layer in (("forward", self.forward), ("backward", self.backward))
            for name, shape in layer.shapes().items()
        }


class FlattenLayer(Plain):
    """A `Flatten`."""

    type: Literal["flatten"]
    timesteps: Count | None = None


class ReadingLayer(Plain):
    """A `Pooling`, a `LastTimestep` or an `AllLayers`."""

    type: Literal["max", "average", "last_timestep", "all_layers"]


class RepeatLayer(Plain):
    """A `Repeat`."""

    type: Literal["repeat"]
    timesteps: Annotated[int, Field(ge=1, le=MAX_REPEATS)]


class DenseLayer(Strict):
    """A `Dense` layer without its weights."""

    type: Literal["dense"]
    name: Name
    inputs: Count
    outputs: Count
    activation: AnyActivation
    use_bias: bool = True

    def shapes(self) -> Shapes:
        """Array -> shape, in the order in which the layer takes them."""
        return {"kernel": (self.inputs, self.outputs), "bias": (self.outputs,)}


class ActivationLayer(Plain):
    """An `Activation`."""

    type: Literal["activation"]
    activation: AnyActivation


class PassThroughLayer(Plain):
    """A `PassThrough`."""

    type: Literal["pass_through"]
    keras: Name


AnyLayer = Annotated[
    EmbeddingLayer
    | MaskingLayer
    | RecurrentLayer
    | BidirectionalLayer
    | FlattenLayer
    | ReadingLayer
    | RepeatLayer
    | DenseLayer
    | ActivationLayer
    | PassThroughLayer,
    Field(discriminator="type"),
]
