"""All the numbers of a network that training changes, in one flat array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..cells import Array, Weights
from ..network import Dense, Embedding, Layer, Network, Recurrent


def arrays_of(network: Network) -> list[Array]:
    """Every array of weights, in the order of the layers and of Keras's `get_weights()`."""
    return [array for layer in network.layers for array in _arrays_of(layer)]


def with_arrays(network: Network, arrays: Sequence[Array]) -> Network:
    """The same network with other weights, given in the order of `arrays_of`."""
    rest = list(arrays)
    layers = []
    for layer in network.layers:
        count = len(_arrays_of(layer))
        layers.append(_with_arrays(layer, rest[:count]))
        rest = rest[count:]
    return Network(tuple(layers))


def flatten(network: Network) -> Array:
    """A copy of all weights, one array after the other."""
    return np.concatenate([array.ravel() for array in arrays_of(network)])


def split(flat: Array, network: Network) -> list[Array]:
    """The parts of a flat array, as views in the shapes of the network's own."""
    shapes = [array.shape for array in arrays_of(network)]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    parts = np.split(flat, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def _arrays_of(layer: Layer) -> tuple[Array, ...]:
    if isinstance(layer, Embedding):
        return (layer.table,)
    if isinstance(layer, Dense):
        return (layer.kernel, layer.bias)
    if isinstance(layer, Recurrent):
        return (layer.weights.kernel, layer.weights.recurrent_kernel, layer.weights.bias)
    return ()


def _with_arrays(layer: Layer, arrays: Sequence[Array]) -> Layer:
    if isinstance(layer, Embedding):
        return replace(layer, table=arrays[0])
    if isinstance(layer, Dense):
        return replace(layer, kernel=arrays[0], bias=arrays[1])
    if isinstance(layer, Recurrent):
        return replace(layer, weights=Weights(*arrays))
    return layer
