"""Keras's `.weights.h5`: weights in groups named after the layers' classes, no configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any, NamedTuple

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
    Layer,
    Network,
    Recurrent,
)
from ..alone import Around, open_alone
from ..assumed import Assumed, Undecided, choices, unsaid
from ..base import (
    Imported,
    Options,
    build,
    checked,
    numpy_inputs,
    refuse_unused,
    settle_flatten,
)
from ..binary.hdf5 import Node
from ..inferred import Hints, arrange, fits_in_other_orders
from ..inferred_order import Misfit, Stack
from ..merging import JOINED, TRIED
from .config import RECURRENT
from .groups import CLASSES, READERS, all_variables, kind_of_group, layer_names, weighted_groups
from .layers import gate_order, recurrent
from .old import in_layout_of_today
from .weights import ByClass, Store

ELEMENTWISE = [name for name in ACTIVATIONS if name not in NOT_ELEMENTWISE]
BY_BLOCKS = {layout.blocks: name for name, layout in RECURRENT.items()}


class Found(NamedTuple):
    """What weights are there, each kind in the order in which it is computed.

    Attributes
    ----------
    distributed : names of the dense layers that are applied to every timestep
    said : options that the file itself settles
    ordered : whether the file says in which order the layers are computed
    tables : all embeddings
    others : layers that are not read, each with its class -> the shapes of its arrays
    own : whether the layers are the attributes of a class of the owner's
    """

    embedding: Embedding | None
    stack: list[Stack]
    dense: list[Dense]
    distributed: list[str]
    said: Options
    ordered: bool = False
    tables: tuple[Embedding, ...] = ()
    others: Mapping[str, Sequence[Sequence[int]]] = {}
    own: bool = False


def read(root: Node, options: Options) -> Imported:
    """Read what the shapes decide; see `inferred.arrange` for the rest.

    Raises
    ------
    BadInput
        For weights that do not fit one another, and where two readings fit equally.
    """
    return arranged(_found(root, options), options, "Keras (.weights.h5)")


def _found(root: Node, options: Options) -> Found:
    groups = weighted_groups(root)
    tables, stack, dense, distributed = list[Embedding](), list[Stack](), list[Dense](), []
    others, said = dict[str, list[tuple[int, ...]]](), dict[str, Any]()
    for path in sorted(groups, key=_place):
        group, store, name = groups[path], ByClass(groups[path]), _name(groups[path], path)
        kind = kind_of_group(path, group)
        if kind == "embedding":
            (table,) = store.arrays("") or [np.empty(0)]
            tables.append(Embedding(name, checked(table, name, (None, None))))
        elif kind in CLASSES:
            stack.append(recurrent_of(CLASSES[kind], name, store.arrays(""), options))
        elif kind == "bidirectional":
            stack.append(bidirectional_of(name, store, options))
        elif kind in ("dense", "time_distributed"):
            dense.append(dense_of(name, store.arrays("" if kind == "dense" else "inner")))
            if kind == "time_distributed":
                distributed.append(name)
        elif kind in READERS:
            said["reads"] = READERS[kind]
        else:
            others[f"{name} ({kind})" if kind and kind != name else name] = [
                array.shape for array in all_variables(group)
            ]
    first = tables[0] if tables else None
    own = any(path not in layer_names(root) for path in groups)
    ordered = _in_order(stack, first, options) if not others else stack
    return Found(
        *(first, ordered, dense, distributed, said),
        tables=tuple(tables),
        others=others,
        own=own,
    )


def arranged(found: Found, options: Options, title: str) -> Imported:
    """The model that these weights are of, as far as they say; or a recurrent layer of it."""
    if not found.stack:
        raise BadInput("The file has no weights of an LSTM, GRU or simple RNN.")
    try:
        if found.others:
            raise Unsupported(
                f"The file has weights of a layer {next(iter(found.others))}, which is not read."
            )
        if options.get("layer") is not None:
            raise Unsupported("The option layer says so.")
        network, sentences, left = (*_whole(found, options), ())
    except (Unsupported, Misfit) as error:
        _refuse_unused_alone(found, options)
        beside = {f"{x.name[:60]} (Dense)": [x.kernel.shape] for x in found.dense}
        around = Around(found.tables, {**found.others, **beside})
        layers, sentences, left = open_alone(
            {layer.name: [layer] for layer in found.stack}, around, options, error.detail
        )
        network = build(layers)
        sentences = [*sentences, *_assumed(found.stack, options)]
    return Imported(
        format=title,
        network=network,
        detected=gate_order(network) | {"layers": "by the shapes of their weights"},
        assumed=unsaid(sentences),
        choices=choices(sentences),
        snippet=own_code(network) if found.own or left else _snippet(network, found.distributed),
        left_out=left,
    )


OWN = (
    "The layers are attributes of a class of your own, whose code is not in the file: they are "
    "taken to be computed one behind the other, as their sizes fit."
)


def _whole(found: Found, options: Options) -> tuple[Network, list[str]]:
    """All layers in their order, and what was taken for granted."""
    embedding, stack, dense, distributed = found[:4]
    if len(found.tables) > 1:
        names = ", ".join(table.name[:60] for table in found.tables[:8])
        raise Unsupported(f"The model has several embeddings: {names}.")
    given, options = options, found.said | options
    single = any(layer.kernel.shape[1] == 1 for layer in dense)
    final = ("linear" if embedding is None else "sigmoid") if single else "softmax"
    hints = Hints() if found.own else None

    def arranged_as(mode: str, options: Options) -> tuple[list[Layer], list[str]]:
        return arrange(embedding, _merged(stack, mode), dense, options, final, hints)

    mode = _merge_mode(options, arranged_as)
    layers, more = arranged_as(mode, options)
    if layers[-1].name in distributed:  # and so it reads every hidden state
        options = {"reads": "every"} | options
        layers, more = arranged_as(mode, options)
    network = build(settle_flatten(layers))
    _refuse_unused(found, given)
    return network, [*[OWN] * found.own, *more, *_assumed(stack, options, mode)]


def _refuse_unused(found: Found, options: Options) -> None:
    stack = found.stack
    used = {"reads", "activations", "cell_activation", "backwards"}
    used |= {"before"} if found.dense else set()
    used |= {"state_activation", "dense_order"} if found.own and found.dense else set()
    used |= {"mask_zero"} if found.embedding is not None else set()
    used |= {"merge_mode"} if any(isinstance(x, Bidirectional) for x in stack) else set()
    used |= {"gate_activation"} if any(map(_has_gates, stack)) else set()
    used |= {"order"} if len(stack) > 1 and not found.ordered else set()
    refuse_unused(options, used, "the file has no layer that it speaks of, or says it itself")


def _refuse_unused_alone(found: Found, options: Options) -> None:
    """The same where a recurrent layer is opened on its own."""
    used = {"layer", "cell_activation", "backwards"}
    used |= {"fed", "mask_zero"} if found.tables else set()
    used |= {"gate_activation"} if any(map(_has_gates, found.stack)) else set()
    refuse_unused(options, used, "the recurrent layer is opened on its own")


def _has_gates(layer: Stack) -> bool:
    return bool((layer.forward if isinstance(layer, Bidirectional) else layer).cell.gates)


def _assumed(stack: Sequence[Stack], options: Options, mode: str = "") -> list[str]:
    """What weights do not say of recurrent layers.

    Parameters
    ----------
    mode : how directions are joined; "" where that does not matter
    """
    found: list[str] = []
    usual = {"cell_activation": "tanh"}
    if any(map(_has_gates, stack)):
        usual["gate_activation"] = "sigmoid"
    for key, value in usual.items():
        given = options.get(key)
        what = "Recurrent layers use" if key.startswith("cell") else "Their gates use"
        words = f"{what} {given or value} ({key})."
        found.append(Assumed(words, key, given or value, ELEMENTWISE, said=given is not None))
    single = [layer.name for layer in stack if isinstance(layer, Recurrent)]
    if single:
        said: Any = options.get("backwards")
        named = f", but for {', '.join(said)}" if said else ""
        words = f"Recurrent layers read from the first timestep to the last{named} (backwards)."
        values = [[], *([name] for name in single)]
        found.append(Assumed(words, "backwards", said or [], values, said=said is not None))
    if mode and any(isinstance(layer, Bidirectional) for layer in stack):
        words = f"Both directions of a layer are joined by {JOINED[mode]} (merge_mode: {mode})."
        given = options.get("merge_mode") is not None
        found.append(Assumed(words, "merge_mode", mode, JOINED, said=given))
    return found


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
        raise Undecided(
            "The recurrent layers fit one another in more than one order, and the weights do not "
            "say in which they are computed. Say it in the option order, such as "
            f"{orjson.dumps(names).decode()[:300]}.",
            *("order", [list(order) for order in permutations(names)][:24]),
        )
    return stack


def _merge_mode(
    options: Options, arranged_as: Callable[[str, Options], tuple[list[Layer], list[str]]]
) -> str:
    """How directions are joined: as it is said, else side by side, or by a sum where that fits."""
    said = options.get("merge_mode")
    if said is not None:
        if said not in MERGES:
            raise BadInput(f"The option merge_mode must be one of {', '.join(MERGES)}.")
        return said
    for mode in TRIED:
        try:
            build(settle_flatten(arranged_as(mode, options)[0]))
            return mode
        except Undecided:
            raise
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


def _snippet(network: Network, distributed: Sequence[str]) -> str:
    """The model as it was inferred, and its prediction."""
    return f"""\
import numpy as np
{network.code(distributed=distributed)}
model.load_weights("model.weights.h5")
{numpy_inputs(network)}
model.predict(inputs)"""


def own_code(network: Network) -> str:
    """What the owner's own model gives."""
    return f"""\
import numpy as np
model.load_weights("model.weights.h5")  # model: as your code builds it
{numpy_inputs(network)}
model.predict(inputs)"""
