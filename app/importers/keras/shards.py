"""TensorFlow.js's weights: arrays one after the other in a few files, which a manifest lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput
from ..binary.buffer import Buffer
from .config import Config, names_within
from .weights import halved

DTYPES = {"float32": "<f4", "float16": "<f2", "uint8": "u1", "uint16": "<u2", "int32": "<i4"}


class Flat:
    """The weights of one layer, in the order in which the layer has them."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays

    def arrays(self, part: str) -> Sequence[Array]:
        """All of them; of a bidirectional layer half, the forward direction's first."""
        return halved(list(self._arrays.values()), part)

    def inner(self, rows: Sequence[tuple[str, Config]]) -> list[Flat]:
        """Those of each layer of a model that is a layer."""
        return Weights(dict(self._arrays)).of_layers(rows)


class Weights(NamedTuple):
    """All arrays, by name, in the file's order."""

    arrays: dict[str, Array]

    def of_layers(self, rows: Sequence[tuple[str, Config]]) -> list[Flat]:
        """Those of each layer, whose name, or that of a layer within it, is a part of theirs."""
        owners: dict[str, int] = {}
        for place, row in enumerate(rows):
            owners |= {name: place for name in names_within(row) if name not in owners}
        held: list[dict[str, Array]] = [{} for _ in rows]
        for path, array in self.arrays.items():
            owner = next((owners[part] for part in path.split("/") if part in owners), None)
            if owner is not None:
                held[owner][path] = array
        return [Flat(arrays) for arrays in held]


def read_shards(manifest: Sequence[Any], files: Mapping[str, memoryview]) -> Weights:
    """Read every array that the manifest lists.

    Raises
    ------
    BadInput
        For a file that is missing, a manifest that is none, or arrays that are not all there.
    """
    by_name = {name.replace("\\", "/").rpartition("/")[2]: data for name, data in files.items()}
    arrays: dict[str, Array] = {}
    for group in manifest:
        paths = group.get("paths") if isinstance(group, Mapping) else None
        rows = group.get("weights") if isinstance(group, Mapping) else None
        if not isinstance(paths, list) or not isinstance(rows, list) or len(rows) > 10_000:
            raise _no_manifest()
        wanted = [str(path).rpartition("/")[2] for path in paths]
        missing = [name[:60] for name in wanted if name not in by_name]
        if missing:
            raise BadInput(
                "The weights of this TensorFlow.js model lie in files beside its model.json: "
                f"{', '.join(missing[:8])}. Bring them together, all at once."
            )
        data = b"".join(bytes(by_name[name]) for name in wanted)
        _fill(arrays, rows, Buffer(data, "TensorFlow.js model"))
    return Weights(arrays)


def _fill(arrays: dict[str, Array], rows: Sequence[Any], file: Buffer) -> None:
    at = 0
    for row in rows:
        if not isinstance(row, Mapping):
            raise _no_manifest()
        name, shape, quantised = row.get("name"), row.get("shape"), row.get("quantization") or {}
        if not (isinstance(name, str) and isinstance(shape, list)):
            raise _no_manifest()
        if not isinstance(quantised, Mapping):
            raise _no_manifest()
        dtype = DTYPES.get(quantised.get("dtype", row.get("dtype", "float32")))
        if dtype is None or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
            raise _no_manifest()
        size = int(np.prod(shape, dtype=object)) * np.dtype(dtype).itemsize
        array = file.array(at, size, shape, dtype)
        arrays[name] = _exact(array, quantised)
        at += size


def _exact(array: Array, quantised: Mapping[str, Any]) -> Array:
    """The numbers that were rounded to whole ones, as TensorFlow.js takes them."""
    scale, least = quantised.get("scale", 1.0), quantised.get("min", 0.0)
    if array.dtype.kind == "f":
        return array
    if not all(isinstance(n, (int, float)) for n in (scale, least)):
        raise _no_manifest()
    return (array * scale + least).astype(np.float32)


def _no_manifest() -> BadInput:
    return BadInput("The list of weights (weightsManifest) of this TensorFlow.js model is damaged.")
