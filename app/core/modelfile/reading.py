"""Reading a model file that anybody may have made."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
from .limits import check_array, check_file, check_model
from .safetensors import Row, read_header


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
    metadata, rows, start = read_header(data)
    configuration = _read_configuration(metadata)
    names = [layer.name for layer in configuration.layers]
    if len(set(names)) < len(names):
        raise BadInput("The model file has two layers of the same name.")
    tensors = _read_tensors(data, rows, start, configuration)
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


def _read_configuration(metadata: Mapping[str, str]) -> Configuration:
    """The JSON in the header's metadata."""
    try:
        content = orjson.loads(metadata[METADATA_KEY])
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
    data: bytes, rows: Mapping[str, Row], start: int, configuration: Configuration
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
    for name, row in rows.items():
        _check_row(name, row, expected[name])
    _check_spans(rows.values(), len(data) - start)
    arrays = {
        name: _array(data, start + rows[name].data_offsets[0], shape)
        for name, shape in expected.items()
    }
    for name, array in arrays.items():
        check_array(name, array)
    return arrays


def _check_row(name: str, row: Row, shape: tuple[int, ...]) -> None:
    if row.shape != shape or row.dtype != "F32":
        raise BadInput(
            f"The array {shorten(name)} of the model file must be F32 of shape {list(shape)}; "
            f"{row.dtype[:8]} of shape {list(row.shape[:8])} came."
        )


def _check_spans(rows: Iterable[Row], size: int) -> None:
    """Make sure that the arrays fill what follows the header, one behind the other."""
    at = 0
    for row in sorted(rows, key=lambda row: row.data_offsets):
        begin, end = row.data_offsets
        if begin != at or end - begin != 4 * math.prod(row.shape):
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
