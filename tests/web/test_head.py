"""The weights that make an answer: with the hidden states of `/api/step` they give its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.network import (
    ACTIVATIONS,
    Activation,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    HeadLayer,
    LastTimestep,
    Network,
    Pooling,
    Recurrent,
)
from app.core.text import Hashing
from app.main import create_app
from app.settings import Settings

WORDS = "one two three one four"
UNITS, FEATURES, TOKENS = 4, 3, 50


def drawn(name: str, *head: HeadLayer, merged: str = "", returns: bool = True) -> Model:
    """A small model with this head, on two directions where they are merged."""
    random, cell = np.random.RandomState(5), CELLS["lstm"]
    weights = [draw_weights(cell, FEATURES, UNITS, random) for _ in range(2)]
    one = Recurrent("lstm", cell, weights[0], returns)
    layer = one
    if merged:
        back = Recurrent("lstm_back", cell, weights[1], returns, go_backwards=True)
        layer = Bidirectional("both", one, back, merged)
    table = random.uniform(-1, 1, (TOKENS, FEATURES)).astype(np.float32)
    return Model(
        id=name,
        title=name,
        description="",
        provenance={"kind": "seeded", "seed": 5},
        network=Network((Embedding("embedding", table), layer, *head)),
        vocabulary=Hashing(TOKENS),
        labels=("a", "b", "c"),
    )


def dense(inputs: int, activation: str = "softmax", name: str = "dense") -> Dense:
    random = np.random.RandomState(inputs)
    kernel = random.uniform(-1, 1, (inputs, 3)).astype(np.float32)
    return Dense(name, kernel, random.uniform(-1, 1, 3).astype(np.float32), activation)


MODELS = {
    model.id: model
    for model in (
        drawn("last", LastTimestep("last"), dense(UNITS)),
        drawn("last-row", dense(UNITS), returns=False),
        drawn("each", dense(UNITS)),
        drawn("flatten", Flatten("flat"), dense(20 * UNITS)),
        drawn("average", Pooling("pool", "average"), dense(UNITS)),
        drawn("max", Pooling("pool", "max"), dense(UNITS)),
        drawn("apart", LastTimestep("last"), dense(UNITS, "linear"), Activation("s", "softmax")),
    )
}
BOTH = {
    model.id: model
    for model in (
        drawn("both-final", dense(2 * UNITS), merged="concat", returns=False),
        drawn("both-last", LastTimestep("last"), dense(2 * UNITS), merged="concat"),
        drawn("both-flat", Flatten("flat"), dense(40 * UNITS), merged="concat"),
        drawn("both-max", Pooling("pool", "max"), dense(2 * UNITS), merged="concat"),
    )
}
REFUSED = {
    "hidden": drawn("hidden", LastTimestep("l"), dense(UNITS, "tanh", "first"), dense(3)),
    "merged": drawn("merged", LastTimestep("l"), dense(UNITS), merged="sum"),
    "none": drawn("none"),
}


@pytest.fixture(scope="module")
def heads():
    app = create_app(Settings())
    app.state.registry.models |= MODELS | BOTH | REFUSED
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def read(hidden: np.ndarray, how: str) -> np.ndarray:
    """What the dense layer reads, by the answer's own word for it."""
    return {
        "each": lambda: hidden[-1],
        "last": lambda: hidden[-1],
        "flatten": hidden.ravel,
        "average": lambda: hidden.mean(axis=0),
        "max": lambda: hidden.max(axis=0),
    }[how]()


@pytest.mark.parametrize("name", [*MODELS, "article"])
def test_hidden_states_times_the_heads_weights_give_the_probabilities(heads, name):
    answer = heads.post("/api/step", json={"sentence": WORDS, "model": name}).json()
    hidden = np.array([step["hidden_state"] for step in answer["steps"]])
    head = {}
    for timesteps, shown in enumerate(answer["prediction"]["by_timestep"], 1):
        head = heads.get(f"/api/models/{name}/head?timesteps={timesteps}").json()
        x = read(hidden[:timesteps], head["reads"])
        sums = x @ np.array(head["kernel"]) + head["bias"]
        outputs = ACTIVATIONS[head["activation"]](sums)
        expected = [1 - outputs[0], outputs[0]] if len(outputs) == 1 else outputs
        assert np.allclose(shown, expected, atol=1e-5)
    assert head["labels"] == answer["prediction"]["labels"]


@pytest.mark.parametrize("name", BOTH)
def test_two_directions_side_by_side_give_the_probabilities(heads, name):
    head = heads.get(f"/api/models/{name}/head?timesteps=5").json()
    assert [one["units"] for one in head["directions"]] == [UNITS, UNITS]
    question = {"sentence": WORDS, "model": name}
    answers = [
        heads.post("/api/step", json=question | {"layer": one["layer"]}).json()
        for one in head["directions"]
    ]
    forward, backward = (
        np.array([step["hidden_state"] for step in answer["steps"]]) for answer in answers
    )
    final = head["reads"] == "final"
    assert final == (name == "both-final")
    whole = np.concatenate([forward, backward[:1].repeat(5, 0) if final else backward], axis=1)
    x = read(whole, "last" if final else head["reads"])
    outputs = ACTIVATIONS[head["activation"]](x @ np.array(head["kernel"]) + head["bias"])
    assert np.allclose(answers[0]["prediction"]["probabilities"], outputs, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "why"),
    [("hidden", "hidden layers"), ("merged", "two directions"), ("none", "no dense layer")],
)
def test_a_head_that_is_no_single_sum_says_why_it_cannot_be_opened(heads, name, why):
    answer = heads.get(f"/api/models/{name}/head")
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_a_head_of_a_model_that_is_not_there_is_not_found(heads):
    assert heads.get("/api/models/nope/head").status_code == 404


def test_a_flattening_head_has_rows_for_the_timesteps_asked_for(heads):
    for timesteps in (1, 2, 7):
        head = heads.get(f"/api/models/article/head?timesteps={timesteps}").json()
        assert len(head["kernel"]) == 3 * timesteps
    assert heads.get("/api/models/article/head?timesteps=0").status_code == 422


def test_a_head_too_large_to_send_is_refused_with_the_limit():
    app = create_app(Settings(max_numbers=5))
    app.state.registry.models |= MODELS
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/models/last/head")
    assert answer.status_code == 413
    assert "the limit is 5" in answer.json()["detail"]
