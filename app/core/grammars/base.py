"""A small language for patterns of sentences, and the generator that fills them.

    i (live|stay) in A*          alternatives in brackets; an empty one is allowed: (now|)
    my {relative} lives in A     a word from an open class: an unknown one would do as well
    {=i_am} in A*                a piece that several patterns share
    A is where i live*A          from this word on, the answer is A

Capital letters stand for the fillings that the answer may be. A star after a word, a class or a
bracket marks where the answer changes: `word*A` to A, `A*` to itself, `word*0` to none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

HELD_OUT = "~"
"""In front of a pattern that is never trained on."""

_PIECES = re.compile(r"[(|)]|\*\w?|\{=?\w+\}|[^\s(|)*{}]+")

UNKNOWN = "[unknown]"
"""Stands for any word that a model does not know."""


class Token(NamedTuple):
    """One word of an expanded pattern.

    Attributes
    ----------
    word : lower-case, or the capital letter of a filling
    mark : what the answer is from this word on, or "" where it stays as it was
    open : whether the word is from an open class, so that an unknown one would do as well
    """

    word: str
    mark: str = ""
    open: bool = False


@dataclass(frozen=True)
class Example:
    """A text and, for each of its words, the label had the text ended there."""

    words: tuple[str, ...]
    labels: tuple[int, ...]


class _Node(NamedTuple):
    """A word, a `{class}`, or a choice of sequences; with the mark that its last word gets."""

    content: str | tuple[tuple[_Node, ...], ...]
    mark: str


@cache
def _parse(pattern: str) -> tuple[tuple[_Node, ...], ...]:
    """The choices of a pattern; each is a sequence of nodes."""
    pieces = _PIECES.findall(pattern)
    choices, end = _parse_choices(pieces, 0)
    if end != len(pieces):
        raise ValueError(f"unbalanced brackets in {pattern!r}")
    return choices


def _parse_choices(pieces: list[str], at: int) -> tuple[tuple[tuple[_Node, ...], ...], int]:
    choices: list[list[_Node]] = [[]]
    while at < len(pieces) and pieces[at] != ")":
        piece = pieces[at]
        if piece == "|":
            choices.append([])
        elif piece == "(":
            inner, at = _parse_choices(pieces, at + 1)
            choices[-1].append(_Node(inner, ""))
        elif piece.startswith("*"):
            node = choices[-1].pop()
            choices[-1].append(_Node(node.content, piece[1:] or str(node.content)))
        else:
            choices[-1].append(_Node(piece, ""))
        at += 1
    return tuple(map(tuple, choices)), at


def expand(pattern: str, classes: Mapping[str, Sequence[str]], random: Random) -> list[Token]:
    """Choose one of the word sequences that a pattern stands for."""
    return _choose(_parse(pattern.removeprefix(HELD_OUT)), classes, random, False)


def _choose(
    choices: tuple[tuple[_Node, ...], ...],
    classes: Mapping[str, Sequence[str]],
    random: Random,
    is_open: bool,
) -> list[Token]:
    tokens: list[Token] = []
    for content, mark in random.choice(choices):
        if not isinstance(content, str):
            chosen = _choose(content, classes, random, is_open)
        elif content.startswith("{"):
            name, inner = content.strip("{=}"), is_open or not content.startswith("{=")
            chosen = _choose(_parse(random.choice(classes[name])), classes, random, inner)
        else:
            chosen = [Token(content, "", is_open)]
        if mark and chosen:
            chosen[-1] = chosen[-1]._replace(mark=mark)
        tokens += chosen
    return tokens


def select(patterns: Sequence[str], held_out: bool) -> list[str]:
    """The patterns that are trained on, or those that are not."""
    return [pattern for pattern in patterns if pattern.startswith(HELD_OUT) == held_out]


@cache
def read_patterns(name: str) -> Mapping[str, Sequence[str]]:
    """Read a file of patterns beside this one: section name -> its lines.

    A section begins with its name in square brackets; a line that begins with # is a comment.
    """
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in Path(__file__).with_name(name).read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]{=}"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def forget_words(tokens: Sequence[Token], share: float, random: Random) -> list[Token]:
    """Make a share of the words from open classes unknown."""
    return [
        token._replace(word=UNKNOWN) if token.open and random.random() < share else token
        for token in tokens
    ]
