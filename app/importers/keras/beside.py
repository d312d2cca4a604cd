"""A Keras model in two files or more: its configuration as JSON, and its weights beside it.

`model.to_json()` with `save_weights()`, and TensorFlow.js's `model.json` with its shards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.errors import BadInput, Unsupported
from ..base import Imported, Options, refuse_unused
from ..binary.hdf5 import SIGNATURE as HDF5
from ..binary.hdf5 import Node, open_hdf5
from .config import Config, model_of
from .layers import IGNORED, POOLING
from .reader import WHOLE, imported, name_of, rows_of
from .shards import read_shards
from .weights import ByClass, ByName, Store, groups_by_class, strings

Files = Mapping[str, memoryview]
WITHOUT_WEIGHTS = {
    *IGNORED,
    *POOLING,
    *("Activation", "Flatten", "InputLayer", "Masking", "ReLU", "RepeatVector", "Softmax"),
    *("Add", "Average", "Concatenate", "Multiply", "GetItem", "SlicingOpLambda"),
}


def is_configuration(content: Any) -> bool:
    """Whether JSON describes a Keras model."""
    if not isinstance(content, Mapping):
        return False
    layers = content.get("config")
    inner = layers.get("layers") if isinstance(layers, Mapping) else layers
    return isinstance(content.get("class_name"), str) and isinstance(inner, list)


def is_tensorflow_js(content: Any) -> bool:
    """Whether JSON is TensorFlow.js's `model.json`."""
    return isinstance(content, Mapping) and isinstance(content.get("weightsManifest"), list)


def read(content: Mapping[str, Any], files: Files, options: Options) -> Imported:
    """Read a model whose configuration and weights lie in files of their own.

    Parameters
    ----------
    content : of the JSON file
    files : the others, by name

    Raises
    ------
    Unsupported, BadInput
        As for a whole model; and where the weights are missing, or of another model.
    """
    refuse_unused(options, ("layer",), WHOLE)
    if is_tensorflow_js(content):
        return _tensorflow_js(content, files, options)
    kind, config = model_of(content)
    rows = rows_of(kind, config)
    held = [data for data in files.values() if bytes(data[:8]) == HDF5]
    if len(files) != 1 or len(held) != 1:
        came = ", ".join(name[:60] for name in files) or "nothing"
        raise BadInput(
            "Beside the configuration of a Keras model goes one file with its weights, as "
            f"save_weights writes it (.h5); {came} came."
        )
    version = str(content.get("keras_version") or "3")[:20]  # Keras 3 does not write it there
    stores = _stores(open_hdf5(held[0]), rows)
    return imported(kind, config, rows, stores, version, ".json and its weights", options)


def _stores(root: Node, rows: Sequence[tuple[str, Config]]) -> Sequence[Store]:
    """Where each layer's weights are, in any of the ways in which Keras saves them."""
    root = root.children.get("model_weights", root)
    names = [name for name in strings(root, "layer_names") if name in root.children]
    if not names:
        return [ByClass(group) for group in groups_by_class(root, [kind for kind, _ in rows])]
    own = [name_of(row) for row in rows]
    weighted = [name for name in names if strings(root.children[name], "weight_names")]
    if not set(weighted) <= set(own):  # as Keras does: one after the other, whatever their names
        places = [i for i, (kind, _) in enumerate(rows) if kind not in WITHOUT_WEIGHTS]
        if len(places) != len(weighted):
            raise BadInput(
                f"The configuration has {len(places)} layers with weights, but the file has those "
                f"of {len(weighted)}: {', '.join(name[:40] for name in weighted[:8])}. Bring the "
                "weights that were saved with this model."
            )
        own = [""] * len(rows)
        for place, name in zip(places, weighted, strict=True):
            own[place] = name
    return [ByName(root.children.get(name)) for name in own]


def _tensorflow_js(content: Mapping[str, Any], files: Files, options: Options) -> Imported:
    topology = content.get("modelTopology")
    if content.get("format") == "graph-model" or not isinstance(topology, Mapping):
        raise Unsupported(
            "This is a TensorFlow.js graph model, a graph without a list of layers. Bring the "
            "Keras model that it was made of."
        )
    version = str(topology.get("keras_version", ""))[:20]
    kind, config = model_of(topology.get("model_config", topology))
    rows = rows_of(kind, config)
    held = read_shards(content["weightsManifest"], files)
    stores = held.of_layers(rows)
    return imported(kind, config, rows, stores, version, "TensorFlow.js layers model", options)
