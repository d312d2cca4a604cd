"""The optional parts of `/api/step`: memory, gradients, attributions, and pins."""

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList
from app.main import create_app
from app.settings import Settings

PARTS = ["memory", "gradients", "attributions"]
WORDS = ("", "?", "not", "good", "bad", "but", "day")
PLACES = ("pune", "delhi", "goa")
GATES = ("input_gate", "forget_gate", "candidate", "output_gate")


def model(name: str, labels: tuple[str, ...], *layers: Recurrent | Dense, mask: bool) -> Model:
    table = np.random.RandomState(3).uniform(-2, 2, (len(WORDS), 4)).astype(np.float32)
    network = Network((Embedding("embedding", table, mask_zero=mask), *layers))
    return Model(name, name, name, {"kind": "seeded"}, network, WordList.of(WORDS), labels)


def recurrent(cell: str = "lstm", name: str = "layer", features: int = 4, every: bool = False):
    weights = draw_weights(CELLS[cell], features, 5, np.random.RandomState(5))
    return Recurrent(name, CELLS[cell], weights, return_sequences=every)


def dense(inputs: int, outputs: int, activation: str, name: str = "dense") -> Dense:
    random = np.random.RandomState(7)
    kernel = random.uniform(-2, 2, (inputs, outputs)).astype(np.float32)
    return Dense(name, kernel, random.uniform(-1, 1, outputs).astype(np.float32), activation)


MODELS = [
    model("opinion", ("bad", "good"), recurrent(), dense(5, 1, "sigmoid"), mask=True),
    model("places", PLACES, recurrent(every=True), dense(5, 3, "softmax"), mask=False),
    model("rnn", PLACES, recurrent("simple_rnn"), dense(5, 3, "softmax"), mask=False),
    model("headless", (), recurrent(), mask=False),
    model(
        "deep",
        PLACES,
        recurrent(),
        dense(5, 6, "sigmoid", "hidden"),
        dense(6, 3, "softmax"),
        mask=False,
    ),
    model(
        "stack",
        PLACES,
        recurrent(name="lower", every=True),
        recurrent(name="upper", features=5),
        dense(5, 3, "softmax"),
        mask=False,
    ),
]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings())
    app.state.registry.models |= {one.id: one for one in MODELS}
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def post(client, sentence="not good but bad day", **body):
    body = body if "token_ids" in body else body | {"sentence": sentence}
    answer = client.post("/api/step", json=body)
    assert answer.status_code == 200, answer.text
    assert not re.search(r"\b(NaN|Infinity)\b", answer.text)
    return answer.json()


def refused(client, *fragments, status=422, **body):
    answer = client.post("/api/step", json={"sentence": "not good but bad day"} | body)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["detail"]
    for fragment in fragments:
        assert fragment in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 400


def column(answer, name, unit):
    return [step[name][unit] for step in answer["steps"]]


def pins(timesteps, units):
    return st.lists(
        st.sampled_from(GATES).flatmap(
            lambda gate: st.fixed_dictionaries(
                {
                    "timestep": st.integers(1, timesteps),
                    "gate": st.just(gate),
                    "unit": st.none() | st.integers(0, units - 1),
                    "value": st.floats(-1 if gate == "candidate" else 0, 1),
                }
            )
        ),
        max_size=4,
    )


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_identity_holds_in_the_numbers_that_are_sent(client, data):
    name, units = data.draw(st.sampled_from([("article", 3), ("opinion", 5), ("places", 5)]))
    token_ids = data.draw(st.lists(st.integers(0, len(WORDS) - 1), min_size=1, max_size=12))
    unit = data.draw(st.integers(0, units - 1))
    number = st.floats(-3, 3)
    state = {
        part: data.draw(st.lists(number, min_size=units, max_size=units))
        for part in ("hidden_state", "cell_state")
    }
    answer = post(
        client,
        token_ids=token_ids,
        model=name,
        include=PARTS,
        unit=unit,
        pins=data.draw(pins(len(token_ids), units)),
        initial_state=data.draw(st.none() | st.just(state)),
    )
    rows = np.array(answer["memory"]["contributions"])
    assert rows.sum(axis=1) == pytest.approx(column(answer, "cell_state", unit), rel=1e-5, abs=1e-5)
    given_ = answer["attributions"]
    total = sum(given_["scores"]) + given_["initial_state"]
    assert total == pytest.approx(given_["logit"] - given_["bias"], rel=1e-5, abs=1e-5)
    prediction = answer["prediction"]
    predicted = prediction["labels"].index(given_["label"])
    assert prediction["probabilities"][predicted] == max(prediction["probabilities"])
    if len(prediction["labels"]) == 2:
        expected = 1 / (1 + np.exp(-given_["logit"]))
        assert prediction["probabilities"][predicted] == pytest.approx(expected, abs=1e-6)


def test_the_parts_have_the_shapes_that_they_should(client):
    answer = post(client, include=PARTS)
    assert np.shape(answer["memory"]["magnitude"]) == (5, 6)
    assert answer["memory"]["unit"] is None
    assert answer["memory"]["contributions"] is None
    norms = ["hidden_state", "cell_state", "direct", "input", "input_dot"]
    assert list(answer["gradients"]) == ["label", "logit", *norms, "initial_state"]
    for name in norms:
        assert np.shape(answer["gradients"][name]) == (5,)
    assert list(answer["attributions"]) == ["label", "logit", "bias", "initial_state", "scores"]
    assert np.shape(answer["attributions"]["scores"]) == (5,)
    with_unit = post(client, include=["memory"], unit=2)
    assert with_unit["memory"]["unit"] == 2
    assert np.shape(with_unit["memory"]["contributions"]) == (5, 6)


def test_updates_are_as_large_as_the_answer_is_far_from_sure(client):
    bad, good = (
        np.array(post(client, model="opinion", label=x, include=["updates"])["updates"]["input"])
        for x in ("bad", "good")
    )
    share = post(client, model="opinion")["prediction"]["probabilities"]
    assert bad * share[0] == pytest.approx(good * share[1], rel=1e-5)
    for name in ("places", "rnn", "deep"):
        updates = post(client, model=name, label="goa", include=["updates"])["updates"]
        assert updates["label"] == "goa"
        assert all(length > 0 for length in updates["input"])
    refused(client, "no head", model="headless", include=["updates"])


def test_what_is_not_asked_for_is_not_there(client):
    plain = post(client)
    assert not set(PARTS) & set(plain)
    assert post(client, unit=1, label="1") == plain
    some = post(client, include=["memory", "preactivations"])
    assert "preactivations" in some["steps"][0]
    assert "gradients" not in some
    assert "attributions" not in some


def test_the_magnitude_is_the_size_of_all_units_contributions(client):
    each = [post(client, include=["memory"], unit=unit)["memory"] for unit in range(3)]
    total = np.abs([memory["contributions"] for memory in each]).sum(axis=0)
    assert np.array(each[0]["magnitude"]) == pytest.approx(total, abs=1e-6)


def test_a_sigmoids_labels_have_opposite_terms_and_a_softmaxs_their_own(client):
    bad, good = (
        post(client, model="opinion", label=label, include=["attributions"])["attributions"]
        for label in ("bad", "good")
    )
    assert good["label"] == "good"
    for name in ("logit", "bias", "initial_state"):
        assert good[name] == -bad[name]
    assert good["scores"] == [-score for score in bad["scores"]]
    answers = [post(client, model="places", label=x, include=["attributions"]) for x in PLACES]
    powers = np.exp([answer["attributions"]["logit"] for answer in answers])
    expected = answers[0]["prediction"]["probabilities"]
    assert powers / powers.sum() == pytest.approx(expected, abs=1e-6)


def test_padding_scores_nothing_and_is_kept_whole(client):
    answer = post(client, token_ids=[0, 2, 0, 3, 0], model="opinion", include=PARTS, unit=0)
    assert [step.get("masked", False) for step in answer["steps"]] == [True, False] * 2 + [True]
    scores = answer["attributions"]["scores"]
    assert [score == 0 for score in scores] == [True, False, True, False, True]
    rows = answer["memory"]["contributions"]
    assert rows[2] == rows[1]
    assert answer["gradients"]["input"][0] == answer["gradients"]["input"][4] == 0


def test_pins_at_the_sent_values_change_nothing(client):
    plain = post(client, include=["preactivations", *PARTS], unit=1)
    same = [
        {"timestep": step["timestep"], "gate": gate, "unit": unit, "value": value}
        for step in plain["steps"]
        for gate in GATES
        for unit, value in enumerate(step[gate])
    ]
    pinned = post(client, include=["preactivations", *PARTS], unit=1, pins=same)
    gradients, constant = plain.pop("gradients"), pinned.pop("gradients")
    assert pinned.pop("pins") == same
    for steps in (plain["steps"], pinned["steps"]):
        for step in steps:
            step.pop("gradient")
            before = step.pop("gradient_preactivations")
            assert steps is plain["steps"] or not any(map(any, before.values()))
    assert pinned == plain
    assert any(gradients["input"])
    assert not any(constant["input"])  # nothing that is held moves with the input


def test_a_forget_gate_held_open_keeps_the_first_word(client):
    free = post(client, include=["memory"])["memory"]["magnitude"]
    held = [{"timestep": t, "gate": "forget_gate", "value": 1} for t in range(2, 6)]
    answer = post(client, include=["memory"], pins=held)
    magnitude = answer["memory"]["magnitude"]
    assert magnitude[4][1] == pytest.approx(magnitude[0][1])
    assert free[4][1] < free[0][1]
    assert answer["steps"][1]["forget_gate"] == [1, 1, 1]


def test_get_takes_pins_unit_and_label(client):
    body = {
        "sentence": "not good",
        "pins": [{"timestep": 1, "gate": "candidate", "unit": 2, "value": -0.5}],
        "include": PARTS,
        "unit": 2,
        "label": "0",
    }
    query = body | {"pins": json.dumps(body["pins"]), "include": ",".join(PARTS)}
    assert client.get("/api/step", params=query).json() == post(client, **body)


def test_a_simple_rnn_has_gradients_but_no_ledger_scores_or_gates(client):
    gradients = post(client, model="rnn", include=["gradients"], label="goa")["gradients"]
    assert list(gradients) == [
        "label",
        "logit",
        "hidden_state",
        "input",
        "input_dot",
        "initial_state",
    ]
    assert all(norm > 0 for norm in gradients["hidden_state"])
    refused(client, "SimpleRNN", "no memory ledger", model="rnn", include=["memory"])
    refused(client, "SimpleRNN", "no exact scores", model="rnn", include=["attributions"])
    pin = {"timestep": 1, "gate": "forget_gate", "value": 1}
    refused(client, "pins.0", "SimpleRNN layer has none", model="rnn", pins=[pin])


def test_a_model_without_a_head_has_no_scores(client):
    assert len(post(client, model="headless", include=["memory"])["memory"]["magnitude"]) == 5
    for part in ("updates", "attributions"):
        refused(client, "no head", model="headless", include=[part])
    refused(client, "no head", model="headless", label="goa")
    refused(client, "no head", model="headless", include=["gradients"], label="goa")


@pytest.mark.parametrize("unit", [None, 3])
def test_without_a_head_a_units_last_hidden_state_is_derived(client, unit):
    answer = post(client, model="headless", include=["gradients"], unit=unit)
    gradients, last = answer["gradients"], answer["steps"][-1]
    unit = unit or 0
    assert (gradients["label"], gradients["logit"], gradients["unit"]) == (None, None, unit)
    assert gradients["value"] == pytest.approx(last["hidden_state"][unit])
    assert last["gradient"]["hidden_state"] == list(np.eye(5)[unit])
    by_output = np.tanh(last["cell_state"][unit])
    assert last["gradient"]["output_gate"][unit] == pytest.approx(by_output, rel=1e-5)


def test_each_step_says_how_the_logit_moves_with_every_gate(client):
    answer = post(client, model="places", include=["gradients", "preactivations"])
    steps, norms = answer["steps"], answer["gradients"]
    for place, step in enumerate(steps):
        gradient = step["gradient"]
        assert set(gradient) == {*GATES, "cell_state", "hidden_state", "along_memory", "input"}
        assert set(step["gradient_preactivations"]) == set(GATES)
        for name in ("cell_state", "hidden_state", "input"):
            assert np.linalg.norm(gradient[name]) == pytest.approx(norms[name][place])
        f, d = np.array(step["forget_gate"]), np.array(gradient["forget_gate"])
        before = steps[place - 1]["cell_state"] if place else np.zeros(5)
        assert d == pytest.approx(np.multiply(gradient["cell_state"], before), rel=1e-5)
        of_sum = step["gradient_preactivations"]["forget_gate"]
        assert of_sum == pytest.approx(d * f * (1 - f), rel=1e-4, abs=1e-12)
        if place + 1 < len(steps):
            after = steps[place + 1]
            kept = np.multiply(after["forget_gate"], after["gradient"]["cell_state"])
            assert gradient["along_memory"] == pytest.approx(kept, rel=1e-5)
    assert steps[-1]["gradient"]["along_memory"] == [0] * 5


def test_steps_say_nothing_of_gradients_that_nobody_asked_for(client):
    for include in ([], ["attributions", "updates", "memory"]):
        assert not {"gradient", "gradient_preactivations"} & set(
            post(client, model="places", include=include)["steps"][0]
        )


def test_hidden_layers_leave_gradients_and_no_scores(client):
    assert all(post(client, model="deep", include=["gradients"])["gradients"]["input"])
    refused(client, "hidden layers", "hidden", "gradients", model="deep", include=["attributions"])


def test_scores_of_a_stack_are_those_of_its_last_layer(client):
    for layer in ("lower", "upper"):
        parts = post(client, model="stack", layer=layer, include=["memory", "gradients"])
        assert all(parts["gradients"]["input"])
    post(client, model="stack", layer="upper", include=["attributions"])
    refused(client, "upper", "lower", model="stack", layer="lower", include=["attributions"])


@pytest.mark.parametrize(
    ("pin", "fragment"),
    [
        ({"timestep": 0}, "timesteps are 1 to 5"),
        ({"timestep": 6}, "timesteps are 1 to 5"),
        ({"unit": 3}, "units 0 to 2"),
        ({"unit": -1}, "units 0 to 2"),
        ({"gate": "update_gate"}, "input_gate, forget_gate, candidate, output_gate"),
        ({"value": 1.5}, "0 to 1"),
        ({"value": -0.1}, "0 to 1"),
        ({"gate": "candidate", "value": -1.1}, "-1 to 1"),
        ({"value": 1e31}, "pins.0.value"),
        ({"value": "1"}, "pins.0.value"),
        ({"timestep": 1.5}, "pins.0.timestep"),
        ({"timestep": True}, "pins.0.timestep"),
        ({"timestep": 10**30}, "pins.0.timestep"),
        ({"gate": "x" * 10_000}, "input_gate"),
        ({"colour": "red"}, "no such field"),
    ],
)
def test_a_pin_that_does_not_fit_is_refused_by_post_and_get(client, pin, fragment):
    pin = {"timestep": 1, "gate": "forget_gate", "unit": 0, "value": 0.5} | pin
    refused(client, fragment, pins=[pin])
    query = {"sentence": "not good but bad day", "pins": json.dumps([pin])}
    answer = client.get("/api/step", params=query)
    assert answer.status_code == 422
    assert fragment in answer.json()["detail"]


@pytest.mark.parametrize("text", ["{", "5", "[5]", "[[]]", '[{"timestep": 1}]', "null", "[NaN]"])
def test_pins_that_are_none_are_refused(client, text):
    answer = client.get("/api/step", params={"sentence": "a", "pins": text})
    assert answer.status_code == 422
    assert "pins" in answer.json()["detail"]


def test_units_and_labels_that_are_not_there_are_refused(client):
    for include in ([], ["memory"]):
        refused(client, "units 0 to 2", unit=3, include=include)
        refused(client, "units 0 to 2", unit=-1, include=include)
    for include in ([], ["gradients"], ["attributions"]):
        refused(client, "'nope'", "0, 1", label="nope", include=include)
    refused(client, "pune, delhi, goa", label="", model="places", include=["gradients"])


def test_the_largest_numbers_allowed_are_explained_in_finite_numbers(client):
    state = {"hidden_state": [1e30, -1e30, 1e30], "cell_state": [1e30, -1e30, 0]}
    answer = post(client, initial_state=state, include=PARTS, unit=0)
    assert "null" not in json.dumps([answer[part] for part in PARTS])


def test_400_words_are_explained_and_a_ledger_over_the_limit_is_413(client):
    long = " ".join(["day", "good"] * 200)
    answer = post(client, sentence=long, include=PARTS, unit=0)
    assert np.shape(answer["memory"]["magnitude"]) == (400, 401)
    app = create_app(Settings(max_numbers=5_000))
    with TestClient(app) as small:
        body = {"sentence": " ".join(["day"] * 71), "include": ["memory"]}
        refused_answer = small.post("/api/step", json=body)
        assert refused_answer.status_code == 413
        assert "5,112 numbers; the limit is 5,000" in refused_answer.json()["detail"]


def test_the_documentation_describes_the_parts(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("PinIn", "Memory", "Gradients", "Attributions"):
        assert schemas[name]["description"]
    parts = schemas["StepAnswer"]["properties"]
    assert set(PARTS) <= set(parts)
    for field in ("pins", "unit", "label"):
        assert schemas["StepRequest"]["properties"][field]["description"]
