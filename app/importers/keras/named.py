"""Weights by the names of their layers, as Keras 1 and 2 saved them: `save_weights("x.h5")`.

The layers stand in the order in which they are computed, and each is known by the names and the
shapes of its arrays; those without weights are known by the names that Keras gives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...core.cells import Array
from ...core.network import Bidirectional, Dense, Embedding, Layer, Recurrent
from ..base import Imported, Options, checked
from ..binary.hdf5 import Node
from .affine import Affine, fold, read_affine
from .inferred import (
    READERS,
    Found,
    arranged,
    bidirectional_of,
    dense_of,
    kind_of,
    recurrent_of,
)
from .weights import ByName, strings

PLAIN = ("activation", "dropout", "input", "masking", "spatial_dropout1d", "gaussian_noise")
"""What Keras calls layers without weights that a reader of weights alone may pass over."""
TITLE = "Keras weights by the names of their layers (.h5)"


def read(root: Node, options: Options) -> Imported:
    """Read what names and shapes decide; see `inferred.arrange` for the rest.

    Raises
    ------
    BadInput
        For weights that do not fit one another, and where two readings fit equally.
    """
    names = strings(root, "layer_names")
    layers, said, distributed = list[Layer | Affine](), dict[str, Any](), list[str]()
    others: dict[str, Sequence[Sequence[int]]] = {}
    for name in names:
        store = ByName(root.children.get(name))
        kind = re.sub(r"_\d+$", "", name)
        arrays = store.arrays("")
        layer = _layer(name, store, arrays, root, options) if arrays else None
        if layer is not None:
            layers.append(layer)
        elif not arrays and kind in READERS:
            said["reads"] = READERS[kind]
        elif arrays or kind not in PLAIN:
            others[name[:100]] = [array.shape for array in arrays]
        if kind == "time_distributed" and arrays:
            distributed.append(name[:100])
    if others:  # where a factor could be folded into is not known either
        others |= {x.name: [x.factor.shape] for x in layers if isinstance(x, Affine)}
        layers = [x for x in layers if not isinstance(x, Affine)]
    plain, folded = fold(layers)
    found = _sorted(plain, distributed, said, options)._replace(others=others)
    read = arranged(found, options, TITLE)
    extra = {"folded": "; ".join(folded)} if folded else {}
    return replace(read, detected=read.detected | extra)


def _is_recurrent(root: Node, name: str) -> bool:
    """Whether a layer has weights that are multiplied with a state."""
    names = strings(root.children[name], "weight_names") if name in root.children else []
    return any("recurrent_kernel" in weight or re.search(r"_U(_|:|$)", weight) for weight in names)


def _layer(
    name: str, store: ByName, arrays: Sequence[Array], root: Node, options: Options
) -> Layer | Affine | None:
    """One layer, by what its arrays are called; None for one that is not read."""
    names = strings(root.children[name], "weight_names")
    title, joined = name[:100], " ".join(names)
    if _is_recurrent(root, name):
        if "forward" in joined:
            return bidirectional_of(title, store, options)
        kind = kind_of(arrays)
        if kind is not None:
            return recurrent_of(kind, title, arrays, options)
    elif "moving_mean" in joined or "running_mean" in joined:
        config = {part: word in joined for part, word in (("scale", "gamma"), ("center", "beta"))}
        affine = read_affine("BatchNormalization", title, config, store.arrays)
        if affine is not None:
            return affine
    elif len(arrays) == 1 and ("embedding" in joined or "embedding" in name):
        return Embedding(title, checked(arrays[0], f"{title}/embeddings", (None, None)))
    elif arrays[0].ndim == 2 and len(arrays) < 3 and ("kernel" in joined or "_W" in joined):
        return dense_of(title, arrays)
    return None


def _sorted(
    layers: Sequence[Layer], distributed: list[str], said: Options, options: Options
) -> Found:
    """The layers by kind, and what their order says."""
    stack = [layer for layer in layers if isinstance(layer, (Recurrent, Bidirectional))]
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    table = next((layer for layer in layers if isinstance(layer, Embedding)), None)
    if stack and dense:
        before = layers[: layers.index(stack[0])]
        said = said | {"before": [layer.name for layer in before if isinstance(layer, Dense)]}
    tables = tuple(layer for layer in layers if isinstance(layer, Embedding))
    return Found(table, stack, dense, distributed, said, ordered=True, tables=tables)
