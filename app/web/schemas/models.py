"""What is said of models: lists, summaries, weights, and what their owner changes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .step_answer import LayerRow


class Reads(BaseModel):
    """What a model takes in."""

    kind: Literal["words", "characters", "token_ids", "numbers"]
    timesteps: int | None = Field(description="A sequence's length; null where any will do.")
    rows: int | None = Field(default=None, description="Of its embedding: ids go from 0.")
    features: int | None = Field(default=None, description="Numbers for each timestep.")
    example: list[int] | list[list[float]] | str | None = Field(
        default=None, description="Of token ids, numbers or characters: something to begin with."
    )


class ModelRow(BaseModel):
    """One model of the list."""

    id: str
    title: str
    description: str
    provenance: dict[str, Any]
    reads: Reads
    layers: list[LayerRow]
    total_parameters: int


class OwnModel(ModelRow):
    """A model that one has brought or trained. Its `id` is its owner's, who alone can change it."""

    reading_id: str = Field(
        description="Opens the model for reading; can be shared. Other answers call it by this id."
    )


class ImportedModel(OwnModel):
    """A model that was brought, and how its file was read."""

    detected: dict[str, Any] = Field(
        description=(
            "`format`; what was found, such as the gates' order; `assumed`, what the file does not "
            "say; `choices`, what it may be instead; `snippet`, code that gives the same numbers."
        )
    )


ONE_LINE = r"^[^\x00-\x1f\x7f]*$"

Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, strict=True, min_length=1, max_length=100, pattern=ONE_LINE
    ),
]


class Compared(BaseModel):
    """What came of holding a brought model to what a framework gave."""

    model_config = ConfigDict(extra="forbid")

    matches: bool = Field(strict=True)
    numbers: int = Field(ge=1, le=10_000_000, strict=True)
    largest: float = Field(
        ge=0, allow_inf_nan=False, strict=True, description="The largest difference"
    )
    of: Title = Field(description="What the numbers are, such as `the model's output`")


class Change(BaseModel):
    """What to call a model from now on, or what came of a comparison: one of the two, or both."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = Field(
        default=None,
        description="1 to 100 characters in one line; spaces around them are removed.",
    )
    compared: Compared | None = Field(
        default=None, description="Of a brought model; it stands in `detected` from then on."
    )


class ChangedModel(OwnModel):
    """A model that was changed."""

    detected: dict[str, Any] | None = Field(
        default=None, description="Of a brought model: see POST /api/models."
    )


class ModelList(BaseModel):
    """The public models."""

    models: list[ModelRow]


class SummaryRow(BaseModel):
    """One line of a Keras-style summary; the batch size is null."""

    name: str
    type: str
    output_shape: list[int | None]
    parameters: int


class NextRow(BaseModel):
    """What a model's outputs say of the next timestep."""

    kind: Literal["tokens", "one_hot", "numbers"]
    recognised: str = Field(description="How that was told.")
    texts: list[str] | None = Field(
        default=None, description="The token that each output speaks of; null if too many."
    )


class Summary(BaseModel):
    """A Keras-style summary."""

    id: str = Field(description="That the model is read by, whichever it was asked for by.")
    layers: list[SummaryRow]
    total_parameters: int
    code: str = Field(description="The lines of Keras that build the model.")
    reads: Reads
    recurrent: list[LayerRow] = Field(description="Those whose gates can be looked at.")
    card: dict[str, Any] = Field(
        description="Of a trained model: its task, data, size, accuracy, and what it cannot do."
    )
    next: NextRow | None = Field(
        description="For `/api/generate`; null where the outputs say nothing of what comes next."
    )


class GateWeights(BaseModel):
    """One gate's weights; with `unit`, that unit's column of each and a number for the bias."""

    kernel: list[list[float]] | list[float]
    recurrent_kernel: list[list[float]] | list[float]
    bias: list[float] | float
    recurrent_bias: list[float] | float | None = Field(
        default=None, description="Of a GRU that resets after the product: it has two."
    )
    peephole: list[float] | float | None = Field(
        default=None,
        description=(
            "Of an LSTM's gate that looks at the cell state: what c_{t-1}, for the output gate "
            "c_t, is multiplied with, unit by unit."
        ),
    )
    projection: list[list[float]] | list[float] | None = Field(
        default=None,
        description=(
            "Of the output gate of an LSTM with a projection: what o * tanh(c) is multiplied with, "
            "a row for each unit; of one unit its row, its share of each hidden number."
        ),
    )


class Direction(BaseModel):
    """A layer in one direction, whose hidden states stand beside those of the other."""

    layer: str
    units: int


class HeadWeights(BaseModel):
    """What makes the answer of the hidden states: one dense layer's weights, and how it reads."""

    layer: str
    recurrent: str = Field(description="The layer whose hidden states it reads.")
    directions: list[Direction] = Field(
        description="The same, direction by direction, in the order of the kernel's rows."
    )
    reads: Literal["each", "last", "final", "flatten", "average", "max"] = Field(
        description="Each hidden state by itself, the last one, the final one of each direction, "
        "all side by side, or one number for each unit over all timesteps."
    )
    skips_masked: bool = Field(description="Whether masked timesteps count as zeros.")
    kernel: list[list[float]] = Field(
        description="(inputs, outputs); after a Flatten cut to the `timesteps` asked for."
    )
    bias: list[float]
    activation: str
    labels: list[str]
