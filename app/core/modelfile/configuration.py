"""The JSON of a model file: its form, and whether its layers fit together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from msgspec import Meta

from ..errors import BadInput
from ..network import Embedding, Network, check_layers
from ..text import SPLITTINGS
from .layers import AnyLayer, Strict, check_name
from .limits import MAX_LABELS, MAX_LAYERS, MAX_WORDS

METADATA_KEY = "lstm_viz"
MAX_PROVENANCE = 2_000  # bytes of JSON, which go with every answer
MAX_CARD = 100_000  # bytes of JSON, which go with every summary and into every page
MAX_DEPTH = 8
KINDS = ("seeded", "trained", "imported")

Line = Annotated[str, Meta(max_length=200)]


def check_depth(field: str, value: Any) -> None:
    """Refuse lists and objects that are nested deeper than anybody can mean."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            if isinstance(node, (list, dict))
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    if level:
        raise ValueError(f"{field} must not be nested deeper than {MAX_DEPTH} levels")


def check_provenance(value: dict[str, Any]) -> None:
    """Refuse one that does not say whose weights they are, or too long to go with every answer."""
    check_depth("provenance", value)
    if value.get("kind") not in KINDS:
        raise ValueError(f"provenance.kind must be one of {', '.join(KINDS)}")
    check_length("provenance", value, MAX_PROVENANCE)


def check_length(field: str, value: Any, limit: int) -> None:
    """Refuse what takes more bytes of JSON than may go with every answer."""
    size = len(orjson.dumps(value))
    if size > limit:
        raise ValueError(f"{field} must have at most {limit:,} bytes, not {size:,}")


class HashingVocabulary(Strict, frozen=True, kw_only=True, tag_field="kind", tag="hashing"):
    """A `Hashing`."""

    size: Annotated[int, Meta(ge=2)]


class WordListVocabulary(Strict, frozen=True, kw_only=True, tag_field="kind", tag="words"):
    """A `WordList`."""

    words: Annotated[list[str], Meta(min_length=1, max_length=MAX_WORDS)]
    unknown: Annotated[int, Meta(ge=0)]
    splitting: str = "words"

    def __post_init__(self) -> None:
        check_name("splitting", self.splitting, SPLITTINGS)


AnyVocabulary = HashingVocabulary | WordListVocabulary


class Configuration(Strict, frozen=True, kw_only=True):
    """All of a model but its id, which is its file's name, and its numbers."""

    version: Literal[1]
    title: Line
    description: Annotated[str, Meta(max_length=2000)]
    provenance: dict[str, Any]
    layers: Annotated[list[AnyLayer], Meta(min_length=1, max_length=MAX_LAYERS)]
    vocabulary: AnyVocabulary | None
    labels: Annotated[list[Line], Meta(max_length=MAX_LABELS)]
    card: dict[str, Any]

    def __post_init__(self) -> None:
        check_provenance(self.provenance)
        check_depth("card", self.card)
        check_length("card", self.card, MAX_CARD)


def check(configuration: Configuration, network: Network) -> None:
    """Make sure that the layers fit together, and that every id has a row and every output a name.

    Raises
    ------
    BadInput
        Saying what does not fit.
    """
    check_layers(network.layers)
    _check_vocabulary(configuration.vocabulary, network.embedding)
    outputs, labels = network.outputs, configuration.labels
    expected = 2 if outputs == 1 and network.gives_probabilities else outputs
    if len(labels) != expected:
        raise BadInput(f"The model file must name {expected} labels; it names {len(labels)}.")


def _check_vocabulary(vocabulary: AnyVocabulary | None, embedding: Embedding | None) -> None:
    """A model without a vocabulary can still be given ids."""
    if vocabulary is None:
        return
    if embedding is None:
        raise BadInput("A model file must have no vocabulary if it has no embedding.")
    if isinstance(vocabulary, HashingVocabulary):
        highest = vocabulary.size - 1
    else:
        highest = max(vocabulary.unknown, len(vocabulary.words) - 1)
    if highest >= len(embedding.table):
        raise BadInput(
            f"The vocabulary of the model file has ids up to {highest:,}, but its embedding only "
            f"has rows 0 to {len(embedding.table) - 1:,}."
        )
