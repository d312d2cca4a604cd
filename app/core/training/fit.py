"""The training loop, as a generator of epochs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..errors import BadInput
from ..network import Flatten, Network
from .adam import Adam, clip_by_global_norm, clip_by_norm
from .backpropagation import backward, forward
from .examples import Examples, batches
from .losses import Loss
from .parameters import flatten, split, with_arrays

HOPELESS = 100.0
"""Nats. A network that gives the truth a probability of e^-100 is not learning any more."""
EVALUATION_BATCH = 256


@dataclass(frozen=True)
class Hyperparameters:
    """How to train.

    Attributes
    ----------
    epochs : how often to go through all examples, at most
    batch_size : examples to a step
    learning_rate : Adam's, at the start
    final_learning_rate : what it falls to, in a straight line over the epochs; None: it stays
    clipnorm : longest gradient of any one array of weights, or None
    global_clipnorm : longest gradient of all of them together, or None
    ema_momentum : how much of a running average of the weights each step keeps (Polyak & Juditsky
        1992; Keras's `ema_momentum`); the network of an epoch then has the average. None: it has
        the weights as they are
    weight_decay : what every weight loses of itself before the next step, as a share of the
        learning rate (Loshchilov & Hutter 2019), or None
    validation_split : share of the examples that is set aside for validation, where none is given
    patience : epochs without a new lowest validation loss (training loss without validation)
        after which to stop, or None
    seed : of the split and of the order of examples
    """

    epochs: int = 20
    batch_size: int = 32
    learning_rate: float = 0.01
    final_learning_rate: float | None = None
    clipnorm: float | None = None
    global_clipnorm: float | None = 1.0
    ema_momentum: float | None = None
    weight_decay: float | None = None
    validation_split: float = 0.0
    patience: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Epoch:
    """Where training stands.

    Attributes
    ----------
    epoch, epochs : how many are done, 0 before the first, and how many there are at most
    loss, accuracy : means over the epoch's batches, each taken before the step on it, as in Keras;
        of epoch 0 over all examples; no accuracy where numbers are foretold
    val_loss, val_accuracy : of the network as it is after the epoch; None without validation
    seconds_left : an estimate, from the epochs so far
    network : as it is after the epoch, with arrays of its own
    best_epoch, best_network : of the lowest validation loss so far, or training loss without
        validation
    """

    epoch: int
    epochs: int
    loss: float
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    seconds_left: float
    network: Network
    best_epoch: int
    best_network: Network


class Diverged(BadInput):
    """Training went astray; `last` is the last epoch before."""

    def __init__(self, epoch: int, learning_rate: float, last: Epoch) -> None:
        super().__init__(
            f"Training diverged in epoch {epoch}: the loss grew beyond all bounds. The network as "
            f"it was after epoch {last.epoch} is kept. Choose a learning rate lower than "
            f"{learning_rate:g}."
        )
        self.last = last


def fit(
    network: Network,
    examples: Examples,
    settings: Hyperparameters,
    validation: Examples | None = None,
) -> Iterator[Epoch]:
    """Train a network, which itself stays as it is.

    Parameters
    ----------
    network : [an embedding,] recurrent layers, [a Flatten,] and one dense layer; a single output is
        trained by binary cross-entropy, several by categorical, and numbers by squared error
    examples, settings : what to learn, and how
    validation : examples to judge by; else a share of `examples` may be set aside for it

    Yields
    ------
    Epoch
        Epoch 0, before training, then each epoch as it ends. Stop asking, and training stops.

    Raises
    ------
    Diverged
        Where the loss is no longer finite, or absurd.

    Notes
    -----
    The same seed gives the same bits on one machine. Where nothing tells the network what is
    padding (no `mask_zero`, or a Flatten, which reads masked timesteps too), sequences are batched
    by length, so that none is padded.
    """
    _keep_freed_memory()
    random = np.random.RandomState(settings.seed)
    if validation is None and settings.validation_split > 0:
        examples, validation = examples.split(settings.validation_split, random)
    trainer = _Trainer(network, settings)
    last: Epoch | None = None
    best = _Best(np.inf, 0, network)
    start = time.perf_counter()
    for number in range(settings.epochs + 1):
        rate = _learning_rate(settings, number)
        loss, accuracy = (
            trainer.train(examples, rate, random) if number else trainer.evaluate(examples)
        )
        val_loss, val_accuracy = trainer.evaluate(validation) if validation else (None, None)
        judged = loss if val_loss is None else val_loss
        if last is not None and not (loss < HOPELESS and judged < HOPELESS):
            raise Diverged(number, rate, last)
        snapshot = trainer.snapshot()
        if judged < best.loss:
            best = _Best(judged, number, snapshot)
        last = Epoch(
            epoch=number,
            epochs=settings.epochs,
            loss=loss,
            accuracy=accuracy,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            seconds_left=_seconds_left(time.perf_counter() - start, number, settings.epochs),
            network=snapshot,
            best_epoch=best.epoch,
            best_network=best.network,
        )
        yield last
        if settings.patience is not None and number - best.epoch >= settings.patience:
            return


class _Best(NamedTuple):
    loss: float
    epoch: int
    network: Network


def _seconds_left(elapsed: float, number: int, epochs: int) -> float:
    """Epoch 0, which only looks, costs about a third of one that learns."""
    return elapsed / (number + 1 / 3) * (epochs - number)


class _Trainer:
    """A network whose arrays are parts of one flat array, and what changes that array."""

    def __init__(self, network: Network, settings: Hyperparameters) -> None:
        self._settings = settings
        self._weights = flatten(network)
        self._network = with_arrays(network, split(self._weights, network))
        self._gradient = np.empty_like(self._weights)
        self._gradients = split(self._gradient, network)
        self._adam = Adam(self._weights)
        averaging = settings.ema_momentum is not None
        self._average = self._weights.copy() if averaging else self._weights
        self._averaged = with_arrays(network, split(self._average, network))
        embedding = network.embedding
        masked = embedding is not None and embedding.mask_zero
        self._same_length = not masked or any(isinstance(x, Flatten) for x in network.head)

    def snapshot(self) -> Network:
        """The network as it is now, with arrays of its own."""
        return with_arrays(self._network, split(self._average.copy(), self._network))

    def step(self, batch: Examples, learning_rate: float) -> Loss:
        """Learn from one batch; the loss is that before it."""
        settings = self._settings
        run = forward(self._network, batch.inputs, batch.labels)
        backward(self._network, batch.inputs, run, self._gradients)
        if settings.clipnorm is not None:
            clip_by_norm(self._gradients, settings.clipnorm)
        if settings.global_clipnorm is not None:
            clip_by_global_norm(self._gradient, settings.global_clipnorm)
        self._adam.step(self._gradient, learning_rate)
        if settings.ema_momentum is not None:
            self._average += (1 - settings.ema_momentum) * (self._weights - self._average)
        if settings.weight_decay is not None:
            self._weights *= 1 - learning_rate * settings.weight_decay
        return run.loss

    def train(
        self, examples: Examples, learning_rate: float, random: np.random.RandomState
    ) -> tuple[float, float | None]:
        """Go through the examples once, and learn; mean loss and accuracy."""
        size = self._settings.batch_size
        with np.errstate(all="ignore"):  # what is no longer finite shows in the loss
            losses = []
            for batch in batches(examples, size, self._same_length, random):
                losses.append(self.step(batch, learning_rate))
                if not np.isfinite(losses[-1].mean):
                    break
        return _means(losses)

    def evaluate(self, examples: Examples) -> tuple[float, float | None]:
        """Mean loss and accuracy of what a snapshot would be, learning nothing."""
        with np.errstate(all="ignore"):
            runs = batches(examples, EVALUATION_BATCH, self._same_length)
            losses = [forward(self._averaged, run.inputs, run.labels).loss for run in runs]
        return _means(losses)


def _means(losses: list[Loss]) -> tuple[float, float | None]:
    counted = max(1, sum(loss.counted for loss in losses))
    mean = sum(loss.mean * loss.counted for loss in losses) / counted
    right = [loss.correct for loss in losses if loss.correct is not None]
    return mean, sum(right) / counted if right else None


def _learning_rate(settings: Hyperparameters, number: int) -> float:
    first, last = settings.learning_rate, settings.final_learning_rate
    if last is None or settings.epochs < 2:
        return first
    return first + (last - first) * max(0, number - 1) / (settings.epochs - 1)


def _keep_freed_memory() -> None:
    """Have the C library keep what is freed between two steps instead of giving it back.

    glibc takes the largest block freed so far as its measure of what to keep. Without this, half
    of a step is page faults on memory that the step before had. Elsewhere it does nothing.
    """
    np.empty(24 * 2**20, np.uint8)
