# pyright: reportMissingImports=false
"""`python -m benchmarks.training`: one step of training a small classifier, on one core.

Batches of 32 sentences of 20 words, a vocabulary of 1,000, 32 features, 32 units, Adam, one output.
KERAS_BACKEND=jax measures Keras on jax in place of torch.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.training import Examples, Hyperparameters, fit

from .common import machine, pin, print_table, ratio, take_turns

BATCH, TIMESTEPS, FEATURES, UNITS, VOCABULARY, BATCHES = 32, 20, 32, 32, 1_000, 25
RATE = 1e-3
OURS = "**ours**"

random = np.random.RandomState(0)
INPUTS = random.randint(1, VOCABULARY, (BATCHES, BATCH, TIMESTEPS))
LABELS = random.randint(0, 2, (BATCHES, BATCH))


def ours() -> Callable[[], object]:
    """An epoch of our trainer, the making of its batches included."""
    cell = CELLS["lstm"]
    network = Network(
        (
            Embedding("embedding", random.uniform(-0.05, 0.05, (VOCABULARY, FEATURES)).astype("f")),
            Recurrent("lstm", cell, draw_weights(cell, FEATURES, UNITS, random), False),
            Dense("dense", glorot_uniform(UNITS, 1, random), np.zeros(1, np.float32), "sigmoid"),
        )
    )
    examples = Examples(INPUTS.reshape(-1, TIMESTEPS), LABELS.reshape(-1))
    settings = Hyperparameters(epochs=10**6, batch_size=BATCH, learning_rate=RATE)
    epochs = fit(network, examples, settings)
    next(epochs)  # what it is before training
    return lambda: next(epochs)


def torch(fused: bool) -> Callable[[], object]:
    """The same in torch, as its tutorials have it."""
    import torch

    torch.set_num_threads(1)
    nn = torch.nn

    class Classifier(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(VOCABULARY, FEATURES)
            self.lstm = nn.LSTM(FEATURES, UNITS, batch_first=True)
            self.dense = nn.Linear(UNITS, 1)

        def forward(self, x: Any) -> Any:
            return self.dense(self.lstm(self.embedding(x))[0][:, -1])[:, 0]

    model = Classifier()
    adam = torch.optim.Adam(model.parameters(), RATE, fused=fused)
    loss_of = nn.BCEWithLogitsLoss()
    inputs, labels = torch.tensor(INPUTS), torch.tensor(LABELS, dtype=torch.float32)

    def epoch() -> float:
        total = 0.0
        for x, y in zip(inputs, labels, strict=True):
            adam.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            adam.step()
            total += loss.item()
        return total

    return epoch


def keras() -> Callable[[], object]:
    """The same in Keras, a batch at a time."""
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((TIMESTEPS,), dtype="int32"),
            layers.Embedding(VOCABULARY, FEATURES),
            layers.LSTM(UNITS),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(RATE), loss="binary_crossentropy")
    inputs, labels = INPUTS.astype("int32"), LABELS.astype("f")[..., np.newaxis]

    def epoch() -> None:
        for x, y in zip(inputs, labels, strict=True):
            model.train_on_batch(x, y)

    return epoch


PEERS: dict[str, Callable[[], Callable[[], object]]] = {
    "torch, Adam": lambda: torch(fused=False),
    "torch, fused Adam": lambda: torch(fused=True),
    f"Keras on {os.environ['KERAS_BACKEND']}, train_on_batch": keras,
}


def main() -> None:
    """Measure and print the table."""
    pin()
    runs, missing = {OURS: ours()}, []
    for name, make in PEERS.items():
        try:
            runs[name] = make()
        except ImportError:
            missing.append(name)
    times = take_turns(runs)
    rows = [
        [name, f"{BATCHES / median(taken):,.0f}", f"{1 / ratio(times[OURS], taken):.2f}"]
        for name, taken in times.items()
    ]
    print(f"{machine()}, NumPy {np.__version__}\n")
    head = ["", "steps a second", "ours is so many times as fast"]
    print_table(head, rows + [[name, "not installed", ""] for name in missing])


if __name__ == "__main__":
    main()
