"""A writer from one's own text, and a forecaster from one's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.core.cells import CELLS
from app.core.errors import BadInput, TooLarge
from app.core.modelfile import read, to_bytes
from app.jobs.training_run import (
    TrainingPlan,
    check_size,
    check_text,
    learn,
    model_of,
    prepare,
    read_series,
    sample_of,
)
from app.main import create_app
from app.service.generation import next_of
from app.settings import Settings
from tests.web.test_train import events_of, start

TEXT = "the cat sat on the mat. the dog sat on the log. " * 40
SINE = 1000 + 50 * np.sin(np.arange(200) / 4)
CSV = "value;other\n" + "\n".join(f"{x:.2f};{-x:.1f}" for x in SINE)


def test_a_text_becomes_a_model_that_writes_its_words():
    plan = TrainingPlan("Cats", text=check_text(TEXT), units=24, features=12, epochs=10)
    check_size(plan)
    prepared = prepare(plan)
    epochs = list(learn(prepared))
    first, last = (model_of(prepared, epochs[k], "cats") for k in (0, -1))
    untrained, written = (sample_of(prepared, model)["sample"] for model in (first, last))
    assert len(untrained) == len(written) == 220
    known = [text[20:].split() for text in (untrained, written)]  # after their beginning
    shares = [np.mean([word in TEXT.split() for word in words]) for words in known]
    assert shares[0] < 0.1 < 0.5 < shares[1]
    assert sample_of(prepared, last)["sample"] == written
    assert next_of(last).kind == "tokens"
    again = read(to_bytes(last), "cats")
    assert again.vocabulary is not None
    assert (again.vocabulary.tokens, again.card["example"]) == ("characters", TEXT[:40])


@pytest.mark.parametrize("cell", CELLS)
def test_a_forecaster_reads_and_says_numbers_as_they_are(cell):
    plan = TrainingPlan("Waves", series=read_series(CSV), units=8, epochs=3, cell=cell)
    check_size(plan)
    prepared = prepare(plan)
    *_, last = learn(prepared)
    assert last.accuracy is None
    model, scale = model_of(prepared, last, "waves"), prepared.scale
    assert scale is not None
    rows = np.array(plan.series)
    said = model.network.run(rows[np.newaxis, :60].astype(np.float32)).by_timestep
    scaled = last.network.run(scale.applied(rows)[np.newaxis, :60]).by_timestep
    assert said is not None
    assert scaled is not None
    assert said[0] == pytest.approx(scaled[0] * scale.deviation + scale.mean, rel=1e-4)
    made = sample_of(prepared, model)["forecast"]
    assert np.shape(made["said"]) == np.shape(made["came"]) == (24, 2)
    assert made["came"] == pytest.approx(np.float32(rows[-24:]))
    assert next_of(model).kind == "numbers"


@pytest.mark.parametrize(
    ("text", "error", "fragment"),
    [
        ("short", BadInput, "has 5 characters, and at least 200"),
        ("a" * 300, BadInput, "has 1 different"),
        ("ab" * 100_001, TooLarge, "has 200,002 bytes; the limit is 200,000"),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 600))), BadInput, "has 600 different"),
    ],
)
def test_a_text_that_nothing_can_be_learned_from_is_refused(text, error, fragment):
    with pytest.raises(error, match=fragment):
        check_text(text)


@pytest.mark.parametrize(
    ("text", "error", "fragment"),
    [
        ("", BadInput, "has 0 rows"),
        ("value\n1\n2", BadInput, "has 2 rows of numbers, and at least 40"),
        ("1\n" * 20_001, TooLarge, "has 20,001 rows; the limit is 20,000"),
        ("day,value\n" + "monday,1\n" * 40, BadInput, "Row 1: 'monday' is not a finite number"),
        ("1,2\n" * 39 + "1\n", BadInput, "Row 40 has 1 columns, the first one 2"),
        ("1\n" * 39 + "inf\n", BadInput, "Row 40: 'inf' is not a finite number"),
        (",".join(["1"] * 17) + "\n" + "1\n" * 40, BadInput, "A row has 17 columns"),
    ],
)
def test_a_series_of_anything_but_numbers_is_refused(text, error, fragment):
    with pytest.raises(error, match=fragment):
        read_series(text)


def test_each_epoch_brings_a_sample_or_a_forecast_and_the_last_is_a_model():
    with TestClient(create_app(Settings())) as client:
        small = {"units": 4, "features": 4, "epochs": 2}
        jobs = [start(client, small | given) for given in ({"text": TEXT}, {"series": CSV})]
        texts = [events_of(client.get(f"/api/train/{job}/events").text) for job in jobs]
        rows = [[row for _, name, row in events if name == "epoch"] for events in texts]
        assert [len(each) for each in rows] == [3, 3]
        assert all(row["sample"].startswith(TEXT[:20]) for row in rows[0])
        assert all(np.shape(row["forecast"]["said"]) == (24, 2) for row in rows[1])
        assert all(row["accuracy"] is None for row in rows[1])
        for events, given in zip(texts, ({"sentence": "the"}, {"inputs": [[1, 2]]}), strict=True):
            model = events[-1][2]["model"]["id"]
            made = client.post("/api/generate", json={"model": model, "length": 2} | given)
            assert made.status_code == 200, made.text
