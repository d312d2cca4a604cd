"""Keras models: `.keras`, the older whole-model `.h5`, and `.weights.h5`, weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from ...core.errors import BadInput, Unsupported
from ...core.network import Layer, Network
from ...core.text import Vocabulary
from ..advice import naming, of_keras
from ..base import Imported, Options, build, numpy_inputs, refuse_unused, settle_flatten
from ..binary.archive import SIGNATURE as ZIP
from ..binary.archive import Archive
from ..binary.hdf5 import SIGNATURE as HDF5
from ..binary.hdf5 import Node, open_hdf5
from . import inferred as keras_inferred
from . import named
from .affine import Affine, fold, read_affine
from .config import Config, class_and_config, model_of
from .graph import CUTS, WITH_STATES, Graph, Step
from .layers import gate_order, read_layer, text
from .states import cut, giving, is_last, said_of_states
from .text import read_as_it_is, read_vocabulary
from .weights import ByClass, ByName, Store, groups_by_class

WHOLE = "a whole Keras model says everything itself"


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
        return named.read(root, options)
    return keras_inferred.read(root, options)


def _read_archive(data: memoryview) -> Imported:
    archive = Archive(data)
    for name in ("config.json", "model.weights.h5"):
        if name not in archive.names:
            raise BadInput(f"The .keras file lacks {name}. Save the model again: model.save().")
    version = ""
    if "metadata.json" in archive.names:
        metadata = _json(archive.read("metadata.json"))
        version = str(metadata.get("keras_version", ""))[:20]
    kind, config = model_of(_json(archive.read("config.json")))
    rows = rows_of(kind, config)
    root = open_hdf5(archive.read("model.weights.h5"))
    groups = groups_by_class(root, [row_kind for row_kind, _ in rows])
    stores = [ByClass(group) for group in groups]
    found = imported(kind, config, rows, stores, version, ".keras")
    vocabulary = read_vocabulary(rows, archive)
    found = replace(found, assumed=(*found.assumed, *read_as_it_is(rows)))
    return found if vocabulary is None else with_vocabulary(found, vocabulary)


def _read_whole(root: Node, text: str) -> Imported:
    kind, config = model_of(_json(text.encode(errors="replace")))
    weights = root.children.get("model_weights", root)
    version = root.attributes.get("keras_version") or weights.attributes.get("keras_version") or ""
    rows = rows_of(kind, config)
    stores = [ByName(weights.children.get(str(row.get("name")))) for _, row in rows]
    return imported(kind, config, rows, stores, str(version)[:20], "whole-model .h5")


def _json(data: bytes) -> Any:
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
    graph = Graph(kind, config, rows)
    recurrent = next((name_of(row) for row in rows if row[0] in WITH_STATES), "")
    with naming(of_keras(recurrent) if recurrent else ""):
        steps = _steps(graph, rows)
    layers, folded = _layers(steps, rows, stores, version, recurrent)
    network = build(layers)
    detected = {"Keras version": version or "not said"} | gate_order(network)
    if said := said_of_states(layers):
        detected["what is read"] = said
    if folded:
        detected["folded"] = "; ".join(folded)
    return Imported(
        format=f"Keras ({suffix})",
        network=network,
        detected=detected,
        assumed=tuple(_assumed(rows)),
        snippet=_snippet(network),
        title=str(config.get("name", ""))[:100],
    )


def _steps(graph: Graph, rows: Sequence[tuple[str, Config]]) -> list[Step]:
    """The way to the model's output; where it returns all that one layer does, to the first."""
    outputs = graph.outputs()
    if len({(link.layer, link.call) for link in outputs}) > 1:
        raise Unsupported(f"The model has {len(outputs)} output layers. One is read.")
    steps = graph.chain(min(outputs, key=lambda link: link.tensor))
    makers = [rows[step.place] for step in steps]
    masked = any(row.get("mask_zero") or kind == "Masking" for kind, row in makers)
    own = next((step for step in steps if step.masked), None)
    if own and not masked:
        raise Unsupported(
            f"{graph.names[own.place][:60]} is given a mask of its own, which is not read. The "
            "masks of Embedding (mask_zero) and Masking are."
        )
    return steps


def _layers(
    steps: Sequence[Step],
    rows: Sequence[tuple[str, Config]],
    stores: Sequence[Store],
    version: str,
    recurrent: str,
) -> tuple[list[Layer], list[str]]:
    """The layers in the order in which data passes through them, and what was folded where."""
    way = of_keras(recurrent) if recurrent else ""
    layers: list[Layer | Affine] = []
    for step in steps:
        kind, row = rows[step.place]
        if kind in ("InputLayer", "TextVectorization"):
            continue
        # the way out leads to the recurrent layer, so it is none where that is refused
        with naming("" if kind in WITH_STATES else way):
            layers = following(layers, step, kind, row, stores[step.place], version)
    with naming(way):
        plain, folded = fold(layers)
        return settle_flatten(plain), folded


def following(
    layers: list[Layer | Affine], step: Step, kind: str, row: Config, store: Store, version: str
) -> list[Layer | Affine]:
    """The layers, and one more behind them."""
    name = text(row, "name", kind.lower())
    if kind in CUTS:
        if not is_last(step.key):
            raise Unsupported(
                f"{name} takes another part of a tensor than the last timestep, x[:, -1]: not read."
            )
        return cut(layers, name)
    affine = read_affine(kind, name, row, store.arrays)
    if affine is not None:
        return [*layers, affine]
    return [*layers, giving(read_layer(kind, row, store.arrays, version), step)]


def _assumed(rows: Sequence[tuple[str, Config]]) -> list[str]:
    """What is done in another way here than the model says."""
    kept = [name_of((kind, row)) for kind, row in rows if row.get("stateful")]
    if not kept:
        return []
    return [
        f"Every sequence starts from zeros, though {', '.join(kept[:8])} goes on from the state of "
        "the sequence before (stateful). Send initial_state for another."
    ]


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
