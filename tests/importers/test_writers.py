"""Keras's and PyTorch's next-character models write here what they write there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import load
from app.importers.vocabulary import read_vocabulary

FOLDER = Path(__file__).parents[1] / "fixtures" / "writers"
THERE = json.loads((FOLDER / "writers.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("file", "framework"), [("writer_keras.keras", "keras"), ("writer_torch.pt", "torch")]
)
def test_the_greedy_text_is_that_of_its_framework(file, framework):
    model = load(FOLDER / file, vocabulary=THERE["characters"])
    written = THERE[framework]
    made = model.generate(THERE["beginning"], length=len(written), temperature=0)
    assert made.text == written
    assert len({*written}) > 10  # no one character again and again


@pytest.mark.parametrize(
    ("words", "splitting"),
    [
        (["[unk]", "a", " ", "\n"], "characters"),
        (["<pad>", "A", "."], "characters"),
        (["_", "a", "b"], "words"),
        (["", "a", "the"], "words"),
        (["", "a", "The"], "as_written"),
    ],
)
def test_a_vocabulary_of_single_characters_reads_a_text_character_by_character(words, splitting):
    assert read_vocabulary(json.dumps(words), 10).splitting == splitting
