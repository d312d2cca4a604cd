"""One label's logit, and its derivative with respect to each hidden state below the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..cells import Array
from ..cells.activations import slope
from ..network import ACTIVATIONS, Activation, Dense, Flatten, HeadLayer, Pooling
from ..shapes import Bool, Float


@dataclass(frozen=True)
class Logit:
    """What the head says of one label at the end of a sequence, before sigmoid or softmax.

    Attributes
    ----------
    value : the logit
    bias : its part that no hidden state has a hand in; None where the head has hidden layers
    d_hidden : (timesteps, units)
        Its derivative with respect to each hidden state, as it leaves the last recurrent layer.
        Without hidden layers the logit is `bias` plus the sum of `d_hidden * hidden_state`.
    d_loss : (timesteps, units)
        The same for the cross-entropy that training would put on an answer other than this label.
    """

    value: float
    bias: float | None
    d_hidden: Float[Array, "timesteps units"]
    d_loss: Float[Array, "timesteps units"]


def read_logit(
    head: Sequence[HeadLayer],
    hidden: Float[Array, "timesteps units"],
    label: int,
    labels: int,
    mask: Bool[Array, " timesteps"] | None = None,
) -> Logit:
    """Read a label's logit off the last output.

    A single sigmoid speaks for two labels: label 1's logit is its pre-activation z, label 0's is
    -z, since 1 - sigmoid(z) = sigmoid(-z).

    Parameters
    ----------
    head : the layers after the last recurrent layer, a dense one last
    hidden : (timesteps, units), the last recurrent layer's hidden states
    label : the label's place among the model's labels
    labels : how many labels the model has
    mask : (timesteps,), False where an average leaves a timestep out
    """
    whole = any(isinstance(layer, (Flatten, Pooling)) for layer in head)
    read = hidden if whole else hidden[-1:]
    x, passed = read.astype(np.float64), []
    z = x
    for layer in head:
        before = x
        if isinstance(layer, Pooling):
            factors = _shares(layer, x, mask)
            x = (factors * x).sum(axis=0, keepdims=True)
            passed.append((layer, before, factors))
        elif isinstance(layer, Flatten):
            x = x.reshape(1, -1)
            passed.append((layer, before, x))
        elif isinstance(layer, (Dense, Activation)):
            z = x @ _kernel(layer, x) + layer.bias if isinstance(layer, Dense) else x
            x = ACTIVATIONS[layer.activation](z)
            passed.append((layer, before, z))
    dense = [layer for layer in head if isinstance(layer, Dense)]
    single = labels == 2 and z.shape[-1] == 1
    column, sign = (0, 2 * label - 1) if single else (label, 1)
    d_hidden, d_loss = np.zeros(hidden.shape), np.zeros(hidden.shape)
    d_hidden[len(hidden) - len(read) :] = _backward(passed, sign * np.eye(z.shape[-1])[[column]])
    d_loss[len(hidden) - len(read) :] = _backward(passed, _d_cross_entropy(z, column, sign, single))
    return Logit(
        value=float(sign * z[0, column]),
        bias=float(sign * dense[0].bias[column] + 0.0) if len(dense) == 1 else None,  # no -0.0
        d_hidden=d_hidden,
        d_loss=d_loss,
    )


def _d_cross_entropy(z: Array, column: int, sign: int, single: bool) -> Array:
    """Of -log(probability) by the logits: the others' own, and for the label what it lacks."""
    if single:
        return -sign * ACTIVATIONS["sigmoid"](-sign * z)
    d = ACTIVATIONS["softmax"](z)
    d[0, column] = 0
    d[0, column] = -d.sum()
    return d


def _shares(layer: Pooling, x: Array, mask: Array | None) -> Array:
    """What each hidden state is multiplied with: one part of all, or the winner's whole."""
    if layer.kind == "max":
        return (np.arange(len(x))[:, np.newaxis] == x.argmax(axis=0)).astype(x.dtype)
    read = np.ones(len(x)) if mask is None else mask.astype(x.dtype)
    return np.broadcast_to(read[:, np.newaxis] / max(1, read.sum()), x.shape)


def _backward(passed: list[tuple[HeadLayer, Array, Array]], d_z: Array) -> Array:
    """From the derivative with respect to the last pre-activations to that below the head.

    Parameters
    ----------
    passed : each layer of the head with what it read, and what it made of it before its activation
    d_z : (1, outputs)
    """
    d, last = d_z, True
    for layer, x, z in reversed(passed):
        if isinstance(layer, Pooling):
            d = d * z
        elif isinstance(layer, (Dense, Activation)):
            d = d if last else back_through(layer.activation, z, d)
            d = d @ _kernel(layer, x).T if isinstance(layer, Dense) else d
            last = False
        d = d.reshape(x.shape)
    return d


def _kernel(layer: Dense, x: Array) -> Array:
    """The kernel's rows for what there is to read: after a Flatten it may have more."""
    return layer.kernel[: x.shape[-1]].astype(np.float64)


def back_through(activation: str, z: Array, d: Array) -> Array:
    """Back through an activation."""
    a = ACTIVATIONS[activation](z)
    if activation == "softmax":
        return a * (d - (d * a).sum(axis=-1, keepdims=True))
    if activation == "log_softmax":
        return d - np.exp(a) * d.sum(axis=-1, keepdims=True)
    return d * slope(activation, z, a)
