"""The grammars: what they make up, and that every word has the answer it should have."""

from collections import Counter
from random import Random

import pytest

from app.core.grammars import GRAMMARS, UNKNOWN, place, sentiment
from app.core.grammars.base import HELD_OUT, Token, expand, select
from app.core.grammars.place import CITIES, LABELS, NOT_SAID, OTHERWISE, PATTERNS, TELLING
from app.core.text import split_words


class First(Random):
    """Always takes the first choice."""

    def choice(self, seq):
        return seq[0]


def test_a_pattern_expands_to_words_with_marks_where_the_answer_changes():
    tokens = expand(
        "i (live|stay) in A* or live*B {=bit} {kin}", {"kin": ["a son"], "bit": ["x"]}, First()
    )
    assert tokens == [
        Token("i"),
        Token("live"),
        Token("in"),
        Token("A", "A"),
        Token("or"),
        Token("live", "B"),
        Token("x"),
        Token("a", open=True),
        Token("son", open=True),
    ]


def test_a_mark_after_brackets_goes_to_the_last_word_in_them():
    tokens = expand("(so do)*A i", {}, First())
    assert [token.mark for token in tokens] == ["", "A", ""]


def test_brackets_that_do_not_close_are_refused():
    with pytest.raises(ValueError, match="unbalanced"):
        expand("in (A", {}, First())
    with pytest.raises(ValueError, match="unbalanced"):
        expand("in A)", {}, First())


@pytest.mark.parametrize("name", GRAMMARS)
def test_the_same_seed_makes_the_same_sentences_and_another_makes_others(name):
    make = GRAMMARS[name].make_examples
    assert make(50, 3, False) == make(50, 3, False)
    assert make(50, 3, False) != make(50, 4, False)


@pytest.mark.parametrize("name", GRAMMARS)
@pytest.mark.parametrize("held_out", [False, True])
def test_every_word_has_a_label_and_can_be_typed(name, held_out):
    grammar = GRAMMARS[name]
    for example in grammar.make_examples(2_000, 1, held_out):
        assert len(example.words) == len(example.labels) > 0
        assert set(example.labels) <= set(range(len(grammar.labels)))
        typed = " ".join(word for word in example.words if word != UNKNOWN)
        assert [word.key for word in split_words(typed)] == typed.split()


@pytest.mark.parametrize("patterns", [place.PATTERNS, sentiment.PATTERNS])
def test_every_pattern_of_every_section_can_be_filled(patterns):
    classes = {**patterns, "subject": ["film"]}
    for lines in patterns.values():
        assert lines
        for line in lines:
            expand(line, classes, Random(0))


@pytest.mark.parametrize(
    ("patterns", "sections"),
    [
        (place.PATTERNS, [*TELLING, *OTHERWISE]),
        (sentiment.PATTERNS, ["positive", "negative", "but_positive", "but_negative"]),
    ],
)
def test_held_out_patterns_are_in_every_section_and_never_among_those_trained_on(
    patterns, sections
):
    for section in sections:
        trained, held_out = (select(patterns[section], which) for which in (False, True))
        assert trained
        assert held_out
        assert not set(trained) & {pattern.removeprefix(HELD_OUT) for pattern in held_out}


def test_cities_are_exchangeable():
    final = Counter(example.labels[-1] for example in place.make_examples(20_000, 8))
    counts = [final[city] for city in range(len(CITIES))]
    assert min(counts) > 0.85 * max(counts)


def test_nothing_is_said_before_a_city_is():
    cities = {city.lower() for city in CITIES}
    for example in place.make_examples(3_000, 2):
        for word, label in zip(example.words, example.labels, strict=True):
            if word in cities:
                break
            assert label == NOT_SAID, example.words


def test_the_answer_is_a_city_that_has_been_said():
    for example in place.make_examples(3_000, 2):
        for end, label in enumerate(example.labels, 1):
            assert label == NOT_SAID or LABELS[label].lower() in example.words[:end]


@pytest.mark.parametrize("kind", OTHERWISE)
def test_a_city_that_is_only_mentioned_changes_nothing(kind):
    for pattern in PATTERNS[kind]:
        stated = {"A"} if "A*" in pattern else set()  # a stay, in front of the plan to leave it
        marks = {token.mark for token in expand(pattern, PATTERNS, Random(1)) if token.mark}
        assert marks == stated, pattern


@pytest.mark.parametrize("kind", TELLING)
def test_a_clause_that_says_where_the_speaker_is_says_so_in_every_form(kind):
    for pattern in PATTERNS[kind]:
        for seed in range(20):
            tokens = expand(pattern, PATTERNS, Random(seed))
            marks = [token.mark for token in tokens if token.mark]
            assert marks, pattern
            assert set(marks) <= {token.word for token in tokens} | {"0"}, pattern


@pytest.mark.parametrize("polarity", sentiment.LABELS)
def test_an_opinion_ends_as_its_section_says(polarity):
    mark = polarity[0].upper()
    for section in (polarity, f"but_{polarity}"):
        for pattern in sentiment.PATTERNS[section]:
            for seed in range(20):
                tokens = expand(pattern, sentiment.classes_about("food"), Random(seed))
                marks = [token.mark for token in tokens if token.mark]
                assert marks, pattern
                assert marks[-1] == mark, pattern
