"""From Keras's configuration of a layer to our own layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ...core.cells import Array, Weights, cells_of
from ...core.cells.activated import with_activations
from ...core.errors import BadInput, Unsupported
from ...core.network import (
    ACTIVATIONS,
    MERGES,
    Activation,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    Layer,
    Masking,
    Network,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)
from ..base import checked
from .config import RECURRENT, Config, cell_of, class_and_config
from .old import in_layout_of_today, in_words_of_today

Arrays = Callable[[str], Sequence[Array]]
"""The arrays of a part of a layer ("" for its own, "forward", "backward", "inner"), as Keras orders
them."""

IGNORED = {
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "SpatialDropout1D",
}
"""Layers that do something in training alone."""

POOLING = {
    "GlobalMaxPooling1D": "max",
    "GlobalMaxPool1D": "max",
    "GlobalAveragePooling1D": "average",
    "GlobalAvgPool1D": "average",
}
RENAMED = {"swish": "silu", "hard_swish": "hard_silu"}


def read_layer(kind: str, config: Config, arrays: Arrays, version: str) -> Layer:
    """One layer, by the name of its class.

    Parameters
    ----------
    kind : the class's name in Keras
    config : its configuration
    arrays : where its weights are
    version : the version of Keras that wrote it

    Raises
    ------
    Unsupported
        Naming the layer, or the setting of it, that is not read.
    BadInput
        For weights that do not fit the configuration.
    """
    name = text(config, "name", kind.lower())
    kind, config = in_words_of_today(kind, config)
    if kind in RECURRENT:
        return recurrent(kind, name, config, arrays(""), version)
    if kind == "Bidirectional":
        return _bidirectional(name, config, arrays, version)
    if kind in IGNORED:
        return PassThrough(name, kind)
    if kind in POOLING:
        if config.get("keepdims") or config.get("data_format", "channels_last") != "channels_last":
            raise Unsupported(f"{name} ({kind}) with keepdims or channels_first is not read.")
        return Pooling(name, POOLING[kind])
    if kind in _READERS:
        return _READERS[kind](name, config, arrays, version)
    raise Unsupported(
        f"The model has a layer {name} of type {kind[:60]}, which is not read. These are: "
        f"{', '.join(sorted({*RECURRENT, *IGNORED, *POOLING, *_READERS, 'Bidirectional'}))}."
    )


def gate_order(network: Network) -> dict[str, str]:
    """The order of the gates, where there are some."""
    names = {layer.cell.name for layer in network.recurrent.values()}
    orders = dict.fromkeys(
        f"{layout.letters} (Keras's own)"
        for cell, layout in cells_of("keras")
        if cell.gates and cell.name in names
    )
    return {"gate order": "; ".join(orders)} if orders else {}


def text(config: Config, key: str, default: str) -> str:
    """A string of a configuration."""
    value = config.get(key, default)
    if not isinstance(value, str) or not value:
        raise BadInput(f"The configuration's {key} must be text.")
    return value[:100]


def whole(config: Config, key: str) -> int:
    """A positive integer of a configuration."""
    value = config.get(key)
    if type(value) is not int or not 0 < value < 2**31:
        raise BadInput(f"The configuration's {key} must be a positive integer.")
    return value


def activation(config: Config, key: str, default: str, version: str) -> str:
    """The name of an activation, which Keras writes as text or as an object."""
    value = config.get(key, default)
    if isinstance(value, Mapping):
        inner = value.get("config")
        value = inner if isinstance(inner, str) else value.get("class_name")
    if value is None:
        return "linear"
    name = RENAMED.get(value, value) if isinstance(value, str) else ""
    if name == "hard_sigmoid" and not version.startswith("3"):
        return "hard_sigmoid_2"
    if name not in ACTIVATIONS:
        raise Unsupported(
            f"The {key} {str(value)[:60]!r} is not read. These are: {', '.join(ACTIVATIONS)}."
        )
    return name


def recurrent(
    kind: str, name: str, config: Config, arrays: Sequence[Array], version: str
) -> Recurrent:
    """An LSTM, GRU or SimpleRNN layer: kernel, recurrent kernel and, where it has one, bias."""
    # before Keras 2.1 there was one form of the GRU, and its name was not written
    cell = cell_of(kind, config)
    outer = activation(config, "activation", "tanh", version)
    inner = activation(config, "recurrent_activation", "sigmoid", version)
    units, columns = whole(config, "units"), len(cell.blocks) * whole(config, "units")
    use_bias = bool(config.get("use_bias", True))
    arrays = in_layout_of_today(kind, arrays, name)
    kernel, recurrent_kernel, *bias = take(arrays, 2 + use_bias, name)
    shape = (2, columns) if cell.two_biases else (columns,)
    weights = Weights(
        kernel=checked(kernel, f"{name}/kernel", (None, columns)),
        recurrent_kernel=checked(recurrent_kernel, f"{name}/recurrent_kernel", (units, columns)),
        bias=checked(bias[0], f"{name}/bias", shape) if bias else np.zeros(shape, np.float32),
    )
    return Recurrent(
        name=name,
        cell=with_activations(cell.name, outer, inner),
        weights=weights,
        return_sequences=bool(config.get("return_sequences", False)),
        go_backwards=bool(config.get("go_backwards", False)),
        zero_output_for_mask=bool(config.get("zero_output_for_mask", False)),
        use_bias=use_bias,
    )


def _bidirectional(name: str, config: Config, arrays: Arrays, version: str) -> Bidirectional:
    merge = config.get("merge_mode", "concat")
    if merge not in MERGES:
        raise Unsupported(f"{name} (Bidirectional) with merge_mode {merge!r} is not read.")
    both = []
    for part, key in (("forward", "layer"), ("backward", "backward_layer")):
        wrapped = config.get(key) or config.get("layer")
        kind, inner = in_words_of_today(*class_and_config(wrapped))
        if kind not in RECURRENT:
            raise Unsupported(f"{name} (Bidirectional) around {kind[:60]} is not read.")
        all_timesteps = bool(inner.get("return_sequences", False))
        inner = {
            **inner,
            "go_backwards": part == "backward",
            "zero_output_for_mask": all_timesteps,  # as Keras sets it, whatever the layer says
        }
        both.append(recurrent(kind, f"{name}/{part}", inner, arrays(part), version))
    forward, backward = both
    if forward.return_sequences != backward.return_sequences:
        raise BadInput(f"The two directions of {name} must both return sequences, or neither.")
    return Bidirectional(name, forward, backward, merge)


def take(arrays: Sequence[Array], count: int, name: str) -> Sequence[Array]:
    """The weights of a layer, which must be as many as it needs."""
    if len(arrays) != count:
        raise BadInput(f"The layer {name} needs {count} arrays of weights; {len(arrays)} came.")
    return arrays


def _embedding(name: str, config: Config, arrays: Arrays, version: str) -> Embedding:
    shape = whole(config, "input_dim"), whole(config, "output_dim")
    (table,) = take(arrays(""), 1, name)
    return Embedding(
        name, checked(table, f"{name}/embeddings", shape), bool(config.get("mask_zero"))
    )


def _dense(name: str, config: Config, arrays: Arrays, version: str) -> Dense:
    use_bias, units = bool(config.get("use_bias", True)), whole(config, "units")
    kernel, *bias = take(arrays(""), 1 + use_bias, name)
    return Dense(
        name=name,
        kernel=checked(kernel, f"{name}/kernel", (None, units)),
        bias=checked(bias[0], f"{name}/bias", (units,)) if bias else np.zeros(units, np.float32),
        activation=activation(config, "activation", "linear", version),
        use_bias=use_bias,
    )


def _time_distributed(name: str, config: Config, arrays: Arrays, version: str) -> Dense:
    kind, inner = in_words_of_today(*class_and_config(config.get("layer")))
    if kind != "Dense":
        raise Unsupported(f"{name} (TimeDistributed) around {kind[:60]} is not read.")
    return _dense(name, inner, lambda part: arrays("inner"), version)


def _masking(name: str, config: Config, arrays: Arrays, version: str) -> Masking:
    value = config.get("mask_value", 0.0)
    if not isinstance(value, (int, float)):
        raise BadInput(f"The mask_value of {name} must be a number.")
    return Masking(name, float(value))


def _activation(name: str, config: Config, arrays: Arrays, version: str) -> Activation:
    return Activation(name, activation(config, "activation", "linear", version))


def _rectifier(name: str, config: Config, arrays: Arrays, version: str) -> Activation:
    plain = {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}
    if any(config.get(key, value) not in (value, 0) for key, value in plain.items()):
        raise Unsupported(f"{name} (ReLU) with a slope, a threshold or a maximum is not read.")
    return Activation(name, "relu")


def _softmax(name: str, config: Config, arrays: Arrays, version: str) -> Activation:
    if config.get("axis", -1) != -1:
        raise Unsupported(f"{name} (Softmax) over another axis than the last is not read.")
    return Activation(name, "softmax")


_READERS: dict[str, Callable[[str, Config, Arrays, str], Layer]] = {
    "Activation": _activation,
    "Dense": _dense,
    "Embedding": _embedding,
    "Flatten": lambda name, *rest: Flatten(name),
    "Masking": _masking,
    "ReLU": _rectifier,
    "RepeatVector": lambda name, config, *rest: Repeat(name, whole(config, "n")),
    "Softmax": _softmax,
    "TimeDistributed": _time_distributed,
}
