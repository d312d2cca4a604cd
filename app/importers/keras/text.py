"""TextVectorization: the vocabulary that some Keras models carry, and how it splits a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import BadInput, Unsupported
from ...core.text import Vocabulary, WordList
from ..binary.archive import Archive
from .config import Config

UNKNOWN = "[UNK]"
SPLITTINGS = {
    "lower_and_strip_punctuation": "stripped",
    "strip_punctuation": "stripped_as_written",
    "lower": "lowered",
    None: "as_written",
}
"""Keras's standardize -> our own way of splitting."""


def read_vocabulary(
    rows: Sequence[tuple[str, Config]], archive: Archive | None = None
) -> Vocabulary | None:
    """The vocabulary of a model's TextVectorization layer; None for a model without one.

    Raises
    ------
    Unsupported
        For a layer that does more than look up words.
    """
    config = next((row for kind, row in rows if kind == "TextVectorization"), None)
    if config is None:
        return None
    standardize = config.get("standardize", "lower_and_strip_punctuation")
    if not isinstance(standardize, str | None) or standardize not in SPLITTINGS:
        raise Unsupported("A TextVectorization with a standardize of its own is not read.")
    usual = {"split": ("whitespace",), "ngrams": (None, 1), "output_mode": ("int",)}
    for key, allowed in usual.items():
        if config.get(key, allowed[0]) not in allowed:
            raise Unsupported(f"A TextVectorization with another {key} than the usual is not read.")
    words = _listed(config) or _stored(archive)
    if words[:2] != ["", UNKNOWN]:
        words = ["", UNKNOWN, *words]
    return WordList.of(words, unknown=1, splitting=SPLITTINGS[standardize])


def read_as_it_is(rows: Sequence[tuple[str, Config]]) -> list[str]:
    """What is said where the layer fills a sentence up, which is not done here."""
    lengths = [
        row.get("output_sequence_length") for kind, row in rows if kind == "TextVectorization"
    ]
    return [
        f"The model fills every sentence up to {length} words with padding "
        "(output_sequence_length). Here it is read as it is: without mask_zero the answer differs."
        for length in lengths
        if length
    ]


def _listed(config: Config) -> list[str]:
    words = config.get("vocabulary")
    if not isinstance(words, list):
        return []
    if not all(isinstance(word, str) for word in words):
        raise BadInput("The vocabulary of the TextVectorization layer must be a list of words.")
    return words


def _stored(archive: Archive | None) -> list[str]:
    """The words of a file among the model's assets, one a line."""
    stored = archive.names if archive else ()
    names = [name for name in stored if name.endswith("vocabulary.txt")]
    if archive is None or len(names) != 1:
        raise BadInput("The model has a TextVectorization layer, but not its vocabulary.")
    text = archive.read(names[0]).decode(errors="replace")
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
