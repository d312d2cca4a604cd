"""What Keras's `model.summary()` says of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .layers import (
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Row:
    """One line of a Keras-style summary. The batch, in front of the shape, is None."""

    name: str
    type: str
    output_shape: Shape
    parameters: int


def summarize(layers: tuple[Layer, ...], shape: Shape) -> list[Row]:
    """One row for each layer, of what is given an input of this shape, the batch in front."""
    rows, states = [], 0
    for layer in layers:
        if isinstance(layer, AllLayers):
            shape, parameters = (shape[0], states), 0
        else:
            shape, parameters = _through(layer, shape)
        if isinstance(layer, (Recurrent, Bidirectional)):
            states += layer.units
        rows.append(Row(layer.name, _keras_type(layer), shape, parameters))
    return rows


def _through(layer: Layer, shape: Shape) -> tuple[Shape, int]:
    """The output's shape and the number of parameters of a layer that is given this shape."""
    if isinstance(layer, Embedding):
        return (*shape, layer.table.shape[1]), layer.table.size
    if isinstance(layer, (Recurrent, Bidirectional)):
        kept = shape[:-1] if layer.return_sequences else shape[:1]
        both = [layer] if isinstance(layer, Recurrent) else [layer.forward, layer.backward]
        return (*kept, layer.units), sum(map(_parameters, both))
    if isinstance(layer, Repeat):
        return (shape[0], layer.timesteps, *shape[1:]), 0
    if isinstance(layer, Flatten):
        return (shape[0], int(np.prod(shape[1:]))), 0  # type: ignore[arg-type]
    if isinstance(layer, (Pooling, LastTimestep)):
        return (shape[0], shape[-1]), 0
    if isinstance(layer, Dense):
        outputs = layer.kernel.shape[1]
        rows = int(shape[-1] or 0) + layer.use_bias
        return (*shape[:-1], outputs), rows * outputs
    return shape, 0


def _parameters(layer: Recurrent) -> int:
    w = layer.weights
    more = sum(array.size for array in (w.peephole, w.projection) if array is not None)
    return w.kernel.size + w.recurrent_kernel.size + w.bias.size * layer.use_bias + more


def _keras_type(layer: Layer) -> str:
    """The name of the layer's class in Keras."""
    if isinstance(layer, Recurrent):
        return layer.cell.class_name
    if isinstance(layer, Pooling):
        return {"max": "GlobalMaxPooling1D", "average": "GlobalAveragePooling1D"}[layer.kind]
    if isinstance(layer, Repeat):
        return "RepeatVector"
    return layer.type if isinstance(layer, PassThrough) else type(layer).__name__
