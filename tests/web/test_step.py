"""`/api/step` as its callers see it."""

import json

import numpy as np
import pytest

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
STATES = ("cell_state", "hidden_state")


def post(client, **body):
    return client.post("/api/step", json=body)


def test_good_day_has_two_timesteps_with_every_gate_and_state(client):
    answer = post(client, sentence="Good Day").json()
    assert [token["text"] for token in answer["tokens"]] == ["Good", "Day"]
    assert [step["timestep"] for step in answer["steps"]] == [1, 2]
    for step in answer["steps"]:
        assert len(step["input"]) == 5
        for name in (*GATES, *STATES):
            assert len(step[name]) == 3
    assert answer["model"]["provenance"]["kind"] == "seeded"
    assert answer["layer"] == {
        "name": "lstm",
        "cell": "lstm",
        "units": 3,
        "features": 5,
        "return_sequences": True,
        "gates": ["input_gate", "forget_gate", "candidate", "output_gate"],
        "states": ["hidden_state", "cell_state"],
        "memory": {
            "state": "cell_state",
            "keeps": "forget_gate",
            "writes": ["input_gate", "candidate"],
            "shown_by": "output_gate",
        },
    }


def test_the_numbers_of_good_day_stay_what_they_are(client):
    first = post(client, sentence="Good Day").json()["steps"][0]
    assert first["forget_gate"] == pytest.approx([0.7326523, 0.5342298, 0.73481184], abs=1e-6)
    assert first["cell_state"] == pytest.approx([-0.04168939, 0.27891004, 0.20575742], abs=1e-6)


def test_the_equations_hold_in_the_answer(client):
    answer = post(client, sentence="the cat sat on the mat", include=["preactivations"]).json()
    weights = client.get("/api/models/article/weights").json()
    c = np.array(answer["initial_state"]["cell_state"])
    h = np.array(answer["initial_state"]["hidden_state"])
    for step in answer["steps"]:
        for gate in GATES:
            block = weights[gate]
            z = step["input"] @ np.array(block["kernel"])
            z = z + h @ np.array(block["recurrent_kernel"]) + block["bias"]
            squash = np.tanh if gate == "candidate" else lambda z: 1 / (1 + np.exp(-z))
            assert step["preactivations"][gate] == pytest.approx(z, abs=1e-6)
            assert step[gate] == pytest.approx(squash(z), abs=1e-6)
        c = step["forget_gate"] * c + np.array(step["input_gate"]) * step["candidate"]
        h = step["output_gate"] * np.tanh(c)
        assert step["cell_state"] == pytest.approx(c, abs=1e-6)
        assert step["hidden_state"] == pytest.approx(h, abs=1e-6)


def test_get_gives_the_same_bytes_as_post(client):
    posted = post(client, sentence="Good Day", model="article")
    got = client.get("/api/step", params={"sentence": "Good Day", "model": "article"})
    assert got.content == posted.content


def test_get_takes_lists_and_json(client):
    state = {"hidden_state": [0.1, 0.2, 0.3], "cell_state": [1, 2, 3]}
    got = client.get(
        "/api/step",
        params={
            "token_ids": "49539, 10947",
            "initial_state": json.dumps(state),
            "include": "preactivations",
            "return_sequences": "false",
        },
    ).json()
    posted = post(
        client,
        token_ids=[49539, 10947],
        initial_state=state,
        include=["preactivations"],
        return_sequences=False,
    ).json()
    assert got == posted


def test_token_ids_give_what_their_words_give(client):
    by_word = post(client, sentence="Good Day").json()
    by_id = post(client, token_ids=[token["id"] for token in by_word["tokens"]]).json()
    for one, other in zip(by_word["steps"], by_id["steps"], strict=True):
        assert one["hidden_state"] == other["hidden_state"]


@pytest.mark.parametrize("model_returns", [None, True, False])
@pytest.mark.parametrize("state_returned", [True, False])
def test_return_sequences_and_return_state_shape_what_leaves(client, model_returns, state_returned):
    body = {"sentence": "one two three", "return_state": state_returned}
    if model_returns is not None:
        body["return_sequences"] = model_returns
    answer = post(client, **body).json()
    hidden = [step["hidden_state"] for step in answer["steps"]]
    cell = [step["cell_state"] for step in answer["steps"]]
    assert answer["output"] == (hidden[-1] if model_returns is False else hidden)
    last = {"hidden_state": hidden[-1], "cell_state": cell[-1]}
    assert answer["state"] == (last if state_returned else None)


def test_return_settings_never_change_the_prediction(client):
    plain = post(client, sentence="one two three").json()["prediction"]
    other = post(
        client, sentence="one two three", return_sequences=False, return_state=False
    ).json()["prediction"]
    assert plain == other


def test_word_by_word_with_the_returned_state_equals_the_whole_sentence(client):
    words = ["what", "goes", "around", "comes", "around"]
    whole = post(client, sentence=" ".join(words)).json()["steps"]
    state = None
    for word, expected in zip(words, whole, strict=True):
        answer = post(client, sentence=word, initial_state=state).json()
        for name in (*GATES, *STATES):
            assert answer["steps"][0][name] == pytest.approx(expected[name], abs=1e-6)
        state = answer["state"]


def test_every_prefix_has_the_prediction_it_would_have_alone(client):
    words = ["what", "goes", "around", "comes", "around"]
    by_timestep = post(client, sentence=" ".join(words)).json()["prediction"]["by_timestep"]
    for length, expected in enumerate(by_timestep, 1):
        alone = post(client, sentence=" ".join(words[:length])).json()["prediction"]
        assert alone["probabilities"] == pytest.approx(expected, abs=1e-6)
        assert alone["output"] == pytest.approx(expected[1:], abs=1e-6)


@pytest.mark.parametrize(
    "sentence",
    ["नमस्ते दुनिया", "مرحبا بالعالم", "你好 世界", "👩‍🚀 🎉", "é e\u0301t\u00e9", "the the"],
)
def test_any_script_survives(client, sentence):
    answer = post(client, sentence=sentence).json()
    assert [token["text"] for token in answer["tokens"]] == sentence.split(" ")


def test_400_words_are_answered(client):
    answer = client.post("/api/step", json={"sentence": " ".join(["word"] * 400)})
    assert answer.status_code == 200
    assert len(answer.json()["steps"]) == 400


def refused(client, status, *fragments, **body):
    answer = post(client, **body)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["detail"]
    for fragment in fragments:
        assert fragment in answer.json()["detail"]
    return answer.json()["detail"]


def test_a_sentence_without_words_is_refused(client):
    for sentence in ("", "   ", "?!...", "\t\n", "\u00a0"):
        refused(client, 422, "no words", "Type at least one word", sentence=sentence)


def test_limits_of_length_are_413(client):
    refused(client, 413, "2,001 characters", "2,000", sentence="a" * 2001)
    refused(client, 413, "401 words", "400", sentence="a " * 401)
    refused(client, 413, "401 words", token_ids=[1] * 401)
    refused(client, 413, sentence="a" * 2_000_000)


def test_unknown_models_and_layers_are_404(client):
    refused(client, 404, "nope", "article", sentence="a", model="nope")
    refused(client, 404, "dense", "lstm", sentence="a", layer="dense")


def test_exactly_one_kind_of_input_is_taken(client):
    refused(client, 422, "exactly one", "none", model="article")
    refused(client, 422, "exactly one", "sentence and token_ids", sentence="a", token_ids=[1])
    refused(client, 422, "reads words", inputs=[[1, 2, 3, 4, 5]])
    refused(client, 422, "at least one", token_ids=[])


def test_ids_out_of_range_are_refused(client):
    refused(client, 422, "token_ids.1", "0 to 49,999", token_ids=[1, 50_000])
    refused(client, 422, "token_ids.0", "0 to 49,999", token_ids=[-1])
    refused(client, 422, "0 to 49,999", token_ids=[10**30])


def test_an_initial_state_must_fit_the_layer(client):
    good = {"hidden_state": [0, 0, 0], "cell_state": [0, 0, 0]}
    refused(
        client, 422, "hidden_state", "3 numbers", "2 numbers came",
        sentence="a", initial_state=good | {"hidden_state": [0, 0]},
    )  # fmt: skip
    refused(client, 422, "cell_state", sentence="a", initial_state={"hidden_state": [0, 0, 0]})
    refused(client, 422, "x", sentence="a", initial_state=good | {"x": 1})


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e39", "-1e300"])
def test_numbers_that_float32_cannot_hold_are_refused(client, number):
    body = '{"sentence": "a", "initial_state": {"hidden_state": [%s,0,0], "cell_state": [0,0,0]}}'
    answer = client.post("/api/step", content=body % number)
    assert answer.status_code == 422
    assert "initial_state.hidden_state.0" in answer.json()["detail"]


def test_the_largest_numbers_allowed_give_finite_answers(client):
    state = {"hidden_state": [1e30, -1e30, 1e30], "cell_state": [1e30, -1e30, 0]}
    answer = post(client, sentence="a b c", initial_state=state, include=["preactivations"])
    assert answer.status_code == 200
    assert "null" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"sentence": "\\ud800"}',
        b'{"sentence": "a\\u0000b"}',
        b'{"sentence": 5}',
        b'{"sentence": "a", "model": null}',
        b'{"sentence": "a", "colour": "red"}',
        b'{"token_ids": [1.5]}',
        b'{"token_ids": ["7"]}',
        b'{"token_ids": [true]}',
        b'{"sentence": "a", "include": ["everything"]}',
        b"[" * 4_000,
        b'{"token_ids": [' + b"9" * 5_000 + b"]}",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_wrong_body_is_422_in_a_few_words(client, body):
    answer = client.post("/api/step", content=body)
    assert answer.status_code == 422, answer.text
    assert list(answer.json()) == ["detail"]
    assert 10 < len(answer.json()["detail"]) < 400


def test_a_wrong_address_is_422(client):
    for query in (
        "sentence=a&colour=red",
        "sentence=a&sentence=b",
        "sentence=a&return_state=perhaps",
        "sentence=a&initial_state={",
        "token_ids=1,x",
        "inputs=[[1]]",
        "sentence=",
        "",
    ):
        answer = client.get(f"/api/step?{query}")
        assert answer.status_code == 422, query
        assert list(answer.json()) == ["detail"]


def test_a_long_wrong_value_is_never_echoed(client):
    detail = refused(client, 422, sentence="a", include=["x" * 10_000])
    assert len(detail) < 300
    detail = refused(client, 404, sentence="a", model="m" * 10_000)
    assert len(detail) < 300
    detail = refused(client, 422, sentence="a", **{"y" * 10_000: 1})
    assert len(detail) < 300


def test_a_body_over_the_limit_is_413_unless_it_brings_inputs(client):
    filler = " " * 1_100_000
    plain = client.post("/api/step", content='{"sentence": "a"' + filler + "}")
    assert plain.status_code == 413
    with_inputs = client.post("/api/step", content='{"inputs": [[1]]' + filler + "}")
    assert with_inputs.status_code == 422
    huge = client.post("/api/step", content='{"inputs": [[1]]' + " " * 4_200_000 + "}")
    assert huge.status_code == 413
