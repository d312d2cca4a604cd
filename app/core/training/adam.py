"""Adam (Kingma & Ba 2015), to the letter of Keras's, and clipping of gradients."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..cells import Array

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


class Adam:
    """Moves all weights at once, in place.

    With gradient g, at step t:

        m = b1 m + (1 - b1) g            v = b2 v + (1 - b2) g^2
        w -= rate sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)

    Epsilon is added as Keras does, without correcting v first. The sums are kept without their
    constants (1 - b1) and (1 - b2), which go into the rate and epsilon: two passes fewer.

    Parameters
    ----------
    weights : flat, changed by every step
    """

    def __init__(self, weights: Array) -> None:
        self._weights = weights
        self._m = np.zeros_like(weights)
        self._v = np.zeros_like(weights)
        self._scratch = np.empty_like(weights)
        self._step = 0

    def step(self, gradient: Array, learning_rate: float) -> None:
        """Take one step against the gradient, (weights,), which is used up."""
        m, v, scratch = self._m, self._v, self._scratch
        self._step += 1
        scale = np.sqrt(1 - BETA_2)
        rate = learning_rate * np.sqrt(1 - BETA_2**self._step) / (1 - BETA_1**self._step)
        np.multiply(m, BETA_1, m)
        np.add(m, gradient, m)
        np.multiply(v, BETA_2, v)
        np.multiply(gradient, gradient, gradient)
        np.add(v, gradient, v)
        np.sqrt(v, scratch)
        np.add(scratch, float(EPSILON / scale), scratch)
        np.divide(m, scratch, scratch)
        np.multiply(scratch, float(rate * (1 - BETA_1) / scale), scratch)
        np.subtract(self._weights, scratch, self._weights)


def clip_by_norm(gradients: Sequence[Array], limit: float) -> None:
    """Scale each gradient that is longer than `limit` to that length: Keras's `clipnorm`."""
    for gradient in gradients:
        _clip(gradient, limit)


def clip_by_global_norm(flat: Array, limit: float) -> None:
    """Scale all gradients together where they are longer: Keras's `global_clipnorm`."""
    _clip(flat, limit)


def _clip(gradient: Array, limit: float) -> None:
    flat = gradient.reshape(-1)
    norm = float(np.sqrt(flat.dot(flat)))
    if norm > limit:
        np.multiply(gradient, limit / norm, gradient)
