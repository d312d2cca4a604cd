"""The shipped model `writer`: near its documents' entropy, and what it writes is JSON."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from app.core.modelfile import read_file
from tools.train_models.json_documents import DEEPEST, make_documents
from tools.train_models.writer import END, HELD_OUT_COUNT, RECIPE, judge, marks_of, sample

PATH = Path(__file__).parents[2] / "app" / "models" / "writer.safetensors"


@pytest.fixture(scope="module")
def model():
    return read_file(PATH)


@pytest.fixture(scope="module")
def judged(model):
    return judge(model, count=240, samples=100)


def test_its_loss_is_at_most_a_twentieth_above_the_entropy_of_what_made_the_documents(judged):
    assert judged.entropy < judged.loss < 1.05 * judged.entropy


def test_most_documents_that_it_makes_up_parse(judged):
    assert judged.parse[0.8] >= 0.95
    assert judged.parse[0.5] >= 0.99


def test_a_unit_holds_the_depth_and_all_together_that_a_string_is_open(judged):
    assert abs(judged.depth.correlation) >= 0.9
    assert judged.depth.together >= 0.95
    assert judged.in_string.together >= 0.95


def test_its_card_says_how_it_was_made_and_what_was_measured(model, judged):
    assert PATH.stat().st_size < 150_000
    assert f"{RECIPE.documents:,} documents for {RECIPE.epochs} epochs" in model.card["training"]
    measured = model.card["measured"]
    assert f"on {HELD_OUT_COUNT:,} other documents" in measured["cross_entropy"]
    assert f"unit {judged.depth.unit}'s cell state" in measured["depth"]
    assert set(model.card["example"]) < set(model.labels)


def test_it_closes_what_is_open(model):
    """What the greedy model writes after a beginning with three levels and a string open."""
    text = '{"home":{"likes":["ri'
    states, ids = None, None
    for _ in range(200):
        ids = np.array([[model.vocabulary.ids[character] for character in text]])
        said = model.network.run(ids, states).by_timestep
        text += model.labels[int(said[0, -1].argmax())]
        if text.endswith(END):
            break
    assert json.loads(text)["home"]["likes"][0] == "rice"


def test_documents_are_json_with_known_probability_and_depth():
    documents = make_documents(200, 3)
    assert documents == make_documents(200, 3)
    for text, nats in documents:
        json.loads(text)
        assert 0 < nats < 5 * len(text)
        marks = marks_of(text)
        assert marks[-1] == (False, 0)
        assert 1 <= max(depth for _, depth in marks) <= DEEPEST


def test_the_entropy_is_the_surprise_of_the_rarest_choices_too():
    """A document's probability, worked out by hand."""
    seen = dict(make_documents(3_000, 4))
    # an object, one of eleven keys, one of three literals, and no other pair
    expected = -math.log(0.8 / 11 / 3 * 0.4)
    assert seen['{"open":null}'] == pytest.approx(expected)


def test_a_sample_ends_by_itself(model):
    texts = [sample(model, 0.5, np.random.default_rng(seed)) for seed in range(5)]
    assert all(text.endswith(END) for text in texts)
