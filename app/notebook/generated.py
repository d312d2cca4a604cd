"""What a model wrote, or foretold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Generated:
    """What came after a sequence.

    Attributes
    ----------
    text : the tokens together; None where numbers were foretold
    tokens : for each its text, id, probability and likeliest alternatives
    outputs : (length, features), of a model that foretells numbers
    state : what to hand on, with the last token or timestep, to go on from here
    seed : that makes the same choices again
    recognised : how it was told what the model's outputs speak of
    """

    text: str | None
    tokens: list[dict[str, Any]]
    outputs: np.ndarray | None
    state: dict[str, Any]
    seed: int | None
    recognised: str

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Generated:
        """From the answer of `/api/generate`."""
        outputs = answer.get("outputs")
        return cls(
            text=answer.get("text"),
            tokens=answer.get("tokens", []),
            outputs=None if outputs is None else np.array(outputs),
            state=answer["state"],
            seed=answer.get("seed"),
            recognised=answer["recognised"],
        )

    def __str__(self) -> str:
        return str(self.outputs) if self.text is None else self.text
