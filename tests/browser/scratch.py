"""Models that only the tests know: a wide one, and one of each cell that is no LSTM."""

from __future__ import annotations

import numpy as np

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.network import Dense, Embedding, LastTimestep, Network, Recurrent
from app.core.text import Hashing

TOKENS = 2000
SIZES = {"wide": ("lstm", 50, 64), "gru": ("gru", 5, 4), "rnn": ("simple_rnn", 5, 4)}
"""Id -> cell, features, units."""


def scratch_models() -> list[Model]:
    """Draw the models from fixed seeds."""
    return [_draw(name, *size) for name, size in SIZES.items()]


def _draw(name: str, cell_name: str, features: int, units: int) -> Model:
    random, cell = np.random.RandomState(7), CELLS[cell_name]
    table = random.uniform(-1, 1, (TOKENS, features)).astype(np.float32)
    kernel = random.uniform(-1, 1, (units, 3)).astype(np.float32)
    layers = (
        Embedding("embedding", table),
        Recurrent(cell_name, cell, draw_weights(cell, features, units, random), True),
        LastTimestep("last"),
        Dense("dense", kernel, np.zeros(3, np.float32), "softmax"),
    )
    return Model(
        id=name,
        title=f"{cell.class_name}, {units} units",
        description="Drawn for the tests.",
        provenance={"kind": "seeded", "seed": 7},
        network=Network(layers),
        vocabulary=Hashing(TOKENS),
        labels=("one", "two", "three"),
    )
