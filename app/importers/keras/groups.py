"""The groups of a `.weights.h5` file: layers by their classes, or by the attributes of a class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...core.cells import Array
from ...core.errors import BadInput
from ..base import snake_case
from ..binary.hdf5 import Node
from .config import RECURRENT
from .weights import ROOTS, all_in_folders, variables

CLASSES = {snake_case(name): name for name in RECURRENT}
READERS = {
    "global_max_pooling1d": "max",
    "global_average_pooling1d": "average",
    "flatten": "flatten",
}
INNER = ("vars", "cell", "forward_layer", "backward_layer", "layer")
"""Groups within a layer's group that are a part of it, and no layers of their own."""
BY_BLOCKS = {layout.blocks: snake_case(name) for name, layout in RECURRENT.items()}
MAX_DEPTH = 8


def weighted_groups(root: Node) -> dict[str, Node]:
    """Every layer's group by its name, or by its path in classes within classes.

    Raises
    ------
    BadInput
        For a file that has none.
    """
    root = all_in_folders(root)
    found = dict(_below(root, "", 0))
    if not found:
        raise BadInput(
            "The HDF5 file has no group of layers, so it holds no weights of a Keras model."
        )
    return found


def layer_names(root: Node) -> set[str]:
    """Names of the groups that are named after classes, and not after attributes."""
    root = all_in_folders(root)
    held = [root.children[place] for place in ROOTS if place in root.children]
    return {name for group in held for name in group.children}


def _below(group: Node, path: str, depth: int) -> list[tuple[str, Node]]:
    if depth > MAX_DEPTH:
        return []
    found: list[tuple[str, Node]] = []
    for name, child in group.children.items():
        if name == "vars":
            continue
        if name in ROOTS:
            found += _below(child, path, depth + 1)
            continue
        where = f"{path}.{name}" if path else name
        inner = [each for each in child.children if each not in INNER]
        if inner and not variables(child):
            found += _below(child, where, depth + 1)
        elif kind_of_group(name, child) in READERS or all_variables(child):
            found.append((where, child))
    return found


def all_variables(group: Node) -> list[Array]:
    """The arrays of a layer and of what is within it."""
    inner = [group.children[name] for name in INNER[1:] if name in group.children]
    return [*variables(group), *(array for each in inner for array in all_variables(each))]


def kind_of_group(path: str, group: Node) -> str:
    """What a layer is, by the name of its group, else by what is in it."""
    name = re.sub(r"_\d+$", "", path.rpartition(".")[2])
    if name in (*CLASSES, *READERS, "bidirectional", "dense", "time_distributed", "embedding"):
        return name
    if {"forward_layer", "backward_layer"} <= group.children.keys():
        return "bidirectional"
    shapes = [array.shape for array in variables(group)]
    if "cell" in group.children and not shapes:
        return _recurrent([array.shape for array in variables(group.children["cell"])])
    if "layer" in group.children and not shapes:
        inner = [array.shape for array in variables(group.children["layer"])]
        return "time_distributed" if _is_dense(inner) else name
    if _is_dense(shapes):
        return "dense"
    if len(shapes) == 1 and len(shapes[0]) == 2:
        return "embedding" if "emb" in name.lower() else "dense"
    return name


def _is_dense(shapes: Sequence[tuple[int, ...]]) -> bool:
    return len(shapes) == 2 and len(shapes[0]) == 2 and shapes[1] == shapes[0][1:]


def _recurrent(shapes: Sequence[tuple[int, ...]]) -> str:
    """The class of a recurrent layer by its arrays; "" for none."""
    if len(shapes) < 2 or len(shapes[1]) != 2 or not shapes[1][0]:
        return ""
    return BY_BLOCKS.get(shapes[1][1] // shapes[1][0], "")
