"""What is to be learned, and how large the network is that learns it."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.cells import CELLS, LSTM
from ...core.errors import BadInput, TooLarge, shorten
from ...core.grammars import GRAMMARS
from ...core.text import split_words
from .forecasting import Series
from .labelled import Labelled
from .writing import WINDOW

MAX_LISTED = 1_000_000
"""Bytes of all different words together, which stand in the model's file after every epoch."""
MAX_SNAPSHOTS = 20_000_000
"""Numbers in the snapshots of all epochs together: 80 MB."""


@dataclass(frozen=True)
class TrainingPlan:
    """All that a training is told.

    Attributes
    ----------
    title : what the model will be called
    sentences : checked ones; none where a grammar makes them up
    grammar : its name in the table of grammars, or ""
    text : a checked one, for a model that writes, or ""
    series : rows of numbers, for a model that forecasts
    examples : how many sentences the grammar makes up
    cell : the recurrent layer's, a row of the table of cells
    units, features : sizes of the recurrent layer and of the embedding
    epochs, learning_rate, seed : as in `Hyperparameters`
    """

    title: str
    sentences: tuple[Labelled, ...] = ()
    grammar: str = ""
    text: str = ""
    series: Series = ()
    examples: int = 10_000
    cell: str = LSTM.name
    units: int = 8
    features: int = 8
    epochs: int = 30
    learning_rate: float = 0.02
    seed: int = 0

    @property
    def count(self) -> int:
        """How many sentences, stretches of text or timesteps there are to learn from."""
        if self.text:
            return -(-len(self.text) // WINDOW)
        return len(self.series) or len(self.sentences) or self.examples


def check_size(plan: TrainingPlan) -> None:
    """Refuse a cell or grammar that is not there, and epochs that could not all be kept."""
    if plan.cell not in CELLS:
        known = ", ".join(CELLS)
        raise BadInput(f"There is no cell {shorten(plan.cell)}. The cells are: {known}.")
    if plan.grammar:
        if plan.grammar not in GRAMMARS:
            known = ", ".join(GRAMMARS)
            raise BadInput(f"There is no grammar {plan.grammar!r}. The grammars are: {known}.")
        return
    words = {word.key for row in plan.sentences for word in split_words(row.text)}
    words |= set(plan.text)
    units, features = plan.units, plan.features
    labels = len({row.label for row in plan.sentences}) or len(words)
    columns = len(CELLS[plan.cell].blocks) * units
    numbers = (len(words) + 2) * features + columns * (features + units + 1) + units * labels
    listed = sum(len(word.encode()) for word in words)
    if listed > MAX_LISTED:
        raise TooLarge(
            f"The sentences have {len(words):,} different words of {listed:,} bytes together; the "
            f"limit is {MAX_LISTED:,}."
        )
    if numbers * (plan.epochs + 1) > MAX_SNAPSHOTS:
        raise TooLarge(
            f"A network of {numbers:,} weights, kept after each of {plan.epochs} epochs, is more "
            f"than {MAX_SNAPSHOTS:,} numbers. Choose fewer features, units or epochs."
        )
