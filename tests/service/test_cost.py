"""What a run costs is known over all layers, and refused, before anything is computed."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.errors import TooLarge
from app.core.model import Model
from app.core.network import Dense, Embedding, Flatten, Network, Recurrent
from app.core.text import WordList
from app.main import create_app
from app.service.cost import check_cost
from app.service.question import StepQuestion
from app.service.step import Task
from app.service.summaries import layer_weights, model_row
from app.settings import Settings

LSTM = CELLS["lstm"]
RANDOM = np.random.RandomState(0)


def recurrent(name: str, features: int, units: int) -> Recurrent:
    return Recurrent(name, LSTM, draw_weights(LSTM, features, units, RANDOM), True)


def dense(inputs: int, outputs: int) -> Dense:
    bias = np.zeros(outputs, np.float32)
    return Dense("dense", np.broadcast_to(np.float32(0), (inputs, outputs)), bias, "softmax")


def model_of(*layers, labels: int = 0, words: bool = True) -> Model:
    return Model(
        id="large",
        title="Large",
        description="",
        provenance={"kind": "imported"},
        network=Network(layers),
        vocabulary=WordList.of(["", "unknown", "a"], 1) if words else None,
        labels=tuple(map(str, range(labels))),
    )


EMBEDDING = Embedding("embedding", np.zeros((3, 2), np.float32))
WIDE_ABOVE = model_of(EMBEDDING, recurrent("first", 2, 2), recurrent("second", 2, 700))
MANY_OUTPUTS = model_of(EMBEDDING, recurrent("lstm", 2, 2), dense(2, 9_000), labels=9_000)
MANY_FEATURES = model_of(recurrent("lstm", 300_000, 1), words=False)
FIXED = model_of(EMBEDDING, recurrent("lstm", 2, 1), Flatten("flatten", 10**9))


def test_a_cost_is_of_all_layers():
    cost = check_cost(WIDE_ABOVE, 10, Settings())
    assert cost.widest == 10 * 700
    assert cost.kept == 10 * (2 + (2 + 10 * 2) + (2 + 10 * 700))
    assert cost.products == 10 * ((2 + 2) * 4 * 2 + (2 + 700) * 4 * 700)
    assert check_cost(MANY_OUTPUTS, 10, Settings()).widest == 90_000


@pytest.mark.parametrize(
    ("model", "asked", "what"),
    [
        (WIDE_ABOVE, {"sentence": "a " * 380}, "266,000 numbers in one array"),
        (MANY_OUTPUTS, {"sentence": "a " * 30}, "270,000 numbers in one array"),
        (MANY_FEATURES, {"inputs": [[0.0] * 300_000]}, "300,000 numbers in one array"),
        (FIXED, {"sentence": "a"}, "reads 1,000,000,000 timesteps"),
        (FIXED, {"token_ids": [1]}, "reads 1,000,000,000 timesteps"),
        (WIDE_ABOVE, {"token_ids": [1] * 10**6}, "1,000,000 words or timesteps"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_over_a_limit_is_refused_before_it_runs(model, asked, what):
    with patch.object(Network, "run") as run, pytest.raises(TooLarge, match=what):
        Task.of(StepQuestion(model="large", **asked), model, Settings()).run()
    run.assert_not_called()


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        ({"max_kept": 70_000}, "numbers in all layers together; the limit is 70,000"),
        ({"max_products": 10_000_000}, "multiplications; the limit is 10,000,000"),
    ],
)
def test_each_limit_has_its_figure(limits, what):
    wanted = StepQuestion(sentence="a " * 10, model="large")
    with pytest.raises(TooLarge, match=what):
        Task.of(wanted, WIDE_ABOVE, Settings(**limits))


def test_work_in_another_layer_makes_a_trace_large():
    wanted = StepQuestion(sentence="a a a", layer="first")
    assert Task.of(wanted, WIDE_ABOVE, Settings()).is_large(numbers=10**9)
    small = replace(WIDE_ABOVE, network=Network(WIDE_ABOVE.network.layers[:2]))
    assert not Task.of(wanted, small, Settings()).is_large(numbers=16_384)


def test_a_model_of_many_features_has_no_example():
    assert model_row(MANY_FEATURES)["reads"]["example"] == []
    with pytest.raises(TooLarge, match="300,000 weights"):
        layer_weights(MANY_FEATURES, None, 0, Settings())


@pytest.mark.parametrize("model", [MANY_OUTPUTS, MANY_FEATURES, FIXED])
def test_the_page_opens_all_the_same_with_what_is_wrong(model):
    app = create_app(Settings())
    app.state.registry.models[model.id] = model
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.get("/", params={"model": "large", "sentence": "a " * 30})
    assert answer.status_code in (413, 422)
    assert "<!doctype html>" in answer.text[:100].lower()
    assert len(answer.text) < 300_000
