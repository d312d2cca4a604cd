"""Every number of a unit's page, against a computation over the answers of `/api/step`."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from app.core.network import Dense
from app.corpus.opened import Corpus
from app.service.question import StepQuestion
from app.service.step import Task
from app.settings import Settings
from app.storage.shipped import shipped_model

QUANTITIES = ("forget_gate", "candidate", "hidden_state", "cell_state")
ROUNDING = 2.0**-11
"""The largest error of a number that is kept as float16, relative to it."""


@pytest.fixture(scope="module")
def opened(corpus) -> Corpus:
    return Corpus.open(corpus)


@pytest.fixture(scope="module")
def traced(texts: Path) -> list[tuple[int, dict]]:
    """Number and answer of each text that is not empty."""
    lines = texts.read_text("utf-8").split("\n")
    model, settings = shipped_model("place"), Settings()
    return [
        (number, Task.of(StepQuestion(sentence=line, model="place"), model, settings).answer())
        for number, line in enumerate(lines)
        if line.strip()
    ]


def column(traced, quantity: str, unit: int) -> np.ndarray:
    return np.array([step[quantity][unit] for _, answer in traced for step in answer["steps"]])


def near(value: float, kept: np.ndarray | float) -> np.ndarray:
    return np.abs(np.asarray(kept) - value) <= ROUNDING * np.maximum(np.abs(value), 2.0**-14)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("unit", [0, 5])
def test_the_numbers_of_a_unit_are_those_of_its_steps(opened, traced, quantity, unit):
    page, values = opened.unit(unit, None, quantity), column(traced, quantity, unit)
    assert page["count"] == len(values)
    for name, found in (
        ("mean", values.mean()),
        ("deviation", values.std()),
        ("minimum", values.min()),
        ("maximum", values.max()),
    ):
        assert page[name] == pytest.approx(found, abs=ROUNDING)
    low, high = {"forget_gate": (0.1, 0.9), "cell_state": (-1.47222, 1.47222)}.get(
        quantity, (-0.9, 0.9)
    )
    rounded = values.astype(np.float16).astype(float)
    assert page["saturation"]["low"] == pytest.approx((rounded < low).mean(), abs=1e-3)
    assert page["saturation"]["high"] == pytest.approx((rounded > high).mean(), abs=1e-3)
    edges = page["histogram"]["edges"]
    counted = np.histogram(rounded, edges)[0]
    assert sum(page["histogram"]["counts"]) == len(values)
    # a value on an edge may be rounded to the other side of it
    assert np.abs(counted - page["histogram"]["counts"]).sum() <= 0.01 * len(values)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize(("end", "sign"), [("highest", 1), ("lowest", -1)])
def test_places_are_the_best_of_each_sentence_the_earlier_first(
    opened, traced, quantity, end, sign
):
    best = []
    for number, answer in traced:
        values = sign * np.array([step[quantity][3] for step in answer["steps"]])
        best.append((-values.max(), number, int(values.argmax()) + 1, answer))
    best.sort(key=lambda row: row[:2])
    places = opened.unit(3, None, quantity)[end]
    assert len(places) == 20
    by_number = {number: answer for _, number, _, answer in best}
    for place, (value, *_) in zip(places, best, strict=False):
        assert near(-sign * value, place["value"])
        answer = by_number[place["sentence"]]
        step = answer["steps"][place["timestep"] - 1]
        assert near(step[quantity][3], place["value"])
        assert place["tokens"][place["timestep"] - place["first"]] == step["token"]
        words = [each["text"] for each in answer["tokens"]]
        begin = place["first"] - 1
        assert place["tokens"] == words[begin : place["timestep"] + 6]
        around = [each[quantity][3] for each in answer["steps"][begin : place["timestep"] + 6]]
        assert all(near(*pair) for pair in zip(around, place["values"], strict=True))
    ranks = [(-sign * place["value"], place["sentence"]) for place in places]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_words_have_their_mean_and_what_they_change(opened, traced, quantity):
    at, change = defaultdict(list), defaultdict(list)
    for _, answer in traced:
        before = 0.0 if quantity.endswith("state") else None
        for step in answer["steps"]:
            value, word = step[quantity][2], step["token"].lower()
            at[word].append(value)
            if before is not None:
                change[word].append(value - before)
            before = value
    common = {word for word, values in at.items() if len(values) >= 5}
    found = opened.unit(2, None, quantity)["tokens"]
    assert len(found) == min(50, len(common))
    assert {row["token"] for row in found} <= common
    for row in found:
        assert row["count"] == len(at[row["token"]])
        assert row["mean"] == pytest.approx(np.mean(at[row["token"]]), abs=ROUNDING)
        changes = change[row["token"]]
        if changes:
            assert row["effect"] == pytest.approx(np.mean(changes), abs=2 * ROUNDING * 2)
        else:
            assert row["effect"] is None
    means = sorted((np.mean(at[word]) for word in common), reverse=True)
    assert [row["mean"] for row in found] == sorted((r["mean"] for r in found), reverse=True)
    assert found[0]["mean"] == pytest.approx(means[0], abs=ROUNDING)
    assert found[-1]["mean"] == pytest.approx(means[-1], abs=ROUNDING)


def test_similar_units_are_those_that_correlate(opened, traced):
    values = np.stack([column(traced, "hidden_state", unit) for unit in range(8)])
    expected = np.corrcoef(values)[4]
    found = opened.unit(4)["similar"]
    assert len(found) == 7
    for row in found:
        assert row["correlation"] == pytest.approx(expected[row["unit"]], abs=1e-3)
    strengths = [abs(row["correlation"]) for row in found]
    assert strengths == sorted(strengths, reverse=True)


def test_a_unit_pushes_a_label_by_its_weight_times_its_mean(opened, traced):
    dense = shipped_model("place").network.head[-1]
    assert isinstance(dense, Dense)
    kernel = dense.kernel
    mean = column(traced, "hidden_state", 1).mean()
    for place, row in enumerate(opened.unit(1)["labels"]):
        assert row["label"] == shipped_model("place").labels[place]
        assert row["weight"] == pytest.approx(kernel[1, place], rel=1e-6)
        assert row["effect"] == pytest.approx(kernel[1, place] * mean, abs=1e-2)


def test_the_sentences_of_a_corpus_are_answered_as_the_model_answers(opened, traced):
    for number, answer in traced[::17]:
        told = opened.sentence(number)
        assert told["tokens"] == [token["text"] for token in answer["tokens"]]
        assert told["token_ids"] == [token["id"] for token in answer["tokens"]]
        probabilities = np.array(answer["prediction"]["by_timestep"])
        labels = answer["prediction"]["labels"]
        assert told["answers"] == [labels[row.argmax()] for row in probabilities]
        assert np.allclose(told["probabilities"], probabilities.max(axis=1), atol=1e-6)


def test_a_word_has_all_its_places_and_what_each_gate_did_there(opened, traced):
    everywhere = [
        (number, step["timestep"], step)
        for number, answer in traced
        for step in answer["steps"]
        if step["token"].lower() == "in"
    ]
    found = opened.word("In", unit=6)
    assert found["count"] == len(everywhere)
    for context, (number, timestep, step) in zip(found["contexts"], everywhere, strict=False):
        assert (context["sentence"], context["timestep"]) == (number, timestep)
        for quantity in QUANTITIES:
            assert near(step[quantity][6], context["values"][quantity]).all()
