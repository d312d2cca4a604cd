"""A Keras model or layer in memory, by its configuration and weights; Keras is not needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson

from ...core.cells import Array
from ...core.errors import BadInput, Unsupported
from ..base import Imported
from .config import Config, class_and_config
from .reader import imported, name_of, rows_of, with_vocabulary
from .text import read_as_it_is, read_vocabulary

PARTS = {"": None, "forward": "forward_layer", "backward": "backward_layer", "inner": "layer"}
"""A part of a layer -> the attribute it is held in."""


def read(model: Any) -> Imported:
    """Read a `keras.Model` or one recurrent `keras.layers.Layer`.

    Raises
    ------
    BadInput
        For an object that is neither, or has no weights yet.
    Unsupported
        Naming a layer that is not read.
    """
    content, layers = _described(model)
    if not getattr(model, "built", True):
        raise BadInput(f"{model.name} has no weights yet. Call it on an input once, or build it.")
    kind, config = class_and_config(content)
    rows = rows_of(kind, config)
    for place, (row_kind, row) in enumerate(rows):
        if row_kind == "TextVectorization":
            words = layers[str(row.get("name"))].get_vocabulary()
            rows[place] = row_kind, {**row, "vocabulary": list(map(str, words))}
    stores = [Live(layers.get(name_of(row))) for row in rows]
    # Keras 3 does not write its version there
    version = str(content.get("keras_version") or "3")
    found = imported(kind, config, rows, stores, version, "in memory")
    vocabulary = read_vocabulary(rows)
    found = replace(found, assumed=(*found.assumed, *read_as_it_is(rows)))
    return found if vocabulary is None else with_vocabulary(found, vocabulary)


def _described(model: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration, as in a file, and the layers by name."""
    if hasattr(model, "to_json") and hasattr(model, "layers"):
        try:
            content = orjson.loads(model.to_json())
        except NotImplementedError:
            raise Unsupported(
                f"A model of the class {type(model).__name__} does not say how it is built. Give "
                "one of its recurrent layers."
            ) from None
        return content, {layer.name: layer for layer in model.layers}
    if hasattr(model, "get_config") and hasattr(model, "get_weights"):
        row = {"class_name": type(model).__name__, "config": model.get_config()}
        alone = {"class_name": "Sequential", "config": {"name": model.name, "layers": [row]}}
        return orjson.loads(orjson.dumps(alone, default=str)), {model.name: model}
    raise BadInput(
        "Give a keras.Model or one of its recurrent layers; an object of type "
        f"{type(model).__name__} came."
    )


class Live:
    """The weights of a layer in memory, as `keras_weights.Store` has them."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer

    def arrays(self, part: str) -> Sequence[Array]:
        """The arrays of a part of a layer, in Keras's order."""
        attribute = PARTS[part]
        held = getattr(self._layer, attribute, None) if attribute else self._layer
        return [] if held is None else [np.asarray(w, np.float32) for w in held.get_weights()]

    def inner(self, rows: Sequence[tuple[str, Config]]) -> list[Live]:
        """The layers of a model that is a layer."""
        layers = {layer.name: layer for layer in getattr(self._layer, "layers", [])}
        return [Live(layers.get(str(row.get("name")))) for _, row in rows]
