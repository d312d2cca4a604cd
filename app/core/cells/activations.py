"""Activation functions, by the names that Keras gives them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..shapes import Float
from .base import Array, sigmoid


def softmax(z: Float[Array, "... labels"]) -> Float[Array, "... labels"]:
    """Exponentials that sum to 1 over the last axis, shifted so that none overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z: Float[Array, "... labels"]) -> Float[Array, "... labels"]:
    """The logarithm of `softmax`, without its rounding to zero."""
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softplus(z: Array) -> Array:
    """log(1 + exp(z)), by the form that cannot overflow."""
    return np.logaddexp(z, np.zeros((), z.dtype))


def elu(z: Array, alpha: float = 1.0) -> Array:
    """The number itself where positive, else alpha * (exp(z) - 1)."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def selu(z: Array) -> Array:
    """Scaled exponential linear unit (Klambauer et al. 2017)."""
    return 1.0507009873554805 * elu(z, 1.6732632423543772)


_erf = np.vectorize(math.erf, otypes=[np.float64])


def gelu(z: Array) -> Array:
    """Gaussian error linear unit (Hendrycks & Gimpel 2016), by the error function itself."""
    return (0.5 * z * (1 + _erf(z / math.sqrt(2)))).astype(z.dtype)


def hard_sigmoid(z: Array) -> Array:
    """Keras 3's and PyTorch's: a straight line from 0 at -3 to 1 at 3."""
    return np.clip(z / 6 + 0.5, 0, 1)


def hard_sigmoid_2(z: Array) -> Array:
    """Keras 2's: a straight line from 0 at -2.5 to 1 at 2.5."""
    return np.clip(0.2 * z + 0.5, 0, 1)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "relu6": lambda z: np.clip(z, 0, 6),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.2 * z),
    "leaky_relu_0.01": lambda z: np.where(z > 0, z, 0.01 * z),  # PyTorch's and ONNX's
    "elu": elu,
    "celu": elu,  # the same at alpha = 1
    "selu": selu,
    "gelu": gelu,
    "silu": lambda z: z * sigmoid(z),
    "mish": lambda z: z * np.tanh(softplus(z)),
    "softplus": softplus,
    "softsign": lambda z: z / (1 + np.abs(z)),
    "exponential": np.exp,
    "hard_sigmoid": hard_sigmoid,
    "hard_sigmoid_2": hard_sigmoid_2,
    "hard_silu": lambda z: z * hard_sigmoid(z),
    "hard_tanh": lambda z: np.clip(z, -1, 1),
    "log_sigmoid": lambda z: -softplus(-z),
    "log_softmax": log_softmax,
    "squareplus": lambda z: (z + np.sqrt(z * z + 4)) / 2,
    "tanh_shrink": lambda z: z - np.tanh(z),
}

PROBABILITIES = ("sigmoid", "softmax")
"""The activations whose values are probabilities."""

NOT_ELEMENTWISE = ("softmax", "log_softmax")
"""The activations whose values depend on the whole vector, which makes them unfit for a gate."""


def slope(name: str, z: Array, a: Array) -> Array:
    """The derivative of an elementwise activation.

    Parameters
    ----------
    name : which activation
    z, a : what it was given, and what it gave

    Notes
    -----
    By central differences but for the usual ones, which in float64 is exact to ten digits.
    """
    if name == "sigmoid":
        return a * (1 - a)
    if name == "tanh":
        return 1 - a * a
    function, z = ACTIVATIONS[name], z.astype(np.float64)
    return ((function(z + 1e-6) - function(z - 1e-6)) / 2e-6).astype(a.dtype)
