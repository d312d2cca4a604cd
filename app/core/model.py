"""What a model is: a network, what people call it, and how it reads words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .network import Network
from .text import Vocabulary


@dataclass(frozen=True)
class Model:
    """A network with what people call it and how it reads words.

    Attributes
    ----------
    provenance : `kind` is "seeded" (untrained), "trained" or "imported"; the rest says from what,
        in few words, since it goes with every answer
    vocabulary : None for a network that reads numbers
    labels : names of the outputs, two for a single sigmoid; none without a head
    card : of a trained model: its task, data, size, accuracy, and what it cannot do
    """

    id: str
    title: str
    description: str
    provenance: Mapping[str, Any]
    network: Network
    vocabulary: Vocabulary | None = None
    labels: tuple[str, ...] = ()
    card: Mapping[str, Any] = field(default_factory=dict)
