"""Weights that are kept as a length and a direction: `torch.nn.utils.weight_norm`, old and new."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput
from .weights import Arrays

LENGTH = re.compile(
    r"(?P<before>.*?)(?P<name>\w+)_g|(?P<new>.*?)parametrizations\.(\w+)\.original0"
)


class Joined:
    """Arrays, those among them that are kept in two parts made one.

    Parameters
    ----------
    arrays : as they are in the file
    parts : name -> the names of its length and its direction
    """

    def __init__(self, arrays: Arrays, parts: dict[str, tuple[str, str]]) -> None:
        self._arrays, self._parts = arrays, parts

    def __getitem__(self, name: str, /) -> Array:
        if name not in self._parts:
            return self._arrays[name]
        length, direction = (np.asarray(self._arrays[part]) for part in self._parts[name])
        if length.ndim != direction.ndim or any(
            n not in (1, m) for n, m in zip(length.shape, direction.shape, strict=True)
        ):
            raise BadInput(f"The length and the direction of {name[:80]} do not fit one another.")
        axes = tuple(place for place, n in enumerate(length.shape) if n == 1)
        with np.errstate(all="ignore"):
            norm = np.sqrt((direction.astype(np.float64) ** 2).sum(axis=axes, keepdims=True))
            return (length * direction / norm).astype(np.float32)

    def shape(self, name: str) -> tuple[int, ...]:
        """An array's shape."""
        return self._arrays.shape(self._parts[name][1] if name in self._parts else name)


def join_parts(arrays: Arrays, names: Sequence[str]) -> tuple[Arrays, list[str], list[str]]:
    """The weights as the model multiplies with them, and a sentence for those of two parts."""
    held, parts = set(names), dict[str, tuple[str, str]]()
    for name in names:
        found = LENGTH.fullmatch(name[:300])
        if not found:
            continue
        if found["name"]:
            whole, direction = found["before"] + found["name"], f"{name.removesuffix('_g')}_v"
        else:
            whole, direction = found["new"] + found[4], f"{name.removesuffix('0')}1"
        if direction in held and whole not in held:
            parts[whole] = (name, direction)
    if not parts:
        return arrays, list(names), []
    places = {length: whole for whole, (length, _) in parts.items()}
    gone = {direction for _, direction in parts.values()}
    joined = [places.get(name, name) for name in names if name not in gone]
    said = f"Weights that are kept as length and direction (weight_norm): {', '.join(parts)[:300]}."
    return Joined(arrays, parts), joined, [said]
