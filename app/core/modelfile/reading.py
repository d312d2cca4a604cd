"""Reading a model file that anybody may have made."""

from __future__ import annotations

import os
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
from .limits import check_array, check_file, check_header, check_model


def read_file(path: Path) -> Model:
    """Read a model file, whose name without its suffix becomes the model's id.

    Raises
    ------
    BadInput, TooLarge
        For what `read` refuses.
    """
    with path.open("rb") as file:
        check_file(os.fstat(file.fileno()).st_size)
        return read(file.read(), path.stem)


def read(data: bytes, model_id: str) -> Model:
    """Read the content of a model file.

    Raises
    ------
    BadInput
        For a file that is damaged, is none of ours, or whose parts do not fit together.
    TooLarge
        For one that is over a limit of `limits`.
    """
    check_file(len(data))
    configuration = _read_configuration(data)
    names = [layer.name for layer in configuration.layers]
    if len(set(names)) < len(names):
        raise BadInput("The model file has two layers of the same name.")
    tensors = _read_tensors(data, configuration)
    network = Network(tuple(build_layer(layer, tensors) for layer in configuration.layers))
    check(configuration, network)
    model = Model(
        id=model_id,
        title=configuration.title,
        description=configuration.description,
        provenance=configuration.provenance,
        network=network,
        vocabulary=_vocabulary(configuration.vocabulary),
        labels=tuple(configuration.labels),
        card=configuration.card,
    )
    check_model(model)
    return model


def _read_configuration(data: bytes) -> Configuration:
    """The JSON in the metadata, which the safetensors library hands out for files only."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise BadInput("This is not a whole .safetensors file.")
    check_header(size)
    try:
        text = orjson.loads(data[8 : 8 + size])["__metadata__"][METADATA_KEY]
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput("The file's header is not valid JSON, so it is damaged.") from None
    except (KeyError, TypeError):
        raise BadInput(
            "This .safetensors file does not describe a model. Use one that was downloaded here."
        ) from None
    return parse_configuration(content)


def parse_configuration(content: Any) -> Configuration:
    """The JSON of a model in its form.

    Raises
    ------
    BadInput
        Saying which part is not of that form.
    """
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
    array = np.frombuffer(tensor["data"], "<f4").astype(np.float32, copy=False).reshape(shape)
    check_array(name, array)
    return array


def _vocabulary(vocabulary: AnyVocabulary | None) -> Vocabulary | None:
    if vocabulary is None:
        return None
    if isinstance(vocabulary, HashingVocabulary):
        return Hashing(vocabulary.size)
    return WordList.of(vocabulary.words, vocabulary.unknown, vocabulary.splitting)
