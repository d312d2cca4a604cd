"""What all schemas are made of, and what is answered where nothing else is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Number = Annotated[float, Field(ge=-1e30, le=1e30, allow_inf_nan=False)]
"""A number small enough that its products with a float32 weight stay finite."""

FailFast = Field(fail_fast=True)
"""Of a list: its first wrong element ends the reading, as each wrong one would cost an error."""

Numbers = Annotated[list[Number], FailFast]

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class Fault(BaseModel):
    """The one shape of every error."""

    detail: str
    choices: list[dict[str, Any]] | None = Field(
        default=None,
        description=(
            "Of a file that can be read in several ways: `option`, and the `values` to choose from."
        ),
    )


class Health(BaseModel):
    """Whether the server is ready."""

    status: Literal["ok"]
