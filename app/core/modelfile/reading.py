"""Reading a model file that anybody may have made."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np
import orjson

from ..cells import Array
from ..errors import BadInput, shorten
from ..model import Model
from ..network import Network
from ..text import Hashing, Vocabulary, WordList
from .configuration import METADATA_KEY, AnyVocabulary, Configuration, HashingVocabulary, check
from .conversion import build_layer
from .limits import check_array, check_file, check_header, check_model

METADATA = "__metadata__"


class Tensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the header: where an array lies behind it, and how."""

    dtype: str
    shape: tuple[Annotated[int, msgspec.Meta(ge=0)], ...]
    data_offsets: tuple[int, int]


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
    header = _read_header(data)
    configuration = _read_configuration(header)
    names = [layer.name for layer in configuration.layers]
    if len(set(names)) < len(names):
        raise BadInput("The model file has two layers of the same name.")
    rows = {name: row for name, row in header.items() if name != METADATA}
    tensors = _read_tensors(data, rows, configuration)
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


def _read_header(data: bytes) -> dict[str, Any]:
    """The JSON in front of the arrays."""
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise BadInput("This is not a whole .safetensors file.")
    check_header(size)
    try:
        header = orjson.loads(memoryview(data)[8 : 8 + size])
    except orjson.JSONDecodeError:
        raise BadInput("The file's header is not valid JSON, so it is damaged.") from None
    return header if isinstance(header, dict) else {}


def _read_configuration(header: Mapping[str, Any]) -> Configuration:
    """The JSON in the header's metadata."""
    try:
        content = orjson.loads(header[METADATA][METADATA_KEY])
    except orjson.JSONDecodeError:
        raise BadInput("The file's description is not valid JSON, so it is damaged.") from None
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


def _read_tensors(
    data: bytes, rows: Mapping[str, Any], configuration: Configuration
) -> dict[str, Array]:
    """The arrays, each of the shape that the configuration gives it, where they lie in the file.

    They are views of the file's bytes: a model of 128 MiB takes no more than that while it is read.
    """
    expected = {
        f"{layer.name}/{name}": shape
        for layer in configuration.layers
        for name, shape in layer.shapes().items()
    }
    for name in expected.keys() ^ rows.keys():
        fault = "lacks" if name in expected else "has, but does not describe,"
        raise BadInput(f"The model file {fault} the array {shorten(name)}.")
    try:
        found = msgspec.convert(rows, dict[str, Tensor])
    except msgspec.ValidationError as error:
        raise BadInput(f"The file is damaged: {shorten(str(error), 200)[1:-1]}.") from None
    for name, tensor in found.items():
        _check_tensor(name, tensor, expected[name])
    start = 8 + int.from_bytes(data[:8], "little")
    _check_spans(found.values(), len(data) - start)
    arrays = {
        name: _array(data, start + found[name].data_offsets[0], shape)
        for name, shape in expected.items()
    }
    for name, array in arrays.items():
        check_array(name, array)
    return arrays


def _check_tensor(name: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tensor.shape != shape or tensor.dtype != "F32":
        raise BadInput(
            f"The array {shorten(name)} of the model file must be F32 of shape {list(shape)}; "
            f"{tensor.dtype[:8]} of shape {list(tensor.shape[:8])} came."
        )


def _check_spans(tensors: Iterable[Tensor], size: int) -> None:
    """Make sure that the arrays fill what follows the header, one behind the other.

    Source: https://github.com/huggingface/safetensors#format
    """
    at = 0
    for tensor in sorted(tensors, key=lambda tensor: tensor.data_offsets):
        begin, end = tensor.data_offsets
        if begin != at or end - begin != 4 * math.prod(tensor.shape):
            raise BadInput("The file is damaged: its arrays do not follow one another.")
        at = end
    if at != size:
        raise BadInput(f"The file is damaged: its arrays take {at:,} bytes, but {size:,} came.")


def _array(data: bytes, at: int, shape: tuple[int, ...]) -> Array:
    flat = np.frombuffer(data, "<f4", math.prod(shape), at)
    return np.require(flat, np.float32, "A").reshape(shape)  # in place, where it lies at a word


def _vocabulary(vocabulary: AnyVocabulary | None) -> Vocabulary | None:
    if vocabulary is None:
        return None
    if isinstance(vocabulary, HashingVocabulary):
        return Hashing(vocabulary.size)
    return WordList.of(vocabulary.words, vocabulary.unknown, vocabulary.splitting)
