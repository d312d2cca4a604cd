"""Models and sentences of the sizes that the HTTP benchmarks ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.model import Model
from app.core.modelfile import write
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList


class Load(NamedTuple):
    """One kind of request: so many words for a layer of so many units."""

    words: int
    units: int
    model: str

    @property
    def body(self) -> bytes:
        """What is sent."""
        text = "Good Day" if self.words == 2 else " ".join(f"w{n}" for n in range(self.words))
        return orjson.dumps({"sentence": text, "model": self.model})

    def __str__(self) -> str:
        return f"{self.words} words x {self.units} units"


SMALL = Load(2, 3, "article")
MIDDLE = Load(40, 64, "bench-64")
LARGE = Load(200, 512, "bench-512")


def write_models(directory: Path) -> str:
    """Write the two larger models; returns what LSTM_VIZ_MODELS takes."""
    paths = []
    for load in (MIDDLE, LARGE):
        random = np.random.RandomState(0)
        words = ["", "?", *(f"w{n}" for n in range(300))]
        cell, features = CELLS["lstm"], load.units
        layers = (
            Embedding("embedding", random.uniform(-1, 1, (302, features)).astype(np.float32)),
            Recurrent("lstm", cell, draw_weights(cell, features, load.units, random), True),
            Dense(
                "dense", glorot_uniform(load.units, 2, random), np.zeros(2, np.float32), "softmax"
            ),
        )
        model = Model(
            id=load.model,
            title="A model to measure with",
            description="Drawn at random.",
            provenance={"kind": "seeded", "seed": 0},
            network=Network(layers),
            vocabulary=WordList.of(words),
            labels=("a", "b"),
        )
        paths.append(directory / f"{load.model}.safetensors")
        write(model, paths[-1])
    return os.pathsep.join(map(str, paths))
