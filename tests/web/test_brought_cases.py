"""What a visitor gets for the files of fixtures/cases/, by the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
INPUTS = [[0.5, -1, 0.25], [1, 0.5, -0.5], [-0.75, 0.25, 1], [0.1, -0.2, 0.3]]


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def bring(server: TestClient, name: str, **fields: str):
    data = (CASES / name).read_bytes()
    return server.post("/api/models", files={"file": (name, data)}, data=fields)


def step(server: TestClient, name: str, inputs: list | None = None, **body: object):
    model = bring(server, name).json()["id"]
    return server.post(
        "/api/step", json={"model": model, "inputs": INPUTS if inputs is None else inputs} | body
    )


def test_a_layer_that_gives_its_cell_state_returns_it(server):
    found = step(server, "k3_output_is_cell_state.keras").json()
    assert np.allclose(found["output"], [0.357854, -0.230635], atol=1e-6)
    assert found["output"] == found["steps"][-1]["cell_state"]


def test_a_configuration_and_its_weights_are_brought_together(server):
    imports = CASES.parent / "imports"
    names = ("old_named_words.json", "old_named_words.h5")
    files = [("file", (name, (imports / name).read_bytes())) for name in names]
    brought = server.post("/api/models", files=files)
    assert brought.status_code == 201
    assert brought.json()["detected"]["format"] == "Keras (.json and its weights)"
    alone = server.post("/api/models", files=files[:1])
    assert alone.status_code == 415
    assert "old_named_words.json is the configuration" in alone.json()["detail"]


def test_a_model_that_no_request_could_ask_says_so_when_it_is_brought():
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        refused = bring(client, "flatten_500.keras")
    assert refused.status_code == 413
    detail = refused.json()["detail"]
    assert "sequences of 500 timesteps" in detail
    assert "LSTM_VIZ_MAX_TOKENS=500" in detail
    with TestClient(create_app(Settings(max_tokens=500))) as client:
        model = bring(client, "flatten_500.keras").json()["id"]
        found = client.post("/api/step", json={"model": model, "token_ids": [1, 2, 3]})
        assert len(found.json()["steps"]) == 500
    with TestClient(create_app(Settings(max_numbers=3)), raise_server_exceptions=False) as client:
        assert "LSTM_VIZ_MAX_NUMBERS=" in bring(client, "repeat_vector.keras").json()["detail"]
    with TestClient(create_app(Settings(max_tokens=3)), raise_server_exceptions=False) as client:
        assert "writes sequences of 4" in bring(client, "repeat_vector.keras").json()["detail"]


def test_what_is_worked_out_for_hidden_states_is_refused_of_a_cell_state(server):
    found = step(server, "k2_reads_cell_state.h5", include=["memory"])
    assert found.json()["prediction"]["output"] == pytest.approx([-1.238069], abs=1e-6)
    refused = step(server, "k2_reads_cell_state.h5", include=["gradients"])
    assert refused.status_code == 422
    assert "read off the cell state of lstm" in refused.json()["detail"]
    assert "Ask for attributions or memory" in refused.json()["detail"]


def test_scores_of_what_reads_a_cell_state_are_the_shares_of_the_ledger(server):
    units = [
        step(server, "k2_reads_cell_state.h5", include=["memory", "attributions"], unit=unit).json()
        for unit in (0, 1)
    ]
    found, shares = units[0]["attributions"], [one["memory"]["contributions"][-1] for one in units]
    scores = [found["initial_state"], *found["scores"]]
    assert sum(scores) + found["bias"] == pytest.approx(-1.238069, abs=1e-6)
    # two units, one weight each: the scores are a sum of two rows of the ledger
    rows = np.array(shares, np.float64).T
    weights, *_ = np.linalg.lstsq(rows, np.array(scores), rcond=None)
    assert np.abs(rows @ weights - scores).max() < 1e-6


@pytest.mark.parametrize("length", [2, 4, 7])
def test_a_decoder_has_its_own_timesteps_whatever_the_encoder_reads(server, length):
    inputs = (INPUTS * 2)[:length]
    include = ["memory", "gradients", "attributions"]
    encoder = step(server, "repeat_vector.keras", inputs, include=include[:2]).json()
    assert len(encoder["steps"]) == len(encoder["gradients"]["hidden_state"]) == length
    decoder = step(server, "repeat_vector.keras", inputs, layer="lstm_8", include=include).json()
    assert len(decoder["steps"]) == len(decoder["tokens"]) == 4
    assert np.shape(decoder["prediction"]["output"]) == (4, 1)
    assert decoder["prediction"]["by_timestep"] is None
    scores = decoder["attributions"]
    total = sum(scores["scores"]) + scores["initial_state"] + scores["bias"]
    assert total == pytest.approx(scores["logit"], abs=1e-5)


def test_the_gradient_of_an_encoder_is_that_of_small_changes(server):
    model = bring(server, "repeat_vector.keras").json()["id"]
    body = {"model": model, "inputs": INPUTS, "include": ["gradients"]}
    norm = server.post("/api/step", json=body).json()["gradients"]["input"][1]
    slopes = []
    for feature in range(3):
        answers = []
        for change in (1e-2, -1e-2):
            moved = [list(row) for row in INPUTS]
            moved[1][feature] += change
            found = server.post("/api/step", json={"model": model, "inputs": moved}).json()
            answers.append(found["prediction"]["output"][-1][0])
        slopes.append((answers[0] - answers[1]) / 2e-2)
    assert np.linalg.norm(slopes) == pytest.approx(norm, rel=2e-3)
