"""Objects with what PyTorch's modules and Keras's layers have, filled from committed files.

The tests need neither framework. What the doubles hold are weights that the frameworks themselves
wrote, and what they are held to is what the frameworks computed (fixtures/imports/expected.npz).
"""

from __future__ import annotations

import zipfile
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import load

from app.importers.binary.archive import Archive
from app.importers.binary.hdf5 import open_hdf5
from app.importers.keras.weights import ByClass, groups_by_class

from .imports import FILES


class Tensor:
    """What is asked of a `torch.Tensor`."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> Tensor:
        return self

    def float(self) -> Tensor:
        return Tensor(self._array.astype(np.float32))

    def numpy(self) -> np.ndarray:
        return self._array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._array if dtype is None else self._array.astype(dtype)


class Module:
    """What is asked of a `torch.nn.Module`: its weights, and the classes of its parts."""

    def __init__(self, state: dict[str, np.ndarray], parts: dict[str, str], **more: Any) -> None:
        self._state = {name: Tensor(array) for name, array in state.items()}
        self._parts = parts
        self.__dict__.update(more)

    def state_dict(self) -> dict[str, Tensor]:
        return self._state

    def named_modules(self) -> list[tuple[str, Any]]:
        # as in PyTorch, the classes' names are those of types
        parts = [(name, type(kind, (), {})()) for name, kind in self._parts.items() if name]
        for name, part in parts:
            vars(part).update(self.__dict__.get("attributes", {}).get(name, {}))
        return [("", self), *parts]


def torch_module(name: str, parts: dict[str, str], **more: Any) -> Module:
    """The module whose state dict a fixture holds."""
    kind = type(parts[""], (Module,), {})
    return kind(load((FILES / name).read_bytes()), parts, **more)


class Layer:
    """What is asked of a `keras.layers.Layer`."""

    built = True

    def __init__(self, name: str, store: ByClass, config: dict[str, Any]) -> None:
        self.name, self._store, self._config = name, store, config
        for attribute, part in (
            ("forward_layer", "forward"),
            ("backward_layer", "backward"),
            ("layer", "inner"),
        ):
            if store.arrays(part):
                setattr(self, attribute, Part(store, part))

    def get_config(self) -> dict[str, Any]:
        return self._config

    def get_weights(self) -> list[np.ndarray]:
        return self._store.arrays("")


class Part:
    """One direction of a layer, or the layer inside another."""

    def __init__(self, store: ByClass, part: str) -> None:
        self._store, self._part = store, part

    def get_weights(self) -> list[np.ndarray]:
        return self._store.arrays(self._part)


class KerasModel:
    """What is asked of a `keras.Model`, of a model that a `.keras` file holds."""

    built = True

    def __init__(self, name: str) -> None:
        path = FILES / name
        with zipfile.ZipFile(path) as archive:
            self._json = archive.read("config.json").decode()
        rows = orjson.loads(self._json)["config"]["layers"]
        root = open_hdf5(Archive(path.read_bytes()).read("model.weights.h5"))
        groups = groups_by_class(root, [row["class_name"] for row in rows])
        self.layers = [
            type(row["class_name"], (Layer,), {})(
                row["config"]["name"], ByClass(group), row["config"]
            )
            for row, group in zip(rows, groups, strict=True)
            if row["class_name"] not in ("InputLayer", "NotEqual")
        ]

    def to_json(self) -> str:
        return self._json
