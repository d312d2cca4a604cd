"""Keras models: `.keras`, the older whole-model `.h5`, and `.weights.h5`, weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from ...core.errors import BadInput, TooLarge, Unsupported
from ...core.network import Layer, Network
from ...core.text import Vocabulary
from ..advice import naming, of_keras
from ..base import Imported, Options, build, numpy_inputs, refuse_unused, settle_flatten
from ..binary.archive import MAX_TEXT, Archive
from ..binary.archive import SIGNATURE as ZIP
from ..binary.hdf5 import SIGNATURE as HDF5
from ..binary.hdf5 import Node, open_hdf5
from . import inferred as keras_inferred
from .chain import chain
from .layers import RECURRENT, Config, class_and_config, gate_order, read_layer
from .text import read_as_it_is, read_vocabulary
from .weights import ByClass, ByName, Store, groups_by_class

WHOLE = "a whole Keras model says everything itself"
WITH_STATES = {*RECURRENT, "Bidirectional"}


def match(data: memoryview) -> bool:
    """Whether the file is HDF5, or a zip archive that begins as Keras writes it."""
    head = bytes(data[:64])
    return head.startswith(HDF5) or (
        head.startswith(ZIP) and head[30:].startswith((b"metadata.json", b"config.json"))
    )


def read(data: memoryview, options: Options) -> Imported:
    """Read any of the three.

    Raises
    ------
    BadInput
        For a file that is damaged, or whose weights do not fit its configuration, or an option
        that changes nothing.
    Unsupported
        Naming a layer that is not read.
    """
    if bytes(data[:4]) == ZIP:
        refuse_unused(options, (), WHOLE)
        return _read_archive(data)
    root = open_hdf5(data)
    text = root.attributes.get("model_config")
    if isinstance(text, str):
        refuse_unused(options, (), WHOLE)
        return _read_whole(root, text)
    if "layer_names" in root.attributes:
        raise Unsupported(
            "This HDF5 file holds the weights of a Keras model by the names of its layers, without "
            "its configuration. Save the whole model: model.save('model.keras')."
        )
    return keras_inferred.read(root, options)


def _read_archive(data: memoryview) -> Imported:
    archive = Archive(data)
    for name in ("config.json", "model.weights.h5"):
        if name not in archive.names:
            raise BadInput(f"The .keras file lacks {name}. Save the model again: model.save().")
    version = ""
    if "metadata.json" in archive.names:
        metadata = _json(archive.read_text("metadata.json"))
        version = str(metadata.get("keras_version", ""))[:20]
    kind, config = class_and_config(_json(archive.read_text("config.json")))
    rows = rows_of(kind, config)
    root = open_hdf5(archive.read("model.weights.h5"))
    groups = groups_by_class(root, [row_kind for row_kind, _ in rows])
    stores = [ByClass(group) for group in groups]
    found = imported(kind, config, rows, stores, version, ".keras")
    vocabulary = read_vocabulary(rows, archive)
    found = replace(found, assumed=(*found.assumed, *read_as_it_is(rows)))
    return found if vocabulary is None else with_vocabulary(found, vocabulary)


def _read_whole(root: Node, text: str) -> Imported:
    kind, config = class_and_config(_json(text.encode(errors="replace")))
    weights = root.children.get("model_weights", root)
    version = root.attributes.get("keras_version") or weights.attributes.get("keras_version") or ""
    rows = rows_of(kind, config)
    stores = [ByName(weights.children.get(str(row.get("name")))) for _, row in rows]
    return imported(kind, config, rows, stores, str(version)[:20], "whole-model .h5")


def _json(data: bytes) -> Any:
    if len(data) > MAX_TEXT:
        raise TooLarge(
            f"The model's configuration has {len(data):,} bytes; the limit is {MAX_TEXT:,}."
        )
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BadInput(
            "The model's configuration is not valid JSON: the file is damaged."
        ) from None


def rows_of(kind: str, config: Config) -> list[tuple[str, Config]]:
    """Class and configuration of every layer, in the file's order."""
    if kind not in ("Sequential", "Functional", "Model"):
        raise Unsupported(
            f"This is a Keras object of class {kind[:60]}. Sequential and functional models "
            "are read; a class of your own has to be rebuilt as one of them, or one of its "
            "recurrent layers given alone: in Python from_keras(model.lstm)."
        )
    layers = config.get("layers")
    if not isinstance(layers, list) or len(layers) > 10_000:
        raise BadInput("The model's configuration has no list of layers.")
    return [class_and_config(layer) for layer in layers]


def imported(
    kind: str,
    config: Config,
    rows: Sequence[tuple[str, Config]],
    stores: Sequence[Store],
    version: str,
    suffix: str,
) -> Imported:
    """Read the layers of the chain, each with its own weights."""
    network = build(_layers(kind, config, rows, stores, version))
    detected = {"Keras version": version or "not said"} | gate_order(network)
    return Imported(
        format=f"Keras ({suffix})",
        network=network,
        detected=detected,
        snippet=_snippet(network),
        title=str(config.get("name", ""))[:100],
    )


def _layers(
    kind: str,
    config: Config,
    rows: Sequence[tuple[str, Config]],
    stores: Sequence[Store],
    version: str,
) -> list[Layer]:
    """The layers in the order in which data passes through them."""
    recurrent = next((name_of(row) for row in rows if row[0] in WITH_STATES), "")
    way = of_keras(recurrent) if recurrent else ""
    layers: list[Layer] = []
    with naming(way):
        wanted = chain(kind, config, [name_of(row) for row in rows])
    for place in wanted:
        row_kind, row = rows[place]
        if row_kind in ("InputLayer", "TextVectorization"):
            continue
        # the way out leads to the recurrent layer, so it is none where that is refused
        with naming("" if row_kind in WITH_STATES else way):
            layers.append(read_layer(row_kind, row, stores[place].arrays, version))
    with naming(way):
        return settle_flatten(layers)


def name_of(row: tuple[str, Config]) -> str:
    """A layer's own name."""
    return str(row[1].get("name", ""))


def with_vocabulary(found: Imported, vocabulary: Vocabulary) -> Imported:
    """The same with a vocabulary of its own."""
    return Imported(**{**vars(found), "vocabulary": vocabulary})


def _snippet(network: Network) -> str:
    """Keras's own prediction."""
    return f"""\
import keras, numpy as np
model = keras.models.load_model("model.keras")
{numpy_inputs(network)}
model.predict(inputs)"""
