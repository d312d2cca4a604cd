"""What is to be built: which model over which texts, what is kept of it, and in which parts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from ..core.errors import BadInput, some_of
from ..core.model import Model
from ..core.modelfile.conversion import arrays_of, describe_layer
from ..core.network import Recurrent
from .texts import Source, Text

NUMBERS = 12_000_000
"""Gates and states in a part, about: what a worker holds at a time."""
LARGEST, SMALLEST = 100_000, 1_000
"""Rows of a part."""
CHARACTERS = 5
"""Of a word and the blank behind it, about, by which a part's rows are guessed."""


@dataclass(frozen=True)
class Plan:
    """A corpus to build.

    Attributes
    ----------
    out : the directory
    keep : gates and states whose values are written; all of a layer's if empty
    limit : timesteps of a text
    too_long : whether a longer text is cut to them, or left out
    floor : how often a word must stand there to be spoken of
    title : what people call it
    """

    model: Model
    source: Source
    out: Path
    keep: tuple[str, ...] = ()
    limit: int = 400
    too_long: Literal["cut", "refuse"] = "cut"
    floor: int = 5
    title: str = ""

    @cached_property
    def layers(self) -> dict[str, tuple[str, ...]]:
        """Which gates and states of which layers are kept.

        Raises
        ------
        BadInput
            For a quantity that no layer has, or a model with no layer that is in step with a text.
        """
        model, known = self.model, set()
        found: dict[str, tuple[str, ...]] = {}
        for name, layer in layers_in_step(model).items():
            known |= {*quantities(layer)}
            if kept := tuple(q for q in quantities(layer) if not self.keep or q in self.keep):
                found[name] = kept
        if not known:
            raise BadInput(f"The model {model.id} has no layer in step with its input.")
        if wrong := [name for name in self.keep if name not in known]:
            raise BadInput(
                f"The model {model.id} has no {some_of(wrong)}. It has: {some_of(sorted(known))}."
            )
        return found

    @property
    def rows(self) -> int:
        """How many timesteps a part has, about."""
        layers = self.model.network.recurrent
        width = sum(len(kept) * layers[name].weights.units for name, kept in self.layers.items())
        return int(np.clip(NUMBERS // width, SMALLEST, LARGEST))

    def parts(self) -> Iterator[Part]:
        """The texts, cut into parts that depend on nothing but the texts and the model."""
        yield from cut(self.source.read(self.model), self.rows, self._guess)

    def _guess(self, text: Text) -> int:
        content, vocabulary = text.content, self.model.vocabulary
        if not isinstance(content, str):
            return min(len(content), self.limit)
        each = CHARACTERS if vocabulary is None or vocabulary.tokens == "words" else 1
        return min(len(content) // each + 1, self.limit)


@dataclass(frozen=True)
class Part:
    """Texts that follow each other, the first of which is number `first` of all."""

    index: int
    first: int
    texts: list[Text]

    @property
    def name(self) -> str:
        """Of its files."""
        return part_name(self.index)


def part_name(index: int) -> str:
    """The name of a part's file in every table."""
    return f"part-{index:06d}.parquet"


def cut(texts: Iterable[Text], rows: int, guess: object) -> Iterator[Part]:
    """Cut a row of texts where about so many timesteps have come together."""
    held, size, index, first = [], 0, 0, 0
    for text in texts:
        held.append(text)
        size += guess(text)  # type: ignore[operator]
        if size >= rows:
            yield Part(index, first, held)
            held, size, index, first = [], 0, index + 1, first + len(held)
    if held:
        yield Part(index, first, held)


def quantities(layer: Recurrent) -> tuple[str, ...]:
    """A layer's gates and states, by name."""
    cell = layer.cell
    return (*cell.gates, *(gate for gate in cell.derived if gate not in cell.gates), *cell.states)


def layers_in_step(model: Model) -> dict[str, Recurrent]:
    """The recurrent layers that have a timestep for each of the input's."""
    network = model.network
    return {
        name: layer
        for name, layer in network.recurrent.items()
        if network.timesteps_of(name, -1) == -1
    }


def digest_of(model: Model) -> str:
    """What two models have in common that compute the same: layers, weights, words and labels."""
    found = hashlib.sha256()
    for layer in model.network.layers:
        found.update(repr(describe_layer(layer)).encode())
        for name, array in sorted(arrays_of(layer).items()):
            found.update(name.encode())
            found.update(np.ascontiguousarray(array, np.float32).tobytes())
    vocabulary = model.vocabulary
    known = getattr(vocabulary, "words", getattr(vocabulary, "size", None))
    found.update(repr((known, getattr(vocabulary, "splitting", ""), model.labels)).encode())
    return found.hexdigest()
