"""The named models. The only mutable state of the application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import NotFound, shorten
from ..core.model import Model
from .epochs import Epochs
from .shipped import shipped_ids, shipped_model
from .visitor_models import VisitorModels


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
        models = {name: shipped_model(name) for name in shipped_ids()}
        return cls(models) if visitor_models is None else cls(models, visitor_models)

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models.values())

    def publish(self, path: Path) -> Model:
        """Serve a model file of any kind that is read to everybody."""
        from ..importers.files import open_model  # the readers, which few need

        model = open_model(path, id_of_file(path))
        self.models[model.id] = model
        return model

    def add(self, model: Model, visitor: str = "") -> str:
        """Keep a model that a visitor made. Returns its owner's name, which nobody can guess."""
        return self.visitor_models.add(model, visitor)

    def rename(self, owner: str, title: str) -> Model | None:
        """Give a visitor's model another title; None where there is none."""
        return self.visitor_models.rename(owner, title)

    def compare(self, owner: str, words: str) -> Model | None:
        """Keep with a visitor's model what came of a comparison; None where there is none."""
        return self.visitor_models.compare(owner, words)

    def remove(self, owner: str) -> bool:
        """Remove a visitor's model; False where there is none."""
        removed = self.visitor_models.remove(owner)
        if removed:
            self.epochs.forget(owner)
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
