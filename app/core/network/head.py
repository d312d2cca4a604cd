"""What reads the hidden states: pooling or flattening, dense layers, activations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..cells import Array
from ..cells.activations import ACTIVATIONS
from ..shapes import Bool, Float
from .layers import Activation, Dense, Flatten, HeadLayer, Pooling


def run_head(
    head: Sequence[HeadLayer],
    hidden: Float[Array, "batch timesteps units"],
    mask: Bool[Array, "batch timesteps"] | None = None,
) -> Float[Array, "batch rows outputs"]:
    """Apply a head to every prefix of a sequence of hidden states.

    A dense layer reads each hidden state by itself. Pooling is over the timesteps read so far, and
    so is a Flatten, whose dense layer has rows for each; a Flatten of a fixed length has one row.
    """
    x, flat = hidden, False
    for layer in head:
        if isinstance(layer, Pooling):
            x = _maximum(x) if layer.kind == "max" else _average(x, mask)
        elif isinstance(layer, Flatten) and layer.timesteps is not None:
            x = x.reshape(len(x), 1, -1)
        elif isinstance(layer, Flatten):
            flat = True
        elif isinstance(layer, Dense):
            x = _of_prefixes(x, layer.kernel) if flat else x @ layer.kernel
            x = ACTIVATIONS[layer.activation](x + layer.bias)
            flat = False
        elif isinstance(layer, Activation):
            x = ACTIVATIONS[layer.activation](x)
    return x


def _of_prefixes(x: Array, kernel: Array) -> Array:
    timesteps, units = x.shape[1:]
    rows = kernel[: timesteps * units].reshape(timesteps, units, -1)
    return np.einsum("btu,tuo->bto", x, rows).cumsum(axis=1)


def _maximum(x: Array) -> Array:
    return np.maximum.accumulate(x, axis=1)


def _average(x: Array, mask: Array | None) -> Array:
    """The mean so far; zeros until a timestep has been read."""
    read = np.ones(x.shape[:2], bool) if mask is None else mask
    counts = np.maximum(read.cumsum(axis=1), 1)[..., np.newaxis]
    total = np.where(read[..., np.newaxis], x, 0).cumsum(axis=1, dtype=np.float64)
    return (total / counts).astype(x.dtype)
