"""What `/api/generate` is asked, and answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ...service.generation import DEFAULT_LENGTH, GenerateQuestion
from .basic import FailFast, Numbers, Text
from .step_answer import LastState
from .step_request import StateIn

WRITER = "writer"
"""The model that goes on where none is named."""


class GenerateRequest(BaseModel):
    """A beginning for a model to go on from: one of `sentence`, `token_ids` and `inputs`."""

    model_config = ConfigDict(extra="forbid")

    sentence: Text | None = None
    token_ids: Annotated[list[int], FailFast] | None = None
    inputs: Annotated[list[Numbers], FailFast] | None = Field(
        default=None, description="timesteps x features, for models without an embedding."
    )
    model: str = Field(
        default=WRITER, description="One whose head says the next token or the next numbers."
    )
    length: int = Field(default=DEFAULT_LENGTH, description="Tokens or timesteps.")
    temperature: float = Field(
        default=1.0,
        allow_inf_nan=False,
        description="What logits are divided by; 0 takes the likeliest token every time.",
    )
    top_k: int | None = Field(default=None, description="How many of the likeliest may be drawn.")
    seed: int | None = Field(default=None, description="The same seed gives the same text.")
    initial_state: StateIn | None = Field(
        default=None,
        description="Default: zeros. The `state` of an earlier answer goes on from it.",
    )
    offset: int | None = Field(
        default=None,
        description="The token id that the first output speaks of, where it is not recognised.",
    )

    def question(self) -> GenerateQuestion:
        """The same, as whoever answers takes it."""
        state = self.initial_state
        given = {name: getattr(self, name) for name in GenerateRequest.model_fields}
        given["initial_state"] = state and state.model_dump(exclude_none=True)
        return GenerateQuestion(**given)


GENERATE_REQUEST = TypeAdapter(GenerateRequest)


class Alternative(BaseModel):
    """A token that might come next."""

    text: str
    id: int
    probability: float = Field(
        description="What it was drawn by, after temperature and top_k; at temperature 0 its own."
    )


class WrittenToken(Alternative):
    """A token that was chosen."""

    alternatives: list[Alternative] = Field(description="The likeliest, the chosen one among them.")


class GenerateAnswer(BaseModel):
    """What a model wrote, or foretold."""

    model: str
    recognised: str = Field(description="How it was told what the model's outputs speak of.")
    state: LastState = Field(
        description=(
            "After everything but the last token or timestep: send that one with it to go on."
        )
    )
    text: str | None = Field(default=None, description="The tokens together.")
    tokens: list[WrittenToken] | None = None
    seed: int | None = None
    outputs: list[list[float]] | None = Field(
        default=None, description="Of a model that foretells numbers: length x features."
    )
