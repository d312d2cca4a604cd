"""Where training sentences come from: grammars that make up texts and label every word of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from . import place, sentiment
from .base import UNKNOWN, Example


@dataclass(frozen=True)
class Grammar:
    """One row of the table of grammars.

    Attributes
    ----------
    title, description : for those who choose one
    labels : what the answer may be, by number
    make_examples : (count, seed, held_out) -> texts with a label for every word; held out are
        those with a pattern that the others never have
    make_first_examples : (count, seed) -> short texts to begin with, where there are such
    make_last_examples : (count, seed) -> texts to end with, where there are such
    other_names : words that mean the same as another, and that no text has
    """

    title: str
    description: str
    labels: tuple[str, ...]
    make_examples: Callable[[int, int, bool], Sequence[Example]]
    make_first_examples: Callable[[int, int], Sequence[Example]] | None = None
    make_last_examples: Callable[[int, int], Sequence[Example]] | None = None
    other_names: Mapping[str, str] = field(default_factory=dict)


GRAMMARS: dict[str, Grammar] = {
    "place": Grammar(
        title="Where is the speaker?",
        description=(
            "Texts about stays, homes, moves, plans, family and the past, in fourteen Indian "
            "cities; after each word, the city where the speaker is now."
        ),
        labels=place.LABELS,
        make_examples=place.make_examples,
        make_first_examples=place.make_first_examples,
        make_last_examples=place.make_last_examples,
        other_names=place.OTHER_NAMES,
    ),
    "sentiment": Grammar(
        title="Was the speaker pleased?",
        description=(
            "Short opinions on films, food, books, phones, hotels and service, with negation, "
            "contrast and intensity; after each word, whether the speaker was pleased."
        ),
        labels=sentiment.LABELS,
        make_examples=sentiment.make_examples,
    ),
}

__all__ = ["GRAMMARS", "UNKNOWN", "Example", "Grammar"]
