"""Where Keras puts a layer's weights in an HDF5 file: by class in Keras 3, by name before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from ...core.cells import Array
from ...core.errors import BadInput
from ..binary.hdf5 import Node
from ..binary.hdf5_values import Value
from .config import Config, names_within

ROOTS = ("layers", "_layer_checkpoint_dependencies", "_self_tracked_trackables")
"""The group that holds the layers: Keras 3's, and those of Keras 2.12 to 2.15."""


Item = TypeVar("Item")


class Store(Protocol):
    """Where weights are found."""

    def arrays(self, part: str) -> Sequence[Array]:
        """The arrays of a part of a layer, in Keras's order: see `keras_layers.Arrays`."""
        ...

    def inner(self, rows: Sequence[tuple[str, Config]]) -> Sequence[Store]:
        """Where the weights of the layers of a model are that is a layer."""
        ...


def snake_case(name: str) -> str:
    """Keras's own spelling of a class's name in a file: SimpleRNN is simple_rnn."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


@dataclass(frozen=True)
class Spelled(Node):
    """A group some of whose contents are spelled as paths, with the backslashes of Windows."""

    own: Node
    inner: dict[str, list[tuple[str, Node]]]

    @classmethod
    def of(cls, own: Node, contents: Iterable[tuple[str, Node]]) -> Spelled:
        """The group itself, and what a path leads to below it."""
        inner: dict[str, list[tuple[str, Node]]] = {}
        for path, node in contents:
            first, _, rest = path.partition("\\")
            inner.setdefault(first, []).append((rest, node))
        return cls(own.file, own.address, own.path, own, inner)

    @cached_property
    def children(self) -> dict[str, Node]:
        """What the group holds, by name."""
        found = {n: node for n, node in self.own.children.items() if "\\" not in n}
        for name, contents in self.inner.items():
            own = next((node for rest, node in contents if not rest), None) or found.get(name)
            below = [(rest, node) for rest, node in contents if rest]
            found[name] = Spelled.of(own or _nothing(self), below) if below or not own else own
        return found

    @cached_property
    def attributes(self) -> dict[str, Value]:
        """Those of the group itself."""
        return self.own.attributes


@dataclass(frozen=True)
class Empty(Node):
    """A group that holds nothing of its own."""

    @cached_property
    def children(self) -> dict[str, Node]:
        """Nothing."""
        return {}

    @cached_property
    def attributes(self) -> dict[str, Value]:
        """None."""
        return {}


def _nothing(node: Node) -> Empty:
    return Empty(node.file, node.address, node.path)


def all_in_folders(root: Node) -> Node:
    """The same group, with what Windows spelled as paths in groups within groups."""
    if any("\\" in name for name in root.children):
        paths = [(name, node) for name, node in root.children.items() if "\\" in name]
        return Spelled.of(root, paths)
    return root


def layer_groups(root: Node) -> Node:
    """The group that holds the layers of a `.weights.h5` file."""
    root = all_in_folders(root)
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

    def inner(self, rows: Sequence[tuple[str, Config]]) -> list[ByClass]:
        """Groups within the model's group."""
        if self._group is None:
            return [ByClass(None) for _ in rows]
        kinds = [kind for kind, _ in rows]
        return [ByClass(group) for group in groups_by_class(self._group, kinds)]


class ByName:
    """A layer's weights in a whole-model `.h5` file, listed by an attribute of its group."""

    def __init__(self, group: Node | None, names: Sequence[str] | None = None) -> None:
        self._group = group
        self._names = names

    def inner(self, rows: Sequence[tuple[str, Config]]) -> list[ByName]:
        """The same group, of which each layer has the arrays with its name in theirs."""
        owners: dict[str, int] = {}
        for place, row in enumerate(rows):
            owners |= {name: place for name in names_within(row) if name not in owners}
        names = self._names
        if names is None:
            names = strings(self._group, "weight_names") if self._group else []
        held: list[list[str]] = [[] for _ in rows]
        for path in names:
            owner = next((owners[part] for part in path.split("/") if part in owners), None)
            if owner is not None:
                held[owner].append(path)
        return [ByName(self._group, paths) for paths in held]

    def arrays(self, part: str) -> list[Array]:
        """All of them; of a bidirectional layer half, the forward direction's first."""
        names = self._names
        if names is None:
            names = strings(self._group, "weight_names") if self._group else []
        found = []
        for name in halved(names, part):
            node = self._group.find(name) if self._group else None
            if node is None:
                raise BadInput(f"The array {name[:100]} is listed in the file, but is not there.")
            found.append(node.array())
        return found


def halved(items: Sequence[Item], part: str) -> Sequence[Item]:
    """All of a layer's arrays, or those of one direction, of which the forward one's come first."""
    if part not in ("forward", "backward"):
        return items
    half = len(items) // 2
    return items[:half] if part == "forward" else items[half:]


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
