"""JSON documents made up at random, each with the exact probability of its being made.

    {"name":"tavoki","home":{"city":"duna","rooms":[4,12]},"code":"k[3,}x","open":true}

One way of choices leads to each document, so that its probability is the product of theirs, and the
mean of its negative logarithm is the entropy, which no model's loss can be below. No object has a
key twice, a key says what kind of value it has, and at most four objects and lists are open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

WORDS = {
    "food": ("cake", "fish", "mango", "milk", "rice", "salt", "soup", "tea"),
    "day": ("friday", "monday", "sunday", "tuesday"),
}
CONSONANTS, VOWELS = "bdghjklmnprstv", "aeiou"
"""What names are made of."""
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789,:[]{}"
"""What a code may hold: brackets and commas too, which mean nothing inside a string."""
LITERALS = ("true", "false", "null")
DEEPEST = 4
"""How many objects and lists may be open at once."""
MORE_PAIRS, MORE_ITEMS, MORE_DIGITS, MORE_SYLLABLES, MORE_SIGNS = 0.6, 0.5, 0.5, 0.6, 0.92
"""How likely another one is."""
LONGEST_NUMBER = 3
TOP_IS_OBJECT = 0.8


class Document(NamedTuple):
    """A text, and how surprising it is: minus the logarithm of its probability, in nats."""

    text: str
    nats: float


class Writer:
    """Makes choices, and keeps the account of how likely they were."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.nats = 0.0

    def choose(self, options: Sequence[Any], weights: Sequence[float] | None = None) -> Any:
        """One of the options, all as likely as another where no weights are given."""
        weights = weights or [1.0] * len(options)
        place = self._random.choices(range(len(options)), weights)[0]
        self.nats -= math.log(weights[place] / sum(weights))
        return options[place]

    def happens(self, probability: float) -> bool:
        """Whether something that is so likely comes about."""
        return self.choose((True, False), (probability, 1 - probability))


Rule = Callable[[Writer, int], str]
"""Writes a value, where so many objects and lists are open already."""


def a_word(kind: str) -> Rule:
    """A string of that kind."""
    return lambda writer, depth: f'"{writer.choose(WORDS[kind])}"'


def made_up_name(writer: Writer, depth: int) -> str:
    """A string of two syllables and more, which nobody can know by heart."""
    name = ""
    while len(name) < 4 or writer.happens(MORE_SYLLABLES):
        name += writer.choose(CONSONANTS) + writer.choose(VOWELS)
    return f'"{name}"'


def code(writer: Writer, depth: int) -> str:
    """A string of at least one sign."""
    signs = writer.choose(SIGNS)
    while writer.happens(MORE_SIGNS):
        signs += writer.choose(SIGNS)
    return f'"{signs}"'


def number(writer: Writer, depth: int) -> str:
    """A whole number of at most three digits, without zeros in front."""
    digits = writer.choose("0123456789")
    while digits[0] != "0" and len(digits) < LONGEST_NUMBER and writer.happens(MORE_DIGITS):
        digits += writer.choose("0123456789")
    return digits


def literal(writer: Writer, depth: int) -> str:
    """True, false or null."""
    return writer.choose(LITERALS)


def list_of(item: Rule) -> Rule:
    """A list of at least one item, all of a kind."""

    def write(writer: Writer, depth: int) -> str:
        items = [item(writer, depth + 1)]
        while writer.happens(MORE_ITEMS):
            items.append(item(writer, depth + 1))
        return f"[{','.join(items)}]"

    return write


def an_object(writer: Writer, depth: int) -> str:
    """An object of at least one pair."""
    rules = PLAIN | {
        key: rule for key, (rule, adds) in DEEPER.items() if depth + 1 + adds <= DEEPEST
    }
    pairs, unused = [], list(rules)
    while not pairs or (unused and writer.happens(MORE_PAIRS)):
        key = writer.choose(unused)
        unused.remove(key)
        pairs.append(f'"{key}":{rules[key](writer, depth + 1)}')
    return f"{{{','.join(pairs)}}}"


PLAIN: dict[str, Rule] = {
    "name": made_up_name,
    "age": number,
    "city": made_up_name,
    "code": code,
    "day": a_word("day"),
    "id": number,
    "open": literal,
}
DEEPER: dict[str, tuple[Rule, int]] = {
    "home": (an_object, 1),
    "friends": (list_of(an_object), 2),
    "likes": (list_of(a_word("food")), 1),
    "rooms": (list_of(number), 1),
}
"""Keys of what opens more, and how many levels at least."""


def make_documents(count: int, seed: int) -> list[Document]:
    """Make up documents; the same seed gives the same."""
    random = Random(seed)
    documents = []
    for _ in range(count):
        writer = Writer(random)
        top = an_object if writer.happens(TOP_IS_OBJECT) else list_of(an_object)
        documents.append(Document(top(writer, 0), writer.nats))
    return documents
