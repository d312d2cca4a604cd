"""How much a network computes for one timestep, from its shapes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .layers import Bidirectional, Dense, Embedding, Layer, Recurrent


class Size(NamedTuple):
    """What one timestep takes, all layers together; so many timesteps take so many times that.

    Attributes
    ----------
    widest : numbers in the largest array that any layer gives or is given
    kept : numbers in all arrays that a run keeps
    products : multiplications with a weight
    """

    widest: int
    kept: int
    products: int


def size_of(layers: Sequence[Layer]) -> Size:
    """Add up the layers; the widest counts."""
    sizes = [_of_layer(layer) for layer in layers]
    widest, kept, products = zip(*sizes, strict=True)
    return Size(max(widest), sum(kept), sum(products))


def _of_layer(layer: Layer) -> Size:
    if isinstance(layer, Bidirectional):
        both = size_of((layer.forward, layer.backward))
        return both._replace(widest=max(layer.units, both.widest))
    if isinstance(layer, Recurrent):
        weights, cell = layer.weights, layer.cell
        arrays = 2 * max(1, len(cell.gates)) + len(cell.states)  # with the sums before the gates
        return Size(
            max(weights.features, weights.units),
            weights.features + arrays * weights.units,
            weights.kernel.size + weights.recurrent_kernel.size,
        )
    if isinstance(layer, Dense):
        rows, outputs = layer.kernel.shape
        return Size(outputs, outputs, rows * outputs)
    if isinstance(layer, Embedding):
        features = layer.table.shape[1]
        return Size(features, features, 0)
    return Size(0, 0, 0)
