"""Keras's configurations: a class's name and its settings, nested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.cells import Cell, cells_of
from ...core.errors import BadInput

Config = Mapping[str, Any]
RECURRENT = {layout.name: layout for _, layout in cells_of("keras")}
"""The recurrent layers' classes, and their blocks."""


MODELS = ("Sequential", "Functional", "Model")
"""Classes of models that say how they are built."""


def cell_of(kind: str, config: Config) -> Cell:
    """The cell of a class in `RECURRENT` with these settings."""
    return next(
        cell for cell, layout in cells_of("keras") if layout.name == kind and layout.fits(config)
    )


def class_and_config(value: Any) -> tuple[str, Config]:
    """The class's name and the configuration of a serialised layer."""
    if isinstance(value, Mapping):
        kind, config = value.get("class_name"), value.get("config")
        if isinstance(kind, str) and isinstance(config, Mapping):
            return kind, config
    raise BadInput("The configuration has a layer without class_name and config.")


def model_of(value: Any) -> tuple[str, Config]:
    """The same of a whole model; until Keras 2.2.2 a Sequential was no more than its layers."""
    if isinstance(value, Mapping) and isinstance(value.get("config"), list):
        value = {**value, "config": {"name": "", "layers": value["config"]}}
    return class_and_config(value)


def names_within(row: tuple[str, Config]) -> list[str]:
    """A layer's name, and of a model those of the layers within it."""
    kind, config = row
    names = [str(config.get("name"))]
    if kind in MODELS:
        for inner in config.get("layers") or []:
            names += names_within(class_and_config(inner))
    return names
