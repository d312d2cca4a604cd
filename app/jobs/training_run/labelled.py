"""Labelled sentences as people send them: read from CSV, and checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...core.errors import BadInput, TooLarge, shorten
from ...core.text import split_words

COLUMNS = ("text", "label")
DELIMITERS = ",;\t"
"""What may stand between columns: spreadsheets differ by country."""
MAX_LABEL = 100


class Labelled(NamedTuple):
    """A sentence, and the label that a model is to give it."""

    text: str
    label: str


@dataclass(frozen=True)
class Limits:
    """How much one training may be given.

    Attributes
    ----------
    sentences, labels, vocabulary : how many different ones
    characters, words : of one sentence
    """

    sentences: int = 20_000
    characters: int = 2_000
    words: int = 400
    labels: int = 100
    vocabulary: int = 10_000


def decode(data: bytes) -> str:
    """The text of an uploaded file.

    Raises
    ------
    BadInput
        For what is not UTF-8, saying where.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"The file is not UTF-8: line {line:,} has the byte {data[error.start]:#04x}. Save it "
            "as CSV UTF-8 and send it again."
        ) from None


def read_csv(text: str, limits: Limits) -> list[Labelled]:
    """Read labelled sentences, one to a row; the first row names the columns text and label.

    Columns are separated by commas, semicolons or tabs, and may be in any order, among others.

    Raises
    ------
    BadInput
        Without the two columns, or for what is not CSV.
    TooLarge
        For too many rows; what is beyond them is not read.
    """
    text = text.removeprefix("\ufeff").lstrip("\r\n")
    header, delimiter = _read_header(text)
    places = [header.index(name) for name in COLUMNS]
    rows: list[Labelled] = []
    for number, row in _rows(text, delimiter):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places):
            raise BadInput(
                f"Row {number:,} of the CSV has {len(row)} column{'s' * (len(row) != 1)}; the "
                f"first row has {len(header)}. Put a text that holds a {_NAMES[delimiter]} in "
                "double quotes."
            )
        if len(rows) == limits.sentences:
            raise TooLarge(
                f"The CSV has more than {limits.sentences:,} rows, which is the limit. Send fewer."
            )
        rows.append(Labelled(*(row[place] for place in places)))
    return rows


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}


def _read_header(text: str) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them."""
    first = text.split("\n", 1)[0].rstrip("\r")
    for delimiter in DELIMITERS:
        header = [name.strip().lower() for name in next(_parse([first], delimiter), [])]
        if all(name in header for name in COLUMNS):
            return header, delimiter
    raise BadInput(
        "The first row of the CSV must name the columns text and label; it is "
        f"{shorten(first, 100)}."
    )


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row behind the first, with its number, counted from 1 as spreadsheets do."""
    # csv wants lines as they are: a quoted text may go on over several
    rows = _parse(io.StringIO(text, newline=""), delimiter)
    next(rows, None)
    yield from enumerate(rows, 2)


def _parse(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error as error:
        raise BadInput(f"This cannot be read as CSV: {error}.") from None


def check_sentences(rows: Sequence[Labelled], limits: Limits) -> tuple[Labelled, ...]:
    """Refuse sentences that nothing can be learned from, or too many of them.

    Returns
    -------
    The same, without blanks around the labels.
    """
    if len(rows) > limits.sentences:
        raise TooLarge(
            f"{len(rows):,} sentences came; the limit is {limits.sentences:,}. Send fewer."
        )
    checked = tuple(_check(row, number, limits) for number, row in enumerate(rows, 1))
    labels = {row.label for row in checked}
    if len(labels) < 2:
        came = f"every one has the label {shorten(labels.pop())}" if labels else "none came"
        raise BadInput(f"Sentences with two or more different labels are needed; {came}.")
    if len(labels) > limits.labels:
        raise TooLarge(
            f"There are {len(labels):,} different labels; the limit is {limits.labels}. Is the "
            "column label the right one?"
        )
    _check_vocabulary(checked, limits)
    return checked


def _check(row: Labelled, number: int, limits: Limits) -> Labelled:
    """One sentence and its label."""
    words = split_words(row.text)
    if len(words) > limits.words:
        raise TooLarge(
            f"Sentence {number:,} has {len(words):,} words; the limit is {limits.words}. Cut it, "
            "or leave it out."
        )
    if len(row.text) > limits.characters:
        raise TooLarge(
            f"Sentence {number:,} has {len(row.text):,} characters; the limit is "
            f"{limits.characters:,}. Cut it, or leave it out."
        )
    if not any(text.strip() for text, _ in words):
        raise BadInput(
            f"Sentence {number:,} has no words: {shorten(row.text)}. Give it some, or leave it out."
        )
    label = row.label.strip()
    if not label or len(label) > MAX_LABEL:
        raise BadInput(
            f"The label of sentence {number:,} must have 1 to {MAX_LABEL} characters, but is "
            f"{shorten(row.label)}."
        )
    return Labelled(row.text, label)


def _check_vocabulary(rows: Iterable[Labelled], limits: Limits) -> None:
    words = {word.key for row in rows for word in split_words(row.text)}
    if len(words) > limits.vocabulary:
        raise TooLarge(
            f"The sentences have {len(words):,} different words; the limit is "
            f"{limits.vocabulary:,}. Send fewer sentences, or simpler ones."
        )
