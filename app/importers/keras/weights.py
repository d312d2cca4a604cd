"""Where Keras puts a layer's weights in an HDF5 file: by class in Keras 3, by name before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from ...core.cells import Array
from ...core.errors import BadInput
from ..binary.hdf5 import Node

ROOTS = ("layers", "_layer_checkpoint_dependencies", "_self_tracked_trackables")
"""The group that holds the layers: Keras 3's, and those of Keras 2.12 to 2.15."""


class Store(Protocol):
    """Where weights are found."""

    def arrays(self, part: str) -> Sequence[Array]:
        """The arrays of a part of a layer, in Keras's order: see `keras_layers.Arrays`."""
        ...


def snake_case(name: str) -> str:
    """Keras's own spelling of a class's name in a file: SimpleRNN is simple_rnn."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def layer_groups(root: Node) -> Node:
    """The group that holds the layers of a `.weights.h5` file."""
    for name in ROOTS:
        if name in root.children:
            return root.children[name]
    raise BadInput("The HDF5 file has no group of layers, so it holds no weights of a Keras model.")


def groups_by_class(root: Node, kinds: Sequence[str]) -> list[Node | None]:
    """Each layer's group, which is named after its class and counted: lstm, lstm_1, ...

    Parameters
    ----------
    root : of a `.weights.h5` file
    kinds : the classes' names, in the order of the model's layers
    """
    groups, counts, found = layer_groups(root).children, Counter[str](), []
    for kind in kinds:
        name = snake_case(kind)
        number = counts[name]
        counts[name] += 1
        found.append(groups.get(f"{name}_{number}" if number else name))
    return found


def variables(group: Node | None) -> list[Array]:
    """The arrays of a layer's own variables, numbered from 0."""
    held = group.children.get("vars") if group else None
    if held is None:
        return []
    names = sorted((name for name in held.children if name.isdecimal()), key=int)
    return [held.children[name].array() for name in names]


PARTS = {
    "": ("", "cell"),
    "forward": ("forward_layer/cell", "forward_layer"),
    "backward": ("backward_layer/cell", "backward_layer"),
    "inner": ("layer",),
}
"""Where the variables of a part of a layer may be, below its group."""


class ByClass:
    """A layer's weights in a `.weights.h5` file."""

    def __init__(self, group: Node | None) -> None:
        self._group = group

    def arrays(self, part: str) -> list[Array]:
        """The first place where there are any."""
        for path in PARTS[part]:
            found = variables(self._group.find(path) if self._group else None)
            if found:
                return found
        return []


class ByName:
    """A layer's weights in a whole-model `.h5` file, listed by an attribute of its group."""

    def __init__(self, group: Node | None) -> None:
        self._group = group

    def arrays(self, part: str) -> list[Array]:
        """All of them; of a bidirectional layer half, the forward direction's first."""
        names = strings(self._group, "weight_names") if self._group else []
        if part in ("forward", "backward"):
            half = len(names) // 2
            names = names[:half] if part == "forward" else names[half:]
        found = []
        for name in names:
            node = self._group.find(name) if self._group else None
            if node is None:
                raise BadInput(f"The array {name[:100]} is listed in the file, but is not there.")
            found.append(node.array())
        return found


def strings(node: Node, name: str) -> list[str]:
    """An attribute with a list of names, which Keras cuts in pieces where it is long."""
    found, values = [], node.attributes
    value = values.get(name)
    if value is None:
        number = 0
        while isinstance(piece := values.get(f"{name}{number}"), list):
            found += piece
            number += 1
        return found
    return value if isinstance(value, list) else []
