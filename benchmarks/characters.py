# pyright: reportMissingImports=false
"""`python -m benchmarks.characters`: characters a second while a writer is trained, on one core.

Batches of 32 stretches of 64 characters, 64 different ones, 64 units, Adam, a softmax after every
character. KERAS_BACKEND=jax measures Keras on jax in place of torch.
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

BATCH, TIMESTEPS, FEATURES, UNITS, CHARACTERS, BATCHES = 32, 64, 16, 64, 64, 10
RATE = 1e-3
OURS = "**ours**"

random = np.random.RandomState(0)
TEXT = random.randint(0, CHARACTERS, (BATCHES, BATCH, TIMESTEPS + 1))
INPUTS, LABELS = TEXT[..., :-1], TEXT[..., 1:]


def ours() -> Callable[[], object]:
    """An epoch of our trainer, the making of its batches included."""
    cell = CELLS["lstm"]
    table = random.uniform(-0.05, 0.05, (CHARACTERS, FEATURES)).astype("f")
    kernel, bias = glorot_uniform(UNITS, CHARACTERS, random), np.zeros(CHARACTERS, np.float32)
    network = Network(
        (
            Embedding("embedding", table),
            Recurrent("lstm", cell, draw_weights(cell, FEATURES, UNITS, random), True),
            Dense("dense", kernel, bias, "softmax"),
        )
    )
    examples = Examples(INPUTS.reshape(-1, TIMESTEPS), LABELS.reshape(-1, TIMESTEPS))
    settings = Hyperparameters(epochs=10**6, batch_size=BATCH, learning_rate=RATE)
    epochs = fit(network, examples, settings)
    next(epochs)  # what it is before training
    return lambda: next(epochs)


def torch(fused: bool) -> Callable[[], object]:
    """The same in torch, as its tutorials have it."""
    import torch

    torch.set_num_threads(1)
    nn = torch.nn

    class Writer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(CHARACTERS, FEATURES)
            self.lstm = nn.LSTM(FEATURES, UNITS, batch_first=True)
            self.dense = nn.Linear(UNITS, CHARACTERS)

        def forward(self, x: Any) -> Any:
            return self.dense(self.lstm(self.embedding(x))[0])

    model = Writer()
    adam = torch.optim.Adam(model.parameters(), RATE, fused=fused)
    loss_of = nn.CrossEntropyLoss()
    inputs, labels = torch.tensor(INPUTS), torch.tensor(LABELS)

    def epoch() -> float:
        total = 0.0
        for x, y in zip(inputs, labels, strict=True):
            adam.zero_grad()
            loss = loss_of(model(x).reshape(-1, CHARACTERS), y.reshape(-1))
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
            layers.Embedding(CHARACTERS, FEATURES),
            layers.LSTM(UNITS, return_sequences=True),
            layers.Dense(CHARACTERS, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(RATE), loss="sparse_categorical_crossentropy")
    inputs, labels = INPUTS.astype("int32"), LABELS.astype("int32")

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
    count = BATCHES * BATCH * TIMESTEPS
    rows = [
        [name, f"{count / median(taken):,.0f}", f"{1 / ratio(times[OURS], taken):.2f}"]
        for name, taken in times.items()
    ]
    print(f"{machine()}, NumPy {np.__version__}\n")
    head = ["", "characters a second", "ours is so many times as fast"]
    print_table(head, rows + [[name, "not installed", ""] for name in missing])


if __name__ == "__main__":
    main()
