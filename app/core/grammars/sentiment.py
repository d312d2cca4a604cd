"""Was the speaker pleased? Short opinions, with the answer after every word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from .base import UNKNOWN, Example, Token, expand, forget_words, read_patterns, select

PATTERNS = read_patterns("sentiment.txt")
LABELS = ("negative", "positive")
OPPOSITE = {"positive": "negative", "negative": "positive"}
SUBJECTS = ("film", "food", "book", "phone", "hotel", "service")

_MARKS = {"N": 0, "P": 1}
_AND = ("and", "and", "and", "", "", "so", "also", "because")
_BUT = ("but", "but", "but", "yet", "and yet", "however", "but still", "but overall")
_ALTHOUGH = ("although", "though", "even though", "while")


@cache
def classes_about(subject: str) -> Mapping[str, Sequence[str]]:
    """The classes of words for one kind of subject: its own words among the general ones."""
    return {
        **PATTERNS,
        "subject": PATTERNS[f"{subject}_subject"],
        "good": [*PATTERNS["good"], *PATTERNS[f"{subject}_good"]],
        "bad": [*PATTERNS["bad"], *PATTERNS[f"{subject}_bad"]],
    }


def make_example(random: Random, held_out: bool) -> Example:
    """Make up a text; a held-out one has one clause whose pattern was never trained on.

    In those to train on, some words are made unknown.
    """
    classes = classes_about(random.choice(SUBJECTS))
    polarity = random.choice(LABELS)

    def clause(section: str, new: bool = held_out) -> list[Token]:
        pattern = random.choice(select(PATTERNS[section], new))
        tokens = expand(pattern, classes, random)
        return tokens if held_out else forget_words(tokens, 0.1, random)

    def say(words: Sequence[str]) -> list[Token]:
        return [Token(word) for word in random.choice(words).split()]

    shape = random.choices(
        ("one", "two", "but", "joined", "although", "despite"), (42, 14, 16, 14, 7, 7)
    )
    match shape[0]:
        case "one":
            tokens = clause(polarity)
        case "two":
            tokens = clause(polarity, False) + say(_AND) + clause(polarity)
        case "but":
            tokens = clause(f"but_{polarity}")
        case "joined":
            tokens = clause(OPPOSITE[polarity], False) + say(_BUT) + clause(polarity)
        case "although":
            tokens = say(_ALTHOUGH) + _unmark(clause(OPPOSITE[polarity], False)) + clause(polarity)
        case _:
            tokens = clause(polarity) + say(_ALTHOUGH) + _unmark(clause(OPPOSITE[polarity], False))
    if random.random() < 0.2:
        tokens = clause("neutral", False) + say(("", "and", "but")) + tokens
    if random.random() < 0.12:
        tokens += clause("tails", False)
    while not held_out and random.random() < 0.2:
        tokens.insert(random.randrange(len(tokens) + 1), Token(UNKNOWN))
    return _label(tokens, random)


def _unmark(tokens: list[Token]) -> list[Token]:
    """A subordinate clause decides nothing."""
    return [token._replace(mark="") for token in tokens]


def _label(tokens: list[Token], random: Random) -> Example:
    """Give every word its label; before anything is decided, a coin is tossed."""
    label, labels = None, []
    for token in tokens:
        if token.mark:
            label = _MARKS.get(token.mark)
        labels.append(random.randrange(2) if label is None else label)
    return Example(tuple(token.word for token in tokens), tuple(labels))


def make_examples(count: int, seed: int, held_out: bool = False) -> Sequence[Example]:
    """Make up texts; the same seed makes the same ones."""
    random = Random(seed)
    return [make_example(random, held_out) for _ in range(count)]
