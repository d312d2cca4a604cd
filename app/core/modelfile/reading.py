"""Reading a model file that anybody may have made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import orjson
from safetensors import SafetensorError, deserialize

from ..cells import Array
from ..errors import BadInput, shorten
from ..model import Model
from ..network import Network
from ..text import Hashing, Vocabulary, WordList
from .configuration import METADATA_KEY, AnyVocabulary, Configuration, HashingVocabulary, check
from .conversion import build_layer

MAX_FILE = 128 * 2**20
MAX_HEADER = 8 * 2**20
MAX_WEIGHT = 1e9
"""Larger weights could make sums that float32 cannot hold."""


def read_file(path: Path) -> Model:
    """Read a model file, whose name without its suffix becomes the model's id.

    Raises
    ------
    BadInput
        For what `read` refuses.
    """
    size = path.stat().st_size
    if size > MAX_FILE:
        raise BadInput(f"The file has {size:,} bytes; a model file has at most {MAX_FILE:,}.")
    return read(path.read_bytes(), path.stem)


def read(data: bytes, model_id: str) -> Model:
    """Read the content of a model file.

    Raises
    ------
    BadInput
        For a file that is damaged, is none of ours, or whose parts do not fit together.
    """
    configuration = _read_configuration(data)
    names = [layer.name for layer in configuration.layers]
    if len(set(names)) < len(names):
        raise BadInput("The model file has two layers of the same name.")
    tensors = _read_tensors(data, configuration)
    network = Network(tuple(build_layer(layer, tensors) for layer in configuration.layers))
    check(configuration, network)
    return Model(
        id=model_id,
        title=configuration.title,
        description=configuration.description,
        provenance=configuration.provenance,
        network=network,
        vocabulary=_vocabulary(configuration.vocabulary),
        labels=tuple(configuration.labels),
        card=configuration.card,
    )


def _read_configuration(data: bytes) -> Configuration:
    """The JSON in the metadata, which the safetensors library hands out for files only."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise BadInput("This is not a whole .safetensors file.")
    if size > MAX_HEADER:
        raise BadInput(f"The file's header has {size:,} bytes; the limit is {MAX_HEADER:,}.")
    try:
        text = orjson.loads(data[8 : 8 + size])["__metadata__"][METADATA_KEY]
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput("The file's header is not valid JSON, so it is damaged.") from None
    except (KeyError, TypeError):
        raise BadInput(
            "This .safetensors file does not describe a model. Use one that was downloaded here."
        ) from None
    try:
        return msgspec.convert(content, Configuration)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        place = where.rstrip("`").lstrip(".")[:200]
        raise BadInput(
            f"The model file's description is wrong{f' at {place}' if place else ''}: {what}."
        ) from None


def _read_tensors(data: bytes, configuration: Configuration) -> dict[str, Array]:
    """The arrays, each of the shape that the configuration gives it."""
    expected = {
        f"{layer.name}/{name}": shape
        for layer in configuration.layers
        for name, shape in layer.shapes().items()
    }
    try:
        found = dict(deserialize(data))
    except SafetensorError as error:
        raise BadInput(f"The file is damaged: {shorten(str(error), 200)[1:-1]}.") from None
    for name in expected.keys() ^ found.keys():
        fault = "lacks" if name in expected else "has, but does not describe,"
        raise BadInput(f"The model file {fault} the array {shorten(name)}.")
    return {name: _array(name, found[name], shape) for name, shape in expected.items()}


def _array(name: str, tensor: Mapping[str, Any], shape: tuple[int, ...]) -> Array:
    came, dtype = tuple(tensor["shape"]), tensor["dtype"]
    if came != shape or dtype != "F32":
        raise BadInput(
            f"The array {shorten(name)} of the model file must be F32 of shape {list(shape)}; "
            f"{dtype} of shape {list(came[:8])} came."
        )
    array = np.frombuffer(tensor["data"], "<f4").astype(np.float32).reshape(shape)
    if not (np.abs(array) <= MAX_WEIGHT).all():  # neither is NaN
        raise BadInput(
            f"The array {shorten(name)} of the model file has numbers that are not finite, or "
            f"beyond {MAX_WEIGHT:,.0f}."
        )
    return array


def _vocabulary(vocabulary: AnyVocabulary | None) -> Vocabulary | None:
    if vocabulary is None:
        return None
    if isinstance(vocabulary, HashingVocabulary):
        return Hashing(vocabulary.size)
    return WordList.of(vocabulary.words, vocabulary.unknown, vocabulary.splitting)
