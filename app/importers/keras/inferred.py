"""Keras's `.weights.h5`: weights in groups named after the layers' classes, no configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput, Unsupported
from ...core.network import MERGES, Bidirectional, Dense, Embedding, Network, Recurrent
from ..advice import naming, of_keras
from ..base import (
    Imported,
    Options,
    build,
    checked,
    numpy_inputs,
    refuse_unused,
    settle_flatten,
    snake_case,
)
from ..binary.hdf5 import Node
from ..inferred import arrange, fits_in_other_orders
from ..inferred_order import Stack
from .layers import RECURRENT, gate_order, recurrent
from .weights import ByClass, layer_groups, variables

CLASSES = {snake_case(name): name for name in RECURRENT}
BY_BLOCKS = {layout.blocks: name for name, layout in RECURRENT.items()}
READERS = {
    "global_max_pooling1d": "max",
    "global_average_pooling1d": "average",
    "flatten": "flatten",
}


def read(root: Node, options: Options) -> Imported:
    """Read what the shapes decide; see `inferred.arrange` for the rest.

    Raises
    ------
    Unsupported
        Naming a layer with weights that is not read.
    BadInput
        For weights that do not fit one another.
    """
    groups = layer_groups(root).children
    kinds = {name: re.sub(r"_\d+$", "", name) for name in groups}
    found = [_name(groups[x], x) for x in groups if kinds[x] in (*CLASSES, "bidirectional")]
    with naming(of_keras(found[0]) if found else ""):
        return _read(groups, options)


def _read(groups: Mapping[str, Node], options: Options) -> Imported:
    embedding, stack, dense = None, [], []
    distributed = []
    for name in sorted(groups, key=_place):
        group, kind = groups[name], re.sub(r"_\d+$", "", name)
        store = ByClass(group)
        if kind == "embedding" and embedding is None:
            (table,) = store.arrays("") or [np.empty(0)]
            embedding = Embedding(_name(group, name), checked(table, name, (None, None)))
        elif kind in CLASSES:
            stack.append(_recurrent(CLASSES[kind], _name(group, name), store.arrays("")))
        elif kind == "bidirectional":
            stack.append(_bidirectional(_name(group, name), store))
        elif kind in ("dense", "time_distributed"):
            arrays = store.arrays("" if kind == "dense" else "inner")
            dense.append(_dense(_name(group, name), arrays))
            if kind == "time_distributed":
                distributed.append(dense[-1].name)
        elif kind in READERS:
            options = {"reads": READERS[kind]} | options
        elif _holds_weights(group):
            raise Unsupported(f"The file has weights of a layer {name[:60]}, which is not read.")
    _refuse_unused(embedding, stack, dense, options)
    final = "sigmoid" if dense and any(x.kernel.shape[1] == 1 for x in dense) else "softmax"
    mode = _merge_mode(embedding, stack, dense, options)
    assumed = _assumed(stack, embedding, options, mode)
    layers, more = arrange(embedding, _merged(stack, mode), dense, options, final)
    if layers[-1].name in distributed:  # and so it reads every hidden state
        options = {"reads": "every"} | options
        layers, more = arrange(embedding, _merged(stack, mode), dense, options, final)
    network = build(settle_flatten(layers))
    return Imported(
        format="Keras (.weights.h5)",
        network=network,
        detected=gate_order(network) | {"layers": "by the shapes of their weights"},
        assumed=(*more, *assumed),
        snippet=_snippet(network, distributed),
    )


def _refuse_unused(
    embedding: Embedding | None, stack: Sequence[Stack], dense: Sequence[Dense], options: Options
) -> None:
    used = {"reads", "activations"}
    used |= {"before"} if dense else set()
    used |= {"mask_zero"} if embedding is not None else set()
    used |= {"merge_mode"} if any(isinstance(x, Bidirectional) for x in stack) else set()
    refuse_unused(options, used, "the file has no layer that it speaks of")


def _assumed(
    stack: Sequence[Stack], embedding: Embedding | None, options: Options, mode: str
) -> tuple[str, ...]:
    """What weights do not say of recurrent layers."""
    found = ["Recurrent layers read forward, with Keras's usual activations, tanh and sigmoid."]
    both = any(isinstance(layer, Bidirectional) for layer in stack)
    if both and "merge_mode" not in options:
        found.append(f"Both directions of a layer are joined by {JOINED[mode]}: merge_mode {mode}.")
    width = embedding.table.shape[1] if embedding else None
    if fits_in_other_orders(stack, width):
        found.append("Recurrent layers of several classes come in the order of their classes.")
    return tuple(found)


JOINED = {"concat": "standing side by side", "sum": "their sum"}


def _merge_mode(
    embedding: Embedding | None, stack: Sequence[Stack], dense: Sequence[Dense], options: Options
) -> str:
    """How directions are joined: as it is said, else side by side, or by a sum where that fits."""
    said = options.get("merge_mode")
    if said is not None:
        if said not in MERGES:
            raise BadInput(f"The option merge_mode must be one of {', '.join(MERGES)}.")
        return said
    for mode in JOINED:
        try:
            build(settle_flatten(arrange(embedding, _merged(stack, mode), dense, options)[0]))
            return mode
        except BadInput:
            continue
    return "concat"


def _merged(stack: Sequence[Stack], mode: str) -> list[Stack]:
    return [
        replace(layer, merge_mode=mode) if isinstance(layer, Bidirectional) else layer
        for layer in stack
    ]


def _place(name: str) -> tuple[str, int]:
    """Layers of a class are numbered in the order in which they are computed."""
    kind, _, number = name.rpartition("_")
    return (kind, int(number)) if number.isdecimal() else (name, 0)


def _name(group: Node, name: str) -> str:
    """The layer's own name, where the file has it."""
    held = group.children.get("vars")
    own = held.attributes.get("name") if held else None
    return own[:100] if isinstance(own, str) and own else name[:100]


def _recurrent(kind: str, name: str, arrays: Sequence[Array]) -> Recurrent:
    units = arrays[1].shape[0] if len(arrays) > 1 and arrays[1].ndim == 2 else 0
    config = {
        "units": units,
        "use_bias": len(arrays) > 2,
        "reset_after": len(arrays) < 3 or arrays[2].ndim == 2,
    }
    return recurrent(kind, name, config, arrays, "3")


def _bidirectional(name: str, store: ByClass) -> Bidirectional:
    both = []
    for part in ("forward", "backward"):
        arrays = store.arrays(part)
        shape = arrays[1].shape if len(arrays) > 1 and arrays[1].ndim == 2 else (1, 0)
        kind = BY_BLOCKS.get(shape[1] // max(1, shape[0]))
        if kind is None:
            raise Unsupported(f"{name} (Bidirectional) is around a layer that is not read.")
        both.append(_recurrent(kind, f"{name}/{part}", arrays))
    forward, backward = both
    backward = replace(backward, go_backwards=True)
    return Bidirectional(name, forward, backward)


def _dense(name: str, arrays: Sequence[Array]) -> Dense:
    kernel = checked(arrays[0] if arrays else np.empty(0), f"{name}/kernel", (None, None))
    units = kernel.shape[1]
    use_bias = len(arrays) > 1
    bias = checked(arrays[1], f"{name}/bias", (units,)) if use_bias else np.zeros(units, np.float32)
    return Dense(name, kernel, bias, "linear", use_bias)


def _holds_weights(group: Node) -> bool:
    return bool(variables(group)) or any(name not in ("vars",) for name in group.children)


def _snippet(network: Network, distributed: Sequence[str]) -> str:
    """The model as it was inferred, and its prediction."""
    return f"""\
import numpy as np
{network.code(distributed=distributed)}
model.load_weights("model.weights.h5")
{numpy_inputs(network)}
model.predict(inputs)"""
