"""The named models. The only mutable state of the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from ..core.cells import LSTM
from ..core.cells.initial import draw_weights
from ..core.errors import NotFound, shorten
from ..core.model import Model
from ..core.modelfile import read_file
from ..core.network import Dense, Embedding, Flatten, Network, Recurrent
from ..core.text import Hashing
from ..importers.files import open_model
from .epochs import Epochs
from .visitor_models import VisitorModels

DEFAULT_MODEL = "article"

SHIPPED = Path(__file__).parents[1] / "models"
ORDER = ("place", "place-rnn", "sentiment")
"""In which the shipped model files are listed; others come after them."""


@cache
def article() -> Model:
    """The guide's model: Embedding(50000, 5), LSTM(3), Flatten, Dense(1), drawn from one seed.

    Embeddings and Dense kernel are drawn from (-1, 1), so that the pictures are not flat. The
    kernel has rows for 400 timesteps; a sentence uses the first of them, so that every prefix of
    a sentence has its prediction.
    """
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
def _shipped_files() -> tuple[Model, ...]:
    """The models that are shipped as files."""
    paths = {path.stem: path for path in sorted(SHIPPED.glob("*.safetensors"))}
    known = [paths.pop(name) for name in ORDER if name in paths]
    return tuple(read_file(path) for path in (*known, *paths.values()))


def id_of_file(path: Path) -> str:
    """The id under which a model file is served: its name, as far as an address can hold it."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-") or "model"


@dataclass
class Registry:
    """The models a server knows, by id."""

    models: dict[str, Model] = field(default_factory=dict)
    visitor_models: VisitorModels = field(
        default_factory=lambda: VisitorModels(None, 256, 512 * 2**20)
    )  # never listed
    epochs: Epochs = field(default_factory=Epochs)

    @classmethod
    def shipped(cls, visitor_models: VisitorModels | None = None) -> Registry:
        """A registry that holds the models every server has."""
        models = {model.id: model for model in (article(), *_shipped_files())}
        return cls(models) if visitor_models is None else cls(models, visitor_models)

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models.values())

    def publish(self, path: Path) -> Model:
        """Serve a model file of any kind that is read to everybody."""
        model = open_model(path, id_of_file(path))
        self.models[model.id] = model
        return model

    def add(self, model: Model) -> Model:
        """Keep a model that a visitor made, whose id nobody can guess."""
        return self.visitor_models.add(model)

    def rename(self, model_id: str, title: str) -> Model | None:
        """Give a visitor's model another title; None where there is none."""
        model = self.visitor_models.get(model_id)
        return model and self.visitor_models.add(replace(model, title=title))

    def remove(self, model_id: str) -> bool:
        """Remove a visitor's model; False where there is none."""
        removed = self.visitor_models.remove(model_id)
        if removed:
            self.epochs.forget(model_id)
        return removed

    def get(self, model_id: str) -> Model:
        """Look a model up; `<id>@<epoch>` is one in the making.

        Raises
        ------
        NotFound
            Naming the models there are.
        """
        if "@" in model_id:
            return self.epochs.get(model_id)
        try:
            return self.models[model_id]
        except KeyError:
            if model := self.visitor_models.get(model_id):
                return model
            known = ", ".join(self.models)
            text = f"There is no model {shorten(model_id)}. The models are: {known}."
            raise NotFound(text) from None
