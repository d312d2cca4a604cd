"""The loss of a whole network on a batch, and its derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..cells import Array, Trace
from ..network import Dense, Flatten, Network, Recurrent
from .losses import NOT_COUNTED, Loss, cross_entropy, squared_error


class _Layer(NamedTuple):
    """A recurrent layer on its way forward."""

    recurrent: Recurrent
    prepared: Any
    trace: Trace


class Forward(NamedTuple):
    """What a network computed for a batch, and what its loss was."""

    layers: list[_Layer]
    dense: Dense
    features: Array  # (rows, inputs): what the dense layer read
    loss: Loss


def forward(network: Network, inputs: Array, labels: Array) -> Forward:
    """Read a batch and compare.

    Parameters
    ----------
    network : [an embedding,] recurrent layers, [a Flatten,] and one dense layer
    inputs : (batch, timesteps) ids or (batch, timesteps, features) numbers
    labels : (batch,) or, where the network predicts at every timestep, (batch, timesteps);
        numbers to foretell are (batch, timesteps, outputs)

    Notes
    -----
    The prepared weights are made anew, since training changes the arrays they are made from.
    """
    embedding, mask, x = network.embedding, None, inputs
    if embedding is not None:
        mask = inputs != 0 if embedding.mask_zero else None
        x = embedding.table.take(inputs, axis=0)
        if mask is not None and mask.all():
            mask = None
    layers = []
    for layer in network.recurrent.values():
        prepared = layer.cell.prepare(layer.weights)
        trace = layer.cell.forward(prepared, x, None, mask, None)
        layers.append(_Layer(layer, prepared, trace))
        x = trace["hidden_state"]
    *flat, dense = network.head
    if not isinstance(dense, Dense) or any(not isinstance(layer, Flatten) for layer in flat):
        raise ValueError("Only a head of one dense layer, or of a Flatten and one, can be trained.")
    if labels.ndim == 3:
        features = x.reshape(-1, x.shape[2])
    elif network.predicts_every_timestep:
        features = x.reshape(-1, x.shape[2])
        labels = (labels if mask is None else np.where(mask, labels, NOT_COUNTED)).ravel()
    else:
        features = x.reshape(len(x), -1) if flat else x[:, -1]
    logits = features.dot(dense.kernel[: features.shape[1]])
    logits += dense.bias
    if labels.ndim == 3:
        return Forward(layers, dense, features, squared_error(logits, labels.reshape(logits.shape)))
    return Forward(layers, dense, features, cross_entropy(logits, labels))


def backward(network: Network, inputs: Array, run: Forward, gradients: Sequence[Array]) -> None:
    """Write the derivative of the loss with respect to each of the network's arrays.

    Parameters
    ----------
    network, inputs, run : what `forward` was given, and what it returned
    gradients : arrays to write to, in the order and the shapes of `arrays_of`
    """
    *below, d_kernel, d_bias = gradients
    d_logits, rows = run.loss.d_logits, run.features.shape[1]
    np.dot(run.features.T, d_logits, out=d_kernel[:rows])
    d_kernel[rows:] = 0  # timesteps that this batch does not have
    np.sum(d_logits, axis=0, out=d_bias)
    d_features = d_logits.dot(run.dense.kernel[:rows].T)

    last = run.layers[-1].trace
    shape = (*last.inputs.shape[:2], last["hidden_state"].shape[2])
    if d_features.size == np.prod(shape):
        d_hidden = d_features.reshape(shape)
    else:
        d_hidden = np.zeros(shape, d_features.dtype)
        d_hidden[:, -1] = d_features
    for _, prepared, trace in reversed(run.layers):
        found = trace.cell.backward(prepared, trace, d_hidden)
        *below, d_w, d_u, d_b = below
        np.copyto(d_w, found.weights.kernel)
        np.copyto(d_u, found.weights.recurrent_kernel)
        np.copyto(d_b, found.weights.bias)
        d_hidden = found.inputs
    if network.embedding is not None:
        _add_rows(inputs, d_hidden, below[0])


def _add_rows(ids: Array, d_rows: Array, d_table: Array) -> None:
    """Sum the derivatives of each of the table's rows over all places that read it.

    One count over all the numbers of the table, weighted, is several times as fast as `np.add.at`.
    """
    columns = d_table.shape[1]
    places = ids.reshape(-1, 1) * columns + np.arange(columns)
    sums = np.bincount(places.ravel(), d_rows.ravel(), d_table.size)
    np.copyto(d_table, sums.reshape(d_table.shape), casting="same_kind")
