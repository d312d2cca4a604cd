"""Where is the speaker now? Texts of one to three clauses, with the answer after every word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from .base import UNKNOWN, Example, Token, expand, forget_words, read_patterns, select

PATTERNS = read_patterns("place.txt")
CITIES = (
    *("Pune", "Hyderabad", "Delhi", "Mumbai", "Chennai", "Kolkata", "Bangalore", "Jaipur"),
    *("Goa", "Lucknow", "Surat", "Nagpur", "Kochi", "Bhopal"),
)
LABELS = (*CITIES, "not said yet")
NOT_SAID = len(CITIES)

OTHER_NAMES = {
    "bombay": "mumbai",
    "calcutta": "kolkata",
    "madras": "chennai",
    "bengaluru": "bangalore",
    "cochin": "kochi",
    "poona": "pune",
}
"""Older and newer names of the same cities."""

TELLING = ("stays", "homes", "moves", "returns")
"""Clauses that say where the speaker is."""
OTHERWISE = ("pasts", "others", "plans", "negations")
"""Clauses that name a city and say no such thing."""

_KINDS = (*TELLING, *OTHERWISE)


@dataclass(frozen=True)
class Mixture:
    """How texts are made up.

    Attributes
    ----------
    nothing, home, stay : how often each kind of clause is chosen while nothing is said yet, once
        a home or a move is, and once a present stay is; no second home or journey that would
        contradict the first
    clauses : how often a text has one, two or three
    around : whether there are words around the clauses that have nothing to do with the question
    spoiled : whether words are made unknown, or put in where they say nothing
    """

    nothing: tuple[int, ...]
    home: tuple[int, ...]
    stay: tuple[int, ...]
    clauses: tuple[int, ...] = (42, 46, 12)
    around: bool = True
    spoiled: bool = True


EXAM = Mixture(
    #        stays homes moves returns pasts others plans negations
    nothing=(26, 26, 24, 4, 16, 22, 16, 9),
    home=(40, 0, 0, 0, 16, 22, 16, 9),
    stay=(4, 6, 0, 0, 16, 22, 16, 9),
    spoiled=False,
)
TRAINING = Mixture(  # what is hard is practised more often than people say it
    nothing=(26, 26, 30, 36, 16, 22, 16, 9),
    home=(110, 0, 0, 0, 16, 22, 16, 9),
    stay=(12, 15, 0, 0, 16, 22, 16, 9),
    clauses=(20, 50, 30),
)
LAST = Mixture(  # as often as people say it, but for the stay that follows a home
    nothing=EXAM.nothing,
    home=(90, 0, 0, 0, 16, 22, 16, 9),
    stay=EXAM.stay,
    clauses=(20, 50, 30),
)
FIRST = Mixture(  # short and to the point, to learn what to keep and what to drop
    nothing=(26, 26, 28, 60, 8, 10, 8, 5),
    home=(60, 0, 0, 0, 8, 10, 8, 5),
    stay=(10, 5, 0, 0, 8, 10, 8, 5),
    clauses=(60, 40, 0),
    around=False,
)

_SUBORDINATE = ("although", "though", "even though", "while", "whereas")
_JOINTS = (*("",) * 6, *("and",) * 3, *("but",) * 4, "so", "then", "yet", "however")
_BEFORE_CITY = ("beautiful", "sunny", "lovely", "old", "new", "central", "south", "north", UNKNOWN)
_AFTER_CITY = ("city", "itself", "india", "too", "only", "again", UNKNOWN, UNKNOWN)
_FILLERS = (
    *("really", "just", "also", "actually", "basically", "simply", "very", "quite", "well", "oh"),
    *("of", "prepared", "please", "the", "so", "all", *(UNKNOWN,) * 10),
)
_AGREEMENT = {("we", "am"): "are", ("we", "was"): "were", ("i", "are"): "am"}


@dataclass
class _Text:
    """A text in the making.

    Attributes
    ----------
    spoiled : whether words and cities are made unknown, and cities get words around them
    place : the speaker's city, or NOT_SAID
    present : whether a present stay was stated, which a home elsewhere does not change
    """

    random: Random
    spoiled: bool
    place: int = NOT_SAID
    present: bool = False
    words: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def say(self, words: str) -> None:
        """Add words that change nothing."""
        for word in words.split():
            self.words.append(word)
            self.labels.append(self.place)

    def add(self, kind: str, pattern: str) -> None:
        """Add a clause."""
        tokens = expand(pattern, PATTERNS, self.random)
        if self.spoiled:
            tokens = forget_words(tokens, 0.07, self.random)
        letters = sorted({token.word for token in tokens} & set("ABC"))
        fillings = self._fillings(kind, letters) if letters else {}
        counted = not (kind == "homes" and self.present)
        for token in tokens:
            filling = fillings.get(token.word)
            if token.mark and counted:
                self.place = NOT_SAID if token.mark == "0" else fillings[token.mark][1]
            if filling is None:
                self.say(self._agree(token))
            else:
                self._say_city(filling[0])
        self.present |= kind == "stays"

    def _agree(self, token: Token) -> str:
        before = self.words[-1] if self.words else ""
        return _AGREEMENT.get((before, token.word), token.word)

    def _say_city(self, name: str) -> None:
        """Say a city, now and then with a word before or behind that changes nothing."""
        random, place = self.random, self.place
        if self.spoiled and random.random() < 0.04:
            self.place = self.labels[-1] if self.labels else NOT_SAID
            self.say(random.choice(_BEFORE_CITY))
            self.place = place
        self.say(name)
        if self.spoiled and random.random() < 0.04:
            self.say(random.choice(_AFTER_CITY))

    def _fillings(self, kind: str, letters: list[str]) -> dict[str, tuple[str, int]]:
        """Which city stands for which letter: its name and its label."""
        random = self.random
        unused = [i for i in range(len(CITIES)) if i not in self.used]
        cities = random.sample(unused, len(letters))
        if kind in OTHERWISE and kind != "negations" and self.used and random.random() < 0.12:
            cities[0] = random.choice(sorted(self.used))
        self.used.update(cities)
        named = {letter: (CITIES[i].lower(), i) for letter, i in zip(letters, cities, strict=True)}
        if self.spoiled and random.random() < 0.015:  # a city that the model does not know
            named[random.choice(letters)] = (UNKNOWN, NOT_SAID)
        return named


def make_example(random: Random, mixture: Mixture) -> Example:
    """Make up a text; in the exam, one of its clauses has a pattern that was never trained on."""
    text = _Text(random, mixture.spoiled)
    count = random.choices((1, 2, 3), mixture.clauses)[0]
    new = random.randrange(count) if mixture is EXAM else -1
    if mixture.around and random.random() < 0.1:
        text.add("openers", random.choice(PATTERNS["openers"]))
    for clause in range(count):
        kind = _choose_kind(text, mixture)
        _join(text, kind, clause, last=clause == count - 1)
        text.add(kind, random.choice(select(PATTERNS[kind], clause == new)))
    while mixture.around and random.random() < 0.16:
        text.say(random.choice(("", "", "", "so", "and")))
        text.add("follow_ups", random.choice(PATTERNS["follow_ups"]))
    if mixture.around and mixture.spoiled:
        _insert_fillers(text)
    return Example(tuple(text.words), tuple(text.labels))


def _choose_kind(text: _Text, mixture: Mixture) -> str:
    """What the next clause says."""
    nothing = text.place == NOT_SAID
    weights = mixture.stay if text.present else mixture.nothing if nothing else mixture.home
    return text.random.choices((*TELLING, *OTHERWISE), weights)[0]


def _join(text: _Text, kind: str, clause: int, last: bool) -> None:
    """Say the conjunction in front of a clause, if any."""
    random = text.random
    if clause == 0:
        if not last and kind in ("homes", *OTHERWISE) and random.random() < 0.15:
            text.say(random.choice(_SUBORDINATE))
    elif kind in OTHERWISE and random.random() < 0.35:
        text.say(random.choice((*_SUBORDINATE, "because")))
    else:
        text.say(random.choice(_JOINTS))


def _insert_fillers(text: _Text) -> None:
    """Put an unknown word, or one that says nothing, somewhere in some of the texts."""
    while text.random.random() < 0.15:
        at = text.random.randrange(len(text.words) + 1)
        text.words.insert(at, text.random.choice(_FILLERS))
        text.labels.insert(at, text.labels[at - 1] if at else NOT_SAID)


def make_examples(count: int, seed: int, held_out: bool = False) -> Sequence[Example]:
    """Make up texts; the same seed makes the same ones."""
    random = Random(seed)
    return [make_example(random, EXAM if held_out else TRAINING) for _ in range(count)]


def make_first_examples(count: int, seed: int) -> Sequence[Example]:
    """Make up short texts to begin with."""
    random = Random(seed)
    return [make_example(random, FIRST) for _ in range(count)]


def make_last_examples(count: int, seed: int) -> Sequence[Example]:
    """Make up texts to end with, mixed as people would say them."""
    random = Random(seed)
    return [make_example(random, LAST) for _ in range(count)]
