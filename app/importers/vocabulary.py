"""Vocabularies and labels that are sent along with a model."""

from __future__ import annotations

import re
from typing import Any

import orjson

from ..core.errors import BadInput, shorten
from ..core.text import SEPARATORS, WordList

UNKNOWNS = ("[UNK]", "<UNK>", "<unk>", "<OOV>", "<oov>", "[unk]", "UNK", "unk")
NAMED = re.compile(r"<.+>|\[.+\]")
"""What has no spelling of its own, such as a padding's name."""
MAX_LABEL = 200


def read_text(data: bytes, what: str) -> str:
    """The text of a file of words.

    Parameters
    ----------
    what : the file's part in the sentence that refuses it

    Raises
    ------
    BadInput
        For what is not UTF-8, saying where.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{what} is not UTF-8 text: byte {error.start + 1:,} is {data[error.start]:#04x}. "
            "Give a text file, saved as UTF-8."
        ) from None


def read_vocabulary(text: str, rows: int) -> WordList:
    """A list of words in JSON or one a line, a map of words to ids, or a Keras `Tokenizer`.

    Parameters
    ----------
    rows : of the embedding, which every id must have

    Raises
    ------
    BadInput
        For a vocabulary that is none of these, or has ids without a row.
    """
    content = _json(text)
    unknown = None
    if isinstance(content, dict) and content.get("class_name") == "Tokenizer":
        content, unknown = _tokenizer(content)
    if isinstance(content, dict):
        words = _placed(content, rows)
    elif isinstance(content, list):
        words = content
    else:
        words = [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")]
    if not words or not all(isinstance(word, str) for word in words):
        raise BadInput("The vocabulary must be a list of words, or a map of words to ids.")
    if len(words) > rows:
        raise BadInput(
            f"The vocabulary has {len(words):,} words, but the embedding has {rows:,} rows. Send "
            "the vocabulary that the model was trained with."
        )
    known = next((word for word in (unknown, *UNKNOWNS) if word in words), None)
    return WordList.of(
        words, unknown=0 if known is None else words.index(known), splitting=_splitting(words)
    )


def _splitting(words: list[str]) -> str:
    """How a text is split that a vocabulary is for.

    One of single characters is for those, if one of them is a blank or a sign, which is no word;
    the first, which often is padding, may be anything.
    """
    own = [word for word in words if word and word not in UNKNOWNS and not NAMED.fullmatch(word)]
    signs = any(word in f" {SEPARATORS}" for word in words[1:])
    if signs and all(len(word) == 1 for word in own):
        return "characters"
    return "as_written" if any(word != word.lower() for word in own) else "words"


def _json(text: str) -> Any:
    """The content where the text is JSON of the kind that is meant, else None."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _tokenizer(content: dict[str, Any]) -> tuple[Any, str | None]:
    """The ids of a Keras Tokenizer, which are JSON in its JSON, and its word for unknown ones."""
    config = content.get("config")
    index = config.get("word_index") if isinstance(config, dict) else None
    ids = _json(index) if isinstance(index, str) else index
    if not isinstance(config, dict) or not isinstance(ids, dict):
        raise BadInput("The Keras Tokenizer has no word_index.")
    most, unknown = config.get("num_words"), config.get("oov_token")
    if type(most) is int:
        ids = {word: i for word, i in ids.items() if type(i) is not int or i < most}
    return ids, unknown if isinstance(unknown, str) else None


def _placed(ids: dict[str, Any], rows: int) -> list[str]:
    """Words in the order of their ids; an id that no word has stands for nothing."""
    for word, i in ids.items():
        if type(i) is not int or not 0 <= i < rows:
            raise BadInput(
                f"The vocabulary gives {shorten(word)} the id {shorten(str(i))[1:-1]}, but the "
                f"embedding has rows 0 to {rows - 1:,}."
            )
    words = [""] * (max(ids.values(), default=-1) + 1)
    for word, i in ids.items():
        words[i] = word
    return words


def read_labels(text: str, count: int) -> tuple[str, ...]:
    """Names of the outputs: a JSON list, or one a line; none for an empty text.

    Raises
    ------
    BadInput
        Where they are not as many as the outputs.
    """
    if not text.strip():
        return ()
    content = _json(text)
    labels = content if isinstance(content, list) else text.strip().splitlines()
    if not all(isinstance(label, str) and 0 < len(label) <= MAX_LABEL for label in labels):
        raise BadInput(f"Each label must be text of 1 to {MAX_LABEL} characters.")
    if len(labels) != count or len(set(labels)) < count:
        raise BadInput(f"The model has {count} outputs to name; {len(set(labels))} labels came.")
    return tuple(labels)
