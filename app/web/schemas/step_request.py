"""What `/api/step` is asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ...core.pins import Pin
from ...service.question import StepQuestion
from .basic import FailFast, Number, Numbers, Text


class LayerStateIn(BaseModel):
    """The state of one recurrent layer."""

    model_config = ConfigDict(extra="forbid")

    hidden_state: Numbers
    cell_state: Numbers | None = None


class StateIn(BaseModel):
    """A state to start from, as `state` of an earlier answer gave it."""

    model_config = ConfigDict(extra="forbid")

    hidden_state: Numbers | None = None
    cell_state: Numbers | None = None
    layers: dict[str, LayerStateIn] | None = Field(
        default=None,
        max_length=100,
        description="Of several recurrent layers: each one's state, by its name.",
    )


class PinIn(BaseModel):
    """A gate held at a value at one timestep, whatever its sum says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    timestep: int = Field(description="From 1.")
    gate: str = Field(description="A gate of the layer, such as forget_gate.")
    unit: int | None = Field(default=None, description="From 0; null holds all units.")
    value: Number = Field(description="0 to 1 for a gate, -1 to 1 for the candidate.")


Part = Literal["preactivations", "memory", "gradients", "attributions", "updates"]


class StepRequest(BaseModel):
    """One sequence for one model: exactly one of `sentence`, `token_ids` and `inputs`."""

    model_config = ConfigDict(extra="forbid")

    sentence: Text | None = Field(default=None, description="Text, split into words as Keras does.")
    token_ids: Annotated[list[int], FailFast] | None = Field(
        default=None, description="Ids as the model's embedding reads them."
    )
    inputs: Annotated[list[Numbers], FailFast] | None = Field(
        default=None, description="timesteps x features, for models without an embedding."
    )
    model: str = Field(default="article", description="An id from /api/models.")
    layer: str | None = Field(
        default=None, description="A recurrent layer's name; default the first."
    )
    return_sequences: bool | None = Field(
        default=None, description="Default: the layer's own setting."
    )
    return_state: bool = True
    initial_state: StateIn | None = Field(default=None, description="Default: zeros.")
    pins: Annotated[list[PinIn], FailFast] = Field(
        default=[],
        description=(
            "Gates to hold; everything after is recomputed, and the optional parts are those of "
            "the run so changed. Of two pins for the same number the later one holds. JSON in an "
            "address."
        ),
    )
    include: Annotated[list[Part], FailFast] = Field(
        default=[], description="Optional parts to add."
    )
    unit: int | None = Field(
        default=None, description="The unit whose contributions `memory` is to hold."
    )
    label: str | None = Field(
        default=None,
        description="Which label gradients and attributions are for; default the predicted one.",
    )

    def question(self) -> StepQuestion:
        """The same, as whoever answers takes it."""
        state = self.initial_state
        return StepQuestion(
            sentence=self.sentence,
            token_ids=self.token_ids,
            inputs=self.inputs,
            model=self.model,
            layer=self.layer,
            return_sequences=self.return_sequences,
            return_state=self.return_state,
            initial_state=state and state.model_dump(exclude_none=True),
            pins=[Pin(pin.timestep, pin.gate, pin.unit, pin.value) for pin in self.pins],
            include=self.include,
            unit=self.unit,
            label=self.label,
        )


STEP_REQUEST = TypeAdapter(StepRequest)
