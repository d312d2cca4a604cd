"""From what was read to a model with a title, words and labels."""

from __future__ import annotations

import re
from typing import Any

from ..core.errors import BadInput
from ..core.model import Model
from .base import Imported
from .fidelity import fidelity
from .vocabulary import read_labels, read_vocabulary


def as_model(
    found: Imported,
    model_id: str,
    name: str,
    *,
    vocabulary: str = "",
    labels: str = "",
    title: str = "",
) -> Model:
    """Name a network that was read.

    Parameters
    ----------
    name : of the file, or of the object that was given
    vocabulary, labels : texts, as `read_vocabulary` and `read_labels` take them; "" for none
    title : "" for the one in the file, or the file's name

    Raises
    ------
    BadInput
        For a vocabulary or labels that do not fit the network.
    """
    network, words = found.network, found.vocabulary
    if vocabulary.strip():
        if network.embedding is None:
            raise BadInput(
                "The model reads numbers, so a vocabulary would not be used. Leave it out."
            )
        words = read_vocabulary(vocabulary, len(network.embedding.table))
    count = 2 if network.outputs == 1 and network.gives_probabilities else network.outputs
    names = read_labels(labels, count) or found.labels
    stem = re.sub(r"(\.weights)?\.\w+$", "", name)
    shown = re.sub(r"[\x00-\x1f\x7f]", " ", title or found.title or stem).strip()
    return Model(
        id=model_id,
        title=shown[:100] or "A model",
        description=found.description or f"Read from {found.format}.",
        provenance={"kind": "imported", "file": name, "format": found.format} | _part(found),
        network=network,
        vocabulary=words,
        labels=names or tuple(str(place) for place in range(count)),
        card={"detected": detected(found)},
    )


MAX_NAMED = 12
"""Layers that go with every answer where a model is opened in part."""


def _part(found: Imported) -> dict[str, Any]:
    """What the provenance says of a model that is opened in part: which layers are left out."""
    named = [name[:80] for name in found.left_out[:MAX_NAMED]]
    more = len(found.left_out) - len(named)
    return {"left_out": named + [f"and {more} more"] * (more > 0)} if named else {}


def detected(found: Imported) -> dict[str, Any]:
    """What the owner may want to check."""
    return {
        "format": found.format,
        **fidelity(found),
        "assumed": list(found.assumed),
        **({"choices": list(found.choices)} if found.choices else {}),
        "snippet": found.snippet,
    }
