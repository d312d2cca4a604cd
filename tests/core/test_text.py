"""Words and ids, against what Keras makes of the same sentences."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import SEPARATORS, Hashing, WordList, split_words

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sentences.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", REFERENCE, ids=lambda case: repr(case["sentence"][:20]))
def test_words_and_ids_are_keras_own(case):
    words = split_words(case["sentence"])
    assert [word.key for word in words] == case["words"]
    assert [Hashing(50_000).id_of(word.key) for word in words] == case["ids"]


@given(st.text())
def test_words_keep_their_own_spelling(sentence):
    for word in split_words(sentence):
        assert word.text in sentence
        assert not set(word.text) & set(SEPARATORS + " ")


@given(st.text(min_size=1))
def test_hashed_ids_are_rows_of_the_embedding_and_never_padding(key):
    assert 1 <= Hashing(50_000).id_of(key.encode("utf-8", "ignore").decode()) <= 49_999


def test_a_word_list_sends_strangers_to_the_unknown_row():
    vocabulary = WordList.of(("", "[UNK]", "good", "day"))
    assert [vocabulary.id_of(word) for word in ("good", "day", "night")] == [2, 3, 1]
    assert vocabulary.knows("good")
    assert not vocabulary.knows("night")
    assert vocabulary.word_of(3) == "day"
    assert vocabulary.word_of(9) is None
