"""From a layer to its row in a model file, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import fields

from ..cells import CELLS, Array, Weights
from ..cells.activated import with_activations
from ..errors import BadInput
from ..network import (
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    Masking,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)
from .layers import (
    ActivationLayer,
    AllLayersLayer,
    AnyLayer,
    BidirectionalLayer,
    DenseLayer,
    EmbeddingLayer,
    FlattenLayer,
    LastTimestepLayer,
    MaskingLayer,
    MaximumLayer,
    ReadingLayer,
    RecurrentLayer,
    RepeatLayer,
)

DEFAULTS = {
    field.name: field.default
    for row in (RecurrentLayer, FlattenLayer, DenseLayer)
    for field in fields(row)
    if not field.required
}
"""What need not be written."""


def arrays_of(layer: Layer) -> dict[str, Array]:
    """A layer's arrays by name."""
    if isinstance(layer, Embedding):
        return {"table": layer.table}
    if isinstance(layer, Recurrent):
        w, states = layer.weights, layer.initial_state or {}
        arrays = {"kernel": w.kernel, "recurrent_kernel": w.recurrent_kernel, "bias": w.bias}
        if w.peephole is not None:
            arrays["peephole"] = w.peephole
        if w.projection is not None:
            arrays["projection"] = w.projection
        return arrays | {f"initial_{name}": state for name, state in states.items()}
    if isinstance(layer, Bidirectional):
        return {
            f"{part}/{name}": array
            for part, each in (("forward", layer.forward), ("backward", layer.backward))
            for name, array in arrays_of(each).items()
        }
    if isinstance(layer, Dense):
        return {"kernel": layer.kernel, "bias": layer.bias}
    return {}


def describe_layer(layer: Layer) -> dict[str, Any]:
    """A layer's row, without what is as usual."""
    row = {"type": _type(layer), "name": layer.name} | _fields(layer)
    return {
        k: v for k, v in row.items() if k not in DEFAULTS or v != DEFAULTS[k] or _must(layer, k)
    }


def _must(layer: Layer, key: str) -> bool:
    """A dense layer's activation has no default."""
    return key == "activation" and not isinstance(layer, Recurrent)


def _type(layer: Layer) -> str:
    if isinstance(layer, Pooling):
        return layer.kind
    names = {
        LastTimestep: "last_timestep",
        AllLayers: "all_layers",
        PassThrough: "pass_through",
    }
    return names.get(type(layer), type(layer).__name__.lower())


def _fields(layer: Layer) -> dict[str, Any]:
    if isinstance(layer, Embedding):
        tokens, features = layer.table.shape
        return {"tokens": tokens, "features": features, "mask_zero": layer.mask_zero}
    if isinstance(layer, Recurrent):
        return _of_recurrent(layer)
    if isinstance(layer, Bidirectional):
        both = {part: getattr(layer, part) for part in ("forward", "backward")}
        rows = {part: describe_layer(each) for part, each in both.items()}
        return rows | {"merge_mode": layer.merge_mode}
    if isinstance(layer, Dense):
        inputs, outputs = layer.kernel.shape
        sizes = {"inputs": inputs, "outputs": outputs}
        return sizes | {"activation": layer.activation, "use_bias": layer.use_bias}
    if isinstance(layer, Masking):
        return {"value": layer.value}
    if isinstance(layer, (Flatten, Repeat)):
        return {"timesteps": layer.timesteps}
    if isinstance(layer, Activation):
        return {"activation": layer.activation}
    return {"keras": layer.type} if isinstance(layer, PassThrough) else {}


def _of_recurrent(layer: Recurrent) -> dict[str, Any]:
    w, cell = layer.weights, layer.cell
    return {
        "cell": cell.name,
        "features": w.features,
        "units": w.units,
        "return_sequences": layer.return_sequences,
        "go_backwards": layer.go_backwards,
        "zero_output_for_mask": layer.zero_output_for_mask,
        "use_bias": layer.use_bias,
        "restores_order": layer.restores_order,
        "initial_state": layer.initial_state is not None,
        "gives": layer.gives,
        "activation": cell.activation,
        "recurrent_activation": cell.recurrent_activation,
        "biases": w.bias.ndim,
        "peephole": w.peephole is not None,
        "hidden": w.hidden if w.projection is not None else None,
    }


def build_layer(row: AnyLayer, tensors: Mapping[str, Array]) -> Layer:
    """A layer from its row and the arrays of the file, whose names begin with the layer's."""
    arrays = {name: tensors[f"{row.name}/{name}"] for name in row.shapes()}
    if isinstance(row, EmbeddingLayer):
        return Embedding(row.name, arrays["table"], row.mask_zero)
    if isinstance(row, RecurrentLayer):
        return _recurrent(row, arrays)
    if isinstance(row, BidirectionalLayer):
        both = [
            _recurrent(each, {n: arrays[f"{part}/{n}"] for n in each.shapes()})
            for part, each in (("forward", row.forward), ("backward", row.backward))
        ]
        return Bidirectional(row.name, both[0], both[1], row.merge_mode)
    if isinstance(row, DenseLayer):
        return Dense(row.name, arrays["kernel"], arrays["bias"], row.activation, row.use_bias)
    if isinstance(row, MaskingLayer):
        return Masking(row.name, row.value)
    if isinstance(row, FlattenLayer):
        return Flatten(row.name, row.timesteps)
    if isinstance(row, RepeatLayer):
        return Repeat(row.name, row.timesteps)
    if isinstance(row, LastTimestepLayer):
        return LastTimestep(row.name)
    if isinstance(row, AllLayersLayer):
        return AllLayers(row.name)
    if isinstance(row, ReadingLayer):
        return Pooling(row.name, "max" if isinstance(row, MaximumLayer) else "average")
    if isinstance(row, ActivationLayer):
        return Activation(row.name, row.activation)
    return PassThrough(row.name, row.keras)


def _recurrent(row: RecurrentLayer, arrays: Mapping[str, Array]) -> Recurrent:
    states = {
        name.removeprefix("initial_"): array
        for name, array in arrays.items()
        if name.startswith("initial_")
    }
    cell, where = CELLS[row.cell], f"The layer {row.name} of the model file"
    if row.biases == 2 and not cell.two_biases:
        raise BadInput(f"{where} has two biases; {cell.noun} has one.")
    if row.gives not in cell.states:
        raise BadInput(f"{where} gives a state that it does not have.")
    if row.hidden and not cell.projects:
        raise BadInput(f"{where} is projected; {cell.noun} is not.")
    if row.peephole and not cell.peepholes:
        raise BadInput(f"{where} has peepholes; {cell.noun} has none.")
    return Recurrent(
        name=row.name,
        cell=with_activations(
            row.cell,
            row.activation,
            row.recurrent_activation,
            row.peephole,
            row.hidden is not None,
        ),
        weights=Weights(**{k: a for k, a in arrays.items() if not k.startswith("initial_")}),
        return_sequences=row.return_sequences,
        go_backwards=row.go_backwards,
        zero_output_for_mask=row.zero_output_for_mask,
        use_bias=row.use_bias,
        restores_order=row.restores_order,
        initial_state=states or None,
        gives=row.gives,
    )
