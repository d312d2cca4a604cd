"""Going on from a text or a series: `/api/generate`, the command line and a notebook's."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import load
from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.network import Bidirectional, Dense, Embedding, Layer, Network, Pooling, Recurrent
from app.core.text import WordList
from app.main import create_app
from app.notebook import OpenedModel
from app.service.summaries import reads
from app.settings import Settings
from app.storage.registry import Registry
from app.web.page import page_context

CHARACTERS = ("[padding]", "[unknown]", ".", "a", "b", "c", "d")
ROWS = len(CHARACTERS)
OUTPUTS = tuple(CHARACTERS[2:])
"""Labels of the character models: what their outputs speak of."""


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.RandomState(seed).uniform(-2, 2, shape).astype(np.float32)


def dense(inputs: int, outputs: int, activation: str) -> Dense:
    return Dense("dense", numbers(1, inputs, outputs), numbers(2, outputs), activation)


def recurrent(name: str, features: int, cell: str = "lstm", every: bool = True) -> Recurrent:
    weights = draw_weights(CELLS[cell], features, 5, np.random.RandomState(len(name)))
    return Recurrent(name, CELLS[cell], weights, every)


def model(name: str, *layers: Layer, labels: tuple[str, ...] = (), words: bool = True) -> Model:
    vocabulary = WordList.of(CHARACTERS, splitting="characters") if words else None
    return Model(name, name, name, {"kind": "trained"}, Network(layers), vocabulary, labels)


CHI_SQUARED = {2: 13.82, 4: 18.47}
"""Degrees of freedom -> what one right sample in a thousand goes beyond."""
TABLE = Embedding("embedding", numbers(3, ROWS, 3))
IDS = ("headless", "classes", "narrow", "letters", "logits", "one-hot", "series")
DIGITS = tuple(map(str, range(ROWS)))
MODELS = [
    model("letters", TABLE, recurrent("lstm", 3), dense(5, 5, "softmax"), labels=OUTPUTS),
    model(
        "stack",
        TABLE,
        recurrent("low", 3, "gru"),
        recurrent("high", 5, every=False),
        dense(5, 5, "softmax"),
        labels=OUTPUTS,
    ),
    model("logits", TABLE, recurrent("lstm", 3), dense(5, ROWS, "linear"), labels=DIGITS),
    model("series", recurrent("lstm", 2), dense(5, 2, "linear"), labels=("x", "y"), words=False),
    model("one-hot", recurrent("lstm", 5), dense(5, 5, "softmax"), labels=OUTPUTS, words=False),
    model("classes", TABLE, recurrent("lstm", 3), dense(5, 3, "softmax"), labels=("x", "y", "z")),
    model("headless", TABLE, recurrent("lstm", 3)),
    model("narrow", recurrent("lstm", 2), dense(5, 1, "linear"), labels=("x",), words=False),
    model(
        "pooled",
        TABLE,
        recurrent("lstm", 3),
        Pooling("mean", "average"),
        dense(5, 5, "softmax"),
        labels=OUTPUTS,
    ),
    model(
        "both",
        TABLE,
        Bidirectional(
            "both", recurrent("f", 3), replace(recurrent("b", 3), go_backwards=True), "sum"
        ),
        dense(5, 5, "softmax"),
        labels=OUTPUTS,
    ),
]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings())
    app.state.registry.models |= {each.id: each for each in MODELS}
    with TestClient(app) as client:
        yield client


def post(client: TestClient, **body):
    answer = client.post("/api/generate", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def step(client: TestClient, **body):
    answer = client.post("/api/step", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(client: TestClient, status: int, *texts: str, **body) -> None:
    answer = client.post("/api/generate", json=body)
    assert answer.status_code == status, answer.text
    for text in texts:
        assert text in answer.json()["detail"]


@pytest.mark.parametrize("name", ["letters", "stack"])
def test_greedy_text_is_that_of_a_step_after_the_other(client, name):
    made = post(client, model=name, sentence="ab", length=12, temperature=0)
    text = "ab"
    for token in made["tokens"]:
        prediction = step(client, model=name, sentence=text)["prediction"]
        assert token["text"] == prediction["labels"][int(np.argmax(prediction["probabilities"]))]
        assert token["probability"] == pytest.approx(max(prediction["probabilities"]), rel=1e-5)
        text += token["text"]
    assert made["text"] == text[2:]
    assert "labels are tokens" in made["recognised"]


@pytest.mark.parametrize("name", ["letters", "stack", "logits"])
def test_a_state_that_is_handed_on_costs_a_step_and_changes_nothing(client, name):
    options = {"model": name, "temperature": 0}
    whole = post(client, **options, sentence="abc", length=8)
    ids, state, texts = [3, 4, 5], None, []
    for _ in range(8):
        extra = {} if state is None else {"initial_state": state}
        part = post(client, **options, token_ids=ids, length=1, **extra)
        state, ids = part["state"], [part["tokens"][0]["id"]]
        texts.append(part["tokens"][0]["text"])
    assert texts == [token["text"] for token in whole["tokens"]]


def test_the_state_of_a_stack_is_that_of_api_step(client):
    made = post(client, model="stack", sentence="ab", length=1)
    state = step(client, model="stack", sentence="ab")["state"]
    assert list(state["layers"]) == ["low", "high"]
    assert made["state"]["layers"] == state["layers"]
    whole = step(client, model="stack", sentence="abcd")
    rest = step(client, model="stack", sentence="cd", initial_state=state)
    assert rest["prediction"]["probabilities"] == pytest.approx(
        whole["prediction"]["probabilities"], rel=1e-5
    )
    high = step(client, model="stack", layer="high", sentence="cd", initial_state=state)
    assert high["steps"][0]["forget_gate"] == pytest.approx(
        step(client, model="stack", layer="high", sentence="abcd")["steps"][2]["forget_gate"]
    )


def test_a_seed_makes_the_same_choices(client):
    options = {"model": "letters", "sentence": "a", "length": 40}
    first = post(client, **options, seed=7)
    assert post(client, **options, seed=7) == first
    assert post(client, **options, seed=8)["text"] != first["text"]
    free = post(client, **options)
    assert post(client, **options, seed=free["seed"])["text"] == free["text"]


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, None), (2.0, 3)])
def test_tokens_come_as_often_as_their_probability_says(client, temperature, top_k):
    made = [
        post(
            client,
            model="letters",
            sentence="ab",
            length=1,
            temperature=temperature,
            seed=seed,
            **({} if top_k is None else {"top_k": top_k}),
        )["tokens"][0]
        for seed in range(600)
    ]
    expected = {each["text"]: each["probability"] for each in made[0]["alternatives"]}
    assert sum(expected.values()) == pytest.approx(1)
    assert len(expected) == (top_k or len(OUTPUTS))
    drawn = Counter(token["text"] for token in made)
    assert drawn.keys() <= expected.keys()
    counts = [drawn[text] for text in expected]
    wanted = [600 * p for p in expected.values()]
    statistic = sum((n - e) ** 2 / e for n, e in zip(counts, wanted, strict=True))
    assert statistic < CHI_SQUARED[len(expected) - 1]


def test_temperature_sharpens_and_flattens(client):
    at = {
        t: post(client, model="letters", sentence="a", length=1, temperature=t, seed=0)["tokens"][0]
        for t in (0.5, 1, 2)
    }
    logits = {
        t: np.log([each["probability"] for each in token["alternatives"]])
        for t, token in at.items()
    }
    for t in (0.5, 2):
        assert (logits[t] - logits[t][0]) * t == pytest.approx(logits[1] - logits[1][0], rel=1e-5)


def test_outputs_without_names_are_token_ids(client):
    made = post(client, model="logits", token_ids=[3], length=3, temperature=0)
    assert "an output for each of its 7 token ids" in made["recognised"]
    prediction = step(client, model="logits", token_ids=[3])["prediction"]
    assert made["tokens"][0]["id"] == int(np.argmax(prediction["output"][-1]))
    assert made["tokens"][0]["text"] == CHARACTERS[made["tokens"][0]["id"]]


def test_an_offset_says_which_token_the_first_output_is(client):
    made = post(client, model="classes", sentence="a", length=4, offset=3, temperature=0)
    assert {token["id"] for token in made["tokens"]} <= {3, 4, 5}
    refused(client, 422, "offset is 5", "0 to 4", model="classes", sentence="a", offset=5)


def test_a_series_is_foretold_timestep_after_timestep(client):
    rows = [[0.1, 0.2], [0.3, -0.4]]
    made = post(client, model="series", inputs=rows, length=3)
    assert "text" not in made
    for row in made["outputs"]:
        expected = step(client, model="series", inputs=rows)["prediction"]["output"][-1]
        assert row == pytest.approx(expected, rel=1e-5)
        rows = [*rows, row]


def test_a_model_that_reads_ones_and_zeros_writes_tokens(client):
    made = post(client, model="one-hot", inputs=[[0, 1, 0, 0, 0]], length=5, temperature=0)
    rows = [[0, 1, 0, 0, 0]]
    for token in made["tokens"]:
        output = step(client, model="one-hot", inputs=rows)["prediction"]["output"][-1]
        assert token["text"] == OUTPUTS[int(np.argmax(output))]
        rows = [*rows, [int(name == token["text"]) for name in OUTPUTS]]


def test_events_come_one_at_a_time_and_then_the_whole(client):
    body = {"model": "letters", "sentence": "a", "length": 5, "seed": 3}
    answer = client.post("/api/generate", json=body, headers={"Accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = re.findall(r"event: (\w+)\ndata: (.*)\n\n", answer.text)
    assert [name for name, _ in events] == ["token"] * 5 + ["done"]
    whole = post(client, **body)
    assert [json.loads(data) for name, data in events if name == "token"] == whole["tokens"]
    assert json.loads(events[-1][1]) == whole


def test_bad_input_says_what_was_expected(client):
    refused(client, 422, "3 outputs for 7 token ids", "offset", model="classes", sentence="a")
    refused(client, 422, "no head", model="headless", sentence="a")
    refused(client, 422, "needs the whole sequence", model="pooled", sentence="a")
    refused(client, 422, "needs the whole sequence", model="both", sentence="a")
    refused(client, 422, "reads 2 numbers", "gives 1", model="narrow", inputs=[[1, 2]])
    refused(client, 422, "temperature is -1", model="letters", sentence="a", temperature=-1)
    refused(client, 422, "top_k is 0", model="letters", sentence="a", top_k=0)
    refused(client, 422, "length is 0", model="letters", sentence="a", length=0)
    refused(client, 413, "limit is 400", model="letters", sentence="a", length=400)
    refused(client, 422, "seed is -1", model="letters", sentence="a", seed=-1)
    refused(client, 422, "reads 2 a timestep", model="series", inputs=[[1]])
    refused(client, 404, "no model", model="nobody", sentence="a")
    refused(client, 422, "words", model="letters", sentence="", length=3)
    refused(client, 422, "no such field", model="letters", sentence="a", heat=3)
    state = {"layers": {"middle": {"hidden_state": [0] * 5}}}
    refused(client, 422, "middle", "low", model="stack", sentence="a", initial_state=state)
    nan = client.post(
        "/api/generate",
        content=b'{"model": "letters", "sentence": "a", "temperature": NaN}',
        headers={"Content-Type": "application/json"},
    )
    assert nan.status_code == 422


def test_unknown_characters_are_read_as_unknown(client):
    made = post(client, model="letters", sentence="a?", length=2, temperature=0)
    same = post(client, model="letters", token_ids=[3, 1], length=2, temperature=0)
    assert made["text"] == same["text"]


def test_a_notebook_goes_on_too():
    opened = OpenedModel(MODELS[0])
    made = opened.generate("ab", length=4, temperature=0)
    assert made.text is not None
    assert made.text == str(made) == "".join(token["text"] for token in made.tokens)
    assert opened.generate("ab" + made.text[:2], length=2, temperature=0).text == made.text[2:]
    series = OpenedModel(MODELS[3]).generate(np.ones((3, 2)), length=5)
    assert series.outputs is not None
    assert series.outputs.shape == (5, 2)
    assert series.text is None


def test_a_shipped_model_that_answers_questions_does_not_write(client):
    refused(client, 422, "does not predict the next token", model="place", sentence="I live in")
    refused(client, 422, "fixed length", model="article", sentence="Good Day")
    assert load("place").generate is not None


@pytest.mark.parametrize(
    ("example", "begins"),
    [("a.b\n", "a.b\n"), ("", "Good Day"), ("a" * 401, "Good Day"), ([[1.0]], "Good Day")],
)
def test_a_model_of_characters_begins_with_its_cards_text(example, begins):
    letters = replace(MODELS[0], card={"example": example})
    assert reads(letters).get("example", "Good Day") == begins
    context, error = page_context({"model": "letters"}, Registry({"letters": letters}), Settings())
    assert error is None
    assert context["sentence"] == begins
    assert [token["text"] for token in context["words"]] == list(begins)


@pytest.mark.parametrize("example", [None, "1, 2", [[1.0, 2.0]], [[float("nan")]], [[[1.0]]], []])
def test_a_model_of_numbers_begins_with_its_cards_series_if_that_is_one(example):
    forecaster = model("one", recurrent("lstm", 1), dense(5, 1, "linear"), words=False)
    own = reads(forecaster)["example"]
    assert reads(replace(forecaster, card={"example": example}))["example"] == own
    assert reads(replace(forecaster, card={"example": [[1], [2]]}))["example"] == [[1.0], [2.0]]


def test_characters_are_swapped_and_left_out_of_the_text_as_it_is(client):
    asked = {"model": "letters", "sentence": "a.b"}
    swaps = {"timestep": 2, "words": ["c", "long", "d"]}
    answer = client.post("/api/views/swaps", json=asked | swaps).json()
    read = [[token["text"] for token in run["run"]["tokens"]] for run in answer["runs"]]
    assert read == [["a", ".", "b"], ["a", "c", "b"], ["a", "d", "b"]]
    found = client.post("/api/views/scores", json=asked).json()
    label = found["trace"]["attributions"]["label"]
    for timestep, rest in enumerate([".b", "ab", "a."]):
        more = {"sentence": rest, "include": ["attributions"], "label": label}
        logit = step(client, **asked | more)["attributions"]["logit"]
        assert found["left_out"][timestep] == pytest.approx(logit)


def test_where_no_model_is_named_the_writer_goes_on(client):
    made = post(client, sentence='{"open":tr', length=3, temperature=0)
    assert (made["model"], made["text"]) == ("writer", "ue}")


def test_a_summary_says_what_the_outputs_speak_of(client):
    found = {name: client.get(f"/api/models/{name}").json()["next"] for name in IDS}
    assert found["headless"] is found["classes"] is found["narrow"] is None
    assert found["letters"]["texts"] == list(OUTPUTS)
    assert found["logits"]["texts"] == list(CHARACTERS)
    assert found["one-hot"] == found["letters"] | {
        "kind": "one_hot",
        "recognised": found["one-hot"]["recognised"],
    }
    assert found["series"] == {"kind": "numbers", "recognised": found["series"]["recognised"]}
