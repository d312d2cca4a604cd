"""Writing a model file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson

from ..atomic_write import write_whole
from ..model import Model
from ..text import Hashing, Vocabulary, WordList
from .configuration import METADATA_KEY
from .conversion import arrays_of, describe_layer
from .limits import check_array, check_file, check_header, check_model, check_names
from .reading import parse_configuration


def write(model: Model, path: Path) -> None:
    """Write a model file, all of it or nothing.

    It is written beside its place and then renamed, so that a crash leaves the old file or the new.
    """
    write_whole(path, to_bytes(model))


def to_bytes(model: Model) -> bytes:
    """A model file's content, the same bytes for the same model; numbers become float32.

    Raises
    ------
    BadInput, TooLarge
        For a model whose file `read` would refuse, with the reason that it would give.
    """
    check_model(model)
    check_names(model.network.layers)
    description = orjson.dumps(describe(model))
    check_header(len(description))
    parse_configuration(orjson.loads(description))
    tensors = {
        f"{layer.name}/{name}": np.ascontiguousarray(array, np.float32)
        for layer in model.network.layers
        for name, array in arrays_of(layer).items()
    }
    for name, array in tensors.items():
        check_array(name, array)
    from safetensors.numpy import save  # here, since most who open a model write none

    data = save(tensors, {METADATA_KEY: description.decode()})
    check_header(int.from_bytes(data[:8], "little"))
    check_file(len(data))
    return data


def describe(model: Model) -> dict[str, Any]:
    """The JSON of a model."""
    return {
        "version": 1,
        "title": model.title,
        "description": model.description,
        "provenance": dict(model.provenance),
        "layers": [describe_layer(layer) for layer in model.network.layers],
        "vocabulary": _describe_vocabulary(model.vocabulary),
        "labels": list(model.labels),
        "card": dict(model.card),
    }


def _describe_vocabulary(vocabulary: Vocabulary | None) -> dict[str, Any] | None:
    if vocabulary is None:
        return None
    if isinstance(vocabulary, Hashing):
        return {"kind": "hashing", "size": vocabulary.size}
    if isinstance(vocabulary, WordList):
        return {
            "kind": "words",
            "words": list(vocabulary.words),
            "unknown": vocabulary.unknown,
        } | ({} if vocabulary.splitting == "words" else {"splitting": vocabulary.splitting})
    raise TypeError(f"A vocabulary of type {type(vocabulary).__name__} cannot be written.")
