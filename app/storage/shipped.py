"""The models that every server has: the guide's own, drawn from a seed, and files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..core.cells import LSTM
from ..core.model import Model
from ..core.modelfile import read_file
from ..core.network import Dense, Embedding, Flatten, Network, Recurrent
from ..core.text import Hashing

DEFAULT_MODEL = "article"

SHIPPED = Path(__file__).parents[1] / "models"
ORDER = ("place", "place-gru", "place-rnn", "sentiment", "writer", "series")
"""In which the shipped model files are listed; others come after them."""


@cache
def article() -> Model:
    """The guide's model: Embedding(50000, 5), LSTM(3), Flatten, Dense(1), drawn from one seed.

    Embeddings and Dense kernel are drawn from (-1, 1), so that the pictures are not flat. The
    kernel has rows for 400 timesteps; a sentence uses the first of them, so that every prefix of
    a sentence has its prediction.
    """
    import numpy as np

    from ..core.cells.initial import draw_weights

    seed, tokens, features, units, timesteps = 2019, 50_000, 5, 3, 400
    random, cell = np.random.RandomState(seed), LSTM
    table = random.uniform(-1, 1, (tokens, features)).astype(np.float32)
    weights = draw_weights(cell, features, units, random)
    kernel = random.uniform(-1, 1, (timesteps * units, 1)).astype(np.float32)
    layers = (
        Embedding("embedding", table),
        Recurrent(cell.name, cell, weights, return_sequences=True),
        Flatten("flatten"),
        Dense("dense", kernel, np.zeros(1, np.float32), "sigmoid"),
    )
    return Model(
        id="article",
        title="The guide's model",
        description=(
            "Embedding(50000, 5), LSTM(3), Flatten, Dense(1): the beginner's guide's own network. "
            "Its weights are drawn from a fixed seed. It has learned nothing."
        ),
        provenance={"kind": "seeded", "seed": seed},
        network=Network(layers),
        vocabulary=Hashing(tokens),
        labels=("0", "1"),
    )


@cache
def _shipped_files() -> dict[str, Path]:
    """The models that are shipped as files, by id, in the order in which they are listed."""
    paths = {path.stem: path for path in sorted(SHIPPED.glob("*.safetensors"))}
    known = {name: paths.pop(name) for name in ORDER if name in paths}
    return known | paths


def shipped_ids() -> tuple[str, ...]:
    """Ids of the models that every server has."""
    return (DEFAULT_MODEL, *_shipped_files())


@cache
def shipped_model(model_id: str) -> Model:
    """One of the models of `shipped_ids`, read when somebody first asks for it."""
    return article() if model_id == DEFAULT_MODEL else read_file(_shipped_files()[model_id])
