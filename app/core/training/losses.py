"""Cross-entropy, computed from logits so that nothing overflows, and squared error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..cells import Array, sigmoid

NOT_COUNTED = -1
"""The label of a timestep that has no part in loss and accuracy, such as padding."""


class Loss(NamedTuple):
    """How wrong a batch was.

    Attributes
    ----------
    mean : cross-entropy in nats or squared error, the mean over what was counted
    correct, counted : how many labels were right, and how many there were; of numbers none is
        right or wrong
    d_logits : (rows, outputs), the derivative of `mean`
    """

    mean: float
    correct: int | None
    counted: int
    d_logits: Array


def cross_entropy(logits: Array, labels: Array) -> Loss:
    """Compare logits with the true labels.

    Parameters
    ----------
    logits : (rows, outputs); a single output is the logit of label 1, against label 0
    labels : (rows,) integers, or NOT_COUNTED
    """
    keep = labels != NOT_COUNTED
    counted = int(np.count_nonzero(keep))
    truth = labels if counted == len(labels) else np.where(keep, labels, 0)
    losses, predicted, d_logits = (_binary if logits.shape[1] == 1 else _categorical)(logits, truth)
    weights = keep.astype(logits.dtype)
    weights /= max(counted, 1)
    d_logits *= weights[:, np.newaxis]
    correct = int(np.count_nonzero((predicted == truth) & keep))
    return Loss(float(losses.dot(weights)), correct, counted, d_logits)


def squared_error(outputs: Array, targets: Array) -> Loss:
    """Compare numbers with the true ones.

    Parameters
    ----------
    outputs, targets : (rows, outputs); a row whose targets are not all numbers is not counted
    """
    keep = np.logical_not(np.isnan(targets).any(axis=-1, keepdims=True))[:, 0]
    counted = int(np.count_nonzero(keep))
    error = np.where(keep[:, np.newaxis], outputs - targets, 0).astype(outputs.dtype)
    numbers = max(counted, 1) * outputs.shape[1]
    return Loss(float((error * error).sum() / numbers), None, counted, error * (2 / numbers))


def _binary(logits: Array, labels: Array) -> tuple[Array, Array, Array]:
    """-log sigmoid(z) for label 1 and -log sigmoid(-z) for label 0, as log(1 + e^z) - y z."""
    z, y = logits[:, 0], labels.astype(logits.dtype)
    losses = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z
    return losses, (z > 0).astype(labels.dtype), (sigmoid(z) - y)[:, np.newaxis]


def _categorical(logits: Array, labels: Array) -> tuple[Array, Array, Array]:
    """-log softmax(z)[y]; the derivative is the softmax, less 1 at the true label."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    d_logits = np.exp(shifted)
    sums = d_logits.sum(axis=1, keepdims=True)
    d_logits /= sums
    rows = np.arange(len(labels))
    losses = np.log(sums[:, 0]) - shifted[rows, labels]
    d_logits[rows, labels] -= 1
    return losses, logits.argmax(axis=1), d_logits
