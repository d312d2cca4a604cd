"""What `/api/train` is asked, and says of its jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ...core.cells import CELLS, LSTM
from .basic import FailFast, Text
from .models import OwnModel


class LabelledIn(BaseModel):
    """A sentence to learn, and the label it is to be given."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    label: Text


class TrainRequest(BaseModel):
    """What to learn, from exactly one of the first five fields, and how."""

    model_config = ConfigDict(extra="forbid")

    grammar: str | None = Field(
        default=None, description="One of ours, which makes up its sentences: place or sentiment."
    )
    sentences: Annotated[list[LabelledIn], FailFast] | None = Field(
        default=None, description="Labelled sentences with two or more different labels."
    )
    csv: Text | None = Field(
        default=None,
        description="The same as CSV, whose first row names the columns text and label.",
    )
    text: Text | None = Field(
        default=None,
        description="For a model that writes on, a character at a time: 200 kB at most.",
    )
    series: Text | None = Field(
        default=None,
        description="For a model that forecasts: CSV of numbers, a row for each timestep.",
    )
    title: str | None = Field(
        default=None, min_length=1, max_length=100, description="What to call the model."
    )
    examples: int = Field(
        default=10_000, ge=100, le=20_000, description="How many sentences a grammar makes up."
    )
    cell: str = Field(default=LSTM.name, description=f"Of the recurrent layer: {', '.join(CELLS)}.")
    units: int = Field(default=8, ge=1, le=64, description="Of the recurrent layer.")
    features: int = Field(default=8, ge=1, le=64, description="Of the embedding.")
    epochs: int = Field(default=30, ge=1, le=200, description="Passes over the training data.")
    learning_rate: float = Field(
        default=0.02, gt=0, allow_inf_nan=False, description="Of Adam; it decays to a tenth."
    )
    seed: int = Field(
        default=0, ge=0, le=2**32 - 2, description="The same seed gives the same model."
    )


TRAIN_REQUEST = TypeAdapter(TrainRequest)


class JobRef(BaseModel):
    """A training that has been accepted."""

    job: str


class EpochRow(BaseModel):
    """Where a training stood after an epoch; epoch 0 is before it has learned anything."""

    epoch: int
    epochs: int = Field(description="How many there will be at most.")
    loss: float
    accuracy: float | None = Field(description="null where numbers are foretold.")
    val_loss: float | None = Field(description="On what was held out; null where nothing was.")
    val_accuracy: float | None
    seconds_left: float = Field(description="An estimate.")
    sample: str | None = Field(default=None, description="What a model that writes writes now.")
    forecast: dict[str, list[list[float]]] | None = Field(
        default=None,
        description="Of a series: its rows `seen`, those that `came`, and what the model `said`.",
    )


class JobState(BaseModel):
    """Where a training stands. `<job>@<epoch>` is a model for each epoch that is over."""

    job: str
    title: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    place: int | None = Field(description="In the queue, from 1; null where it does not wait.")
    settings: dict[str, Any] = Field(description="As they were asked for.")
    epochs: list[EpochRow]
    reading_id: str = Field(description="`<reading_id>@<epoch>` is the model after an epoch.")
    model: OwnModel | None = Field(description="What came of it; its id is that of the job.")
    model_epoch: int | None = Field(description="The epoch whose network the model has.")
    detail: str | None = Field(description="Why there is no more to come, where it was not done.")
