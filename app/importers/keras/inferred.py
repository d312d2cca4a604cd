"""Keras's `.weights.h5`: weights in groups named after the layers' classes, no configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import orjson

from ...core.cells import Array
from ...core.cells.activations import NOT_ELEMENTWISE
from ...core.errors import BadInput, Unsupported
from ...core.network import (
    ACTIVATIONS,
    MERGES,
    Bidirectional,
    Dense,
    Embedding,
    Network,
    Recurrent,
)
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
from .config import RECURRENT
from .layers import gate_order, recurrent
from .old import in_layout_of_today
from .weights import ByClass, Store, layer_groups, variables

CLASSES = {snake_case(name): name for name in RECURRENT}
ELEMENTWISE = [name for name in ACTIVATIONS if name not in NOT_ELEMENTWISE]
BY_BLOCKS = {layout.blocks: name for name, layout in RECURRENT.items()}
READERS = {
    "global_max_pooling1d": "max",
    "global_average_pooling1d": "average",
    "flatten": "flatten",
}


class Found(NamedTuple):
    """What weights are there, each kind in the order in which it is computed.

    Attributes
    ----------
    distributed : names of the dense layers that are applied to every timestep
    said : options that the file itself settles
    ordered : whether the file says in which order the layers are computed
    """

    embedding: Embedding | None
    stack: list[Stack]
    dense: list[Dense]
    distributed: list[str]
    said: Options
    ordered: bool = False


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
        return arranged(_found(groups, options), options, "Keras (.weights.h5)")


def _found(groups: Mapping[str, Node], options: Options) -> Found:
    embedding, stack, dense, distributed, said = None, [], [], [], {}
    for name in sorted(groups, key=_place):
        group, kind = groups[name], re.sub(r"_\d+$", "", name)
        store = ByClass(group)
        if kind == "embedding" and embedding is None:
            (table,) = store.arrays("") or [np.empty(0)]
            embedding = Embedding(_name(group, name), checked(table, name, (None, None)))
        elif kind in CLASSES:
            stack.append(recurrent_of(CLASSES[kind], _name(group, name), store.arrays(""), options))
        elif kind == "bidirectional":
            stack.append(bidirectional_of(_name(group, name), store, options))
        elif kind in ("dense", "time_distributed"):
            arrays = store.arrays("" if kind == "dense" else "inner")
            dense.append(dense_of(_name(group, name), arrays))
            if kind == "time_distributed":
                distributed.append(dense[-1].name)
        elif kind in READERS:
            said["reads"] = READERS[kind]
        elif _holds_weights(group):
            raise Unsupported(f"The file has weights of a layer {name[:60]}, which is not read.")
    return Found(embedding, _in_order(stack, embedding, options), dense, distributed, said)


def arranged(found: Found, options: Options, title: str) -> Imported:
    """The model that these weights are of, as far as they say."""
    embedding, stack, dense, distributed, said, _ = found
    _refuse_unused(found, options)
    options = said | options
    single = any(layer.kernel.shape[1] == 1 for layer in dense)
    final = ("linear" if embedding is None else "sigmoid") if single else "softmax"
    mode = _merge_mode(embedding, stack, dense, options)
    assumed = _assumed(stack, options, mode)
    layers, more = arrange(embedding, _merged(stack, mode), dense, options, final)
    if layers[-1].name in distributed:  # and so it reads every hidden state
        options = {"reads": "every"} | options
        layers, more = arrange(embedding, _merged(stack, mode), dense, options, final)
    network = build(settle_flatten(layers))
    return Imported(
        format=title,
        network=network,
        detected=gate_order(network) | {"layers": "by the shapes of their weights"},
        assumed=(*more, *assumed),
        snippet=_snippet(network, distributed),
    )


def _refuse_unused(found: Found, options: Options) -> None:
    stack = found.stack
    used = {"reads", "activations", "cell_activation", "backwards"}
    used |= {"before"} if found.dense else set()
    used |= {"mask_zero"} if found.embedding is not None else set()
    used |= {"merge_mode"} if any(isinstance(x, Bidirectional) for x in stack) else set()
    used |= {"gate_activation"} if any(map(_has_gates, stack)) else set()
    used |= {"order"} if len(stack) > 1 and not found.ordered else set()
    refuse_unused(options, used, "the file has no layer that it speaks of, or says it itself")


def _has_gates(layer: Stack) -> bool:
    return bool((layer.forward if isinstance(layer, Bidirectional) else layer).cell.gates)


def _assumed(stack: Sequence[Stack], options: Options, mode: str) -> tuple[str, ...]:
    """What weights do not say of recurrent layers."""
    found = []
    usual = {"cell_activation": "tanh"}
    if any(map(_has_gates, stack)):
        usual["gate_activation"] = "sigmoid"
    unsaid = {key: value for key, value in usual.items() if options.get(key) is None}
    if unsaid:
        names = " and ".join(unsaid.values())
        found.append(f"Recurrent layers use {names} ({', '.join(unsaid)}).")
    if options.get("backwards") is None and any(isinstance(layer, Recurrent) for layer in stack):
        found.append("Recurrent layers read from the first timestep to the last (backwards).")
    both = any(isinstance(layer, Bidirectional) for layer in stack)
    if both and "merge_mode" not in options:
        found.append(f"Both directions of a layer are joined by {JOINED[mode]}: merge_mode {mode}.")
    return tuple(found)


def _in_order(stack: list[Stack], embedding: Embedding | None, options: Options) -> list[Stack]:
    """The recurrent layers in the order in which they are computed: as fits, or as is said."""
    names, said = [layer.name for layer in stack], options.get("order")
    if said is not None:
        if not isinstance(said, list) or sorted(map(str, said)) != sorted(names):
            raise BadInput(
                "The option order must list all recurrent layers, the one computed first in "
                f"front: {', '.join(name[:60] for name in names[:8])}."
            )
        return sorted(stack, key=lambda layer: said.index(layer.name))
    if fits_in_other_orders(stack, embedding.table.shape[1] if embedding else None):
        raise BadInput(
            "The recurrent layers fit one another in more than one order, and the weights do not "
            "say in which they are computed. Say it in the option order, such as "
            f"{orjson.dumps(names).decode()[:300]}."
        )
    return stack


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


def recurrent_of(kind: str, name: str, arrays: Sequence[Array], options: Options) -> Recurrent:
    """A recurrent layer from its arrays, and from what is said of it."""
    arrays = in_layout_of_today(kind, arrays, name)
    units = arrays[1].shape[0] if len(arrays) > 1 and arrays[1].ndim == 2 else 0
    config = {
        "units": units,
        "use_bias": len(arrays) > 2,
        "reset_after": len(arrays) < 3 or arrays[2].ndim == 2,
        "go_backwards": name in _backwards(options),
        "activation": _activation(options, "cell_activation", "tanh"),
        "recurrent_activation": _activation(options, "gate_activation", "sigmoid"),
    }
    return recurrent(kind, name, config, arrays, "3")


def _activation(options: Options, key: str, usual: str) -> str:
    name = options.get(key)
    if name is not None and name not in ELEMENTWISE:
        raise BadInput(f"The option {key} must be one of {', '.join(ELEMENTWISE)}.")
    return name or usual


def _backwards(options: Options) -> list[str]:
    names = options.get("backwards") or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadInput(
            "The option backwards must list the recurrent layers that read from the last timestep "
            "to the first, by their names."
        )
    return names


def bidirectional_of(name: str, store: Store, options: Options) -> Bidirectional:
    """Both directions of a layer from their arrays."""
    both = []
    for part in ("forward", "backward"):
        arrays = store.arrays(part)
        kind = kind_of(arrays)
        if kind is None:
            raise Unsupported(f"{name} (Bidirectional) is around a layer that is not read.")
        both.append(recurrent_of(kind, f"{name}/{part}", arrays, options))
    forward, backward = both
    backward = replace(backward, go_backwards=True)
    return Bidirectional(name, forward, backward)


def kind_of(arrays: Sequence[Array]) -> str | None:
    """The class of a recurrent layer, by the number of its gates."""
    if len(arrays) in (9, 12):  # Keras 1 had three for each gate
        return BY_BLOCKS[len(arrays) // 3]
    shape = arrays[1].shape if len(arrays) > 1 and arrays[1].ndim == 2 else (1, 0)
    return BY_BLOCKS.get(shape[1] // max(1, shape[0]))


def dense_of(name: str, arrays: Sequence[Array]) -> Dense:
    """A dense layer from its arrays."""
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
