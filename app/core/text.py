"""From a sentence to words, and from words to ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""What Keras's `text_to_word_sequence` replaces by a blank before it splits at blanks."""

_TO_BLANKS = str.maketrans(dict.fromkeys(SEPARATORS, " "))


class Word(NamedTuple):
    """One word of a sentence: `text` as it was written, `key` as a vocabulary knows it."""

    text: str
    key: str


def split_words(sentence: str) -> list[Word]:
    """Split a sentence as Keras's `text_to_word_sequence` does, keeping each word's own spelling.

    The whole sentence is lower-cased before it is split, since the lower case of a Greek sigma
    depends on what follows it. Lower-casing never makes or removes a separator, so the words of
    both spellings pair up.
    """
    written = _split(sentence)
    lowered = _split(sentence.lower())
    return [Word(text, key) for text, key in zip(written, lowered, strict=True)]


def _split(sentence: str) -> list[str]:
    return [word for word in sentence.translate(_TO_BLANKS).split(" ") if word]


STRIPPED = re.compile(r"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")
"""What Keras's TextVectorization takes out of a sentence, without a blank in its place."""


def split_blanks(sentence: str, lower: bool, strip: bool) -> list[Word]:
    """Split at white space alone, as Keras's TextVectorization does.

    Parameters
    ----------
    lower : whether a vocabulary knows words in lower case
    strip : whether punctuation is taken out of them
    """
    words = []
    for text in sentence.split():
        key = text.lower() if lower else text
        key = STRIPPED.sub("", key) if strip else key
        if key:
            words.append(Word(text, key))
    return words


def split_characters(sentence: str) -> list[Word]:
    """Every character by itself, blanks and line ends too, as it was written."""
    return [Word(character, character) for character in sentence]


SPLITTINGS: dict[str, Callable[[str], list[Word]]] = {
    "words": split_words,
    "stripped": partial(split_blanks, lower=True, strip=True),
    "stripped_as_written": partial(split_blanks, lower=False, strip=True),
    "lowered": partial(split_blanks, lower=True, strip=False),
    "as_written": partial(split_blanks, lower=False, strip=False),
    "characters": split_characters,
}
"""Ways to split a sentence, by name: `words` is that of all classifiers that are trained here."""


class Vocabulary(Protocol):
    """How a model's embedding turns a word into the row it reads."""

    @property
    def tokens(self) -> str:
        """What a text is split into: "words" or "characters"."""
        ...

    def split(self, sentence: str) -> list[Word]:
        """The words of a sentence."""
        ...

    def id_of(self, key: str) -> int:
        """The embedding row of a lower-cased word."""
        ...

    def knows(self, key: str) -> bool:
        """Whether the word has a row of its own."""
        ...

    def word_of(self, token_id: int) -> str | None:
        """The word of a row, where that can be told."""
        ...


@dataclass(frozen=True)
class Hashing:
    """Ids by hash, with no list of words: Keras's `hashing_trick` with md5.

    `id = md5(word) % (size - 1) + 1`: ids 1 to size - 1; 0 is left for padding. Two words may
    share an id, every word has one.
    """

    size: int
    tokens = "words"

    def split(self, sentence: str) -> list[Word]:
        """The words of a sentence."""
        return split_words(sentence)

    def id_of(self, key: str) -> int:
        """The embedding row of a lower-cased word."""
        import hashlib  # slow to load, and few models hash

        digest = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
        return int(digest, 16) % (self.size - 1) + 1

    def knows(self, key: str) -> bool:
        """Whether the word has a row of its own: a hash gives every word one."""
        del key
        return True

    def word_of(self, token_id: int) -> str | None:
        """A hash cannot be turned back into its word."""
        del token_id
        return None


@dataclass(frozen=True)
class WordList:
    """Ids by position in a list. Row 0 is padding, row `unknown` is for words not in the list.

    Of a word that stands in the list twice the first row counts. `splitting` is one of
    `SPLITTINGS`.
    """

    words: Sequence[str]
    unknown: int
    ids: Mapping[str, int]
    splitting: str = "words"

    @classmethod
    def of(cls, words: Sequence[str], unknown: int = 1, splitting: str = "words") -> WordList:
        """Index a list of words, whose position is their row."""
        rows = {word: row for row, word in reversed(list(enumerate(words)))}
        return cls(tuple(words), unknown, rows, splitting)

    @property
    def tokens(self) -> str:
        """Words, unless a text is split into characters."""
        return "characters" if self.splitting == "characters" else "words"

    def join(self, texts: Iterable[str]) -> str:
        """Words or characters as a text."""
        return ("" if self.tokens == "characters" else " ").join(texts)

    def split(self, sentence: str) -> list[Word]:
        """The words of a sentence."""
        return SPLITTINGS[self.splitting](sentence)

    def id_of(self, key: str) -> int:
        """The embedding row of a lower-cased word; `unknown` for one that is not in the list."""
        return self.ids.get(key, self.unknown)

    def knows(self, key: str) -> bool:
        """Whether the word is in the list."""
        return key in self.ids

    def word_of(self, token_id: int) -> str | None:
        """The word of a row."""
        return self.words[token_id] if token_id < len(self.words) else None
