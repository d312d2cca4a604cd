"""Explanations where a layer reads backwards or both ways, and where others stand between."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS, Array, Weights
from app.core.explain import backpropagate, gradient_norms
from app.core.model import Model
from app.core.network import (
    MERGES,
    Activation,
    Bidirectional,
    Dense,
    Layer,
    Masking,
    Network,
    PassThrough,
    Pooling,
    Recurrent,
    Run,
)
from app.main import create_app
from app.service.explanations import _attributions, _logit
from app.settings import Settings
from tests.explained import REMEMBERING
from tests.imports import FILES, expected

UNITS, TIMESTEPS = 2, 4


class Random:
    """Layers of random weights, in float64."""

    def __init__(self, seed: int) -> None:
        self.draw = np.random.default_rng(seed)

    def numbers(self, *shape: int) -> Array:
        return self.draw.standard_normal(shape)

    def recurrent(self, name: str, features: int, sequences: bool, **options: Any) -> Recurrent:
        cell = CELLS[str(self.draw.choice([cell.name for cell in REMEMBERING]))]
        columns = len(cell.gates) * UNITS
        weights = Weights(
            self.numbers(features, columns), self.numbers(UNITS, columns), self.numbers(columns)
        )
        state = {name: self.numbers(UNITS) for name in cell.states}
        return Recurrent(name, cell, weights, sequences, initial_state=state, **options)

    def both(self, name: str, features: int, sequences: bool, merge: str) -> Bidirectional:
        zero = bool(self.draw.integers(2))
        forward = self.recurrent(f"{name}/f", features, sequences, zero_output_for_mask=zero)
        backward = self.recurrent(
            f"{name}/b", features, sequences, go_backwards=True, zero_output_for_mask=zero
        )
        return Bidirectional(name, forward, backward, merge)


PLANS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32 - 1),
        "masked": st.none() | st.integers(0, TIMESTEPS - 1),
        "low": st.sampled_from((None, *MERGES)),
        "between": st.booleans(),
        "top": st.sampled_from((None, *MERGES)),
        "backwards": st.booleans(),
        "restores": st.booleans(),
        "pooled": st.booleans(),
    }
)
"""What a network is built of: no merge mode for a layer of one direction."""


def build(plan: dict[str, Any]) -> tuple[Network, Array]:
    """Two recurrent layers of any direction, what may stand between them, and a head."""
    random, merge = Random(plan["seed"]), plan["low"]
    layers: list[Layer] = [] if plan["masked"] is None else [Masking("mask", 0.0)]
    options = {"go_backwards": plan["backwards"], "restores_order": plan["restores"]}
    low = (
        random.both("low", 3, True, merge) if merge else random.recurrent("low", 3, True, **options)
    )
    layers.append(low)
    width = low.units
    if plan["between"]:
        kernel = random.numbers(width, 3)
        layers += [Dense("between", kernel, random.numbers(3), "softmax"), Activation("a", "tanh")]
        width = 3
    layers.append(PassThrough("dropout", "Dropout"))
    merge, pooled = plan["top"], plan["pooled"]
    top = (
        random.both("top", width, pooled, merge)
        if merge
        else random.recurrent("top", width, pooled, **options)
    )
    layers += [top, *([Pooling("pooling", "average")] if pooled else [])]
    layers.append(Dense("head", random.numbers(top.units, 2), random.numbers(2), "softmax"))
    inputs = random.numbers(1, TIMESTEPS, 3)
    if plan["masked"] is not None:
        inputs[0, plan["masked"]] = 0
    return Network(tuple(layers)), inputs


def model_of(network: Network) -> Model:
    return Model("x", "x", "", {"kind": "imported"}, network, None, ("no", "yes"))


def logit_of(network: Network, inputs: Array) -> tuple[Any, Run]:
    run = network.run(inputs)
    return _logit(model_of(network), run, "yes"), run


@given(PLANS)
@settings(deadline=None, max_examples=40)
def test_gradients_reach_the_input_of_any_stack_as_central_differences_do(plan):
    network, inputs = build(plan)
    logit, run = logit_of(network, inputs)
    read = [t for t in range(TIMESTEPS) if inputs[0, t].any()]
    directions = [n for n in network.recurrent if n.startswith("low")]
    slopes = np.zeros((TIMESTEPS, 3))
    for t in read:
        for feature in range(3):
            by = np.zeros_like(inputs)
            by[0, t, feature] = 1e-6
            above, below = (logit_of(network, inputs + s * by)[0].value for s in (1, -1))
            slopes[t, feature] = (above - below) / 2e-6
    found = [
        gradient_norms(backpropagate(network, run.traces, name, logit.d_hidden))
        for name in directions
    ]
    dot = sum(norms.input_dot for norms in found)  # what both directions make of an input
    assert dot == pytest.approx((slopes * inputs[0]).sum(axis=-1), rel=1e-5, abs=1e-6)
    if len(found) == 1:
        lengths = np.linalg.norm(slopes, axis=-1)
        assert found[0].inputs[read] == pytest.approx(lengths[read], rel=1e-5, abs=1e-6)


@given(PLANS)
@settings(deadline=None, max_examples=60)
def test_word_scores_of_both_directions_add_up_to_the_logit(plan):
    network, inputs = build(plan)
    last = network.last_recurrent
    if isinstance(last, Bidirectional) and last.merge_mode == "mul":
        return  # has none
    logit, run = logit_of(network, inputs)
    shares = _attributions(model_of(network), run, logit)
    total = shares["initial_state"] + shares["scores"].sum()
    assert total == pytest.approx(logit.value - logit.bias, rel=1e-8, abs=1e-8)
    for t in range(TIMESTEPS):
        if not inputs[0, t].any() and isinstance(network.layers[0], Masking):
            assert shares["scores"][t] == 0


def test_a_backward_directions_last_state_is_at_the_first_word():
    random = Random(1)
    head = Dense("head", random.numbers(4, 2), np.zeros(2), "softmax")
    network = Network((random.both("top", 3, False, "concat"), head))
    logit, run = logit_of(network, random.numbers(1, TIMESTEPS, 3))
    forward, backward = (
        gradient_norms(backpropagate(network, run.traces, name, logit.d_hidden)).states[
            "hidden_state"
        ]
        for name in ("top/f", "top/b")
    )
    assert forward[-1] == pytest.approx(np.linalg.norm(head.kernel[:2, 1]))
    assert backward[0] == pytest.approx(np.linalg.norm(head.kernel[2:, 1]))


@pytest.mark.parametrize(
    "name",
    [
        "bidirectional_ave.keras",
        "bidirectional_concat.keras",
        "backwards.keras",
        "torch_gru.legacy.onnx",
    ],
)
def test_the_answer_of_a_model_that_reads_both_ways_can_be_explained(name):
    with TestClient(create_app(Settings())) as server:
        data = (FILES / name).read_bytes()
        row = server.post("/api/models", files={"file": (name, data)}).json()
        question = {
            "model": row["id"],
            "layer": row["layers"][-1]["name"],
            "token_ids": expected(name)["inputs"][1].tolist(),
            "include": ["gradients", "attributions", "updates", "memory"],
        }
        answer = server.post("/api/step", json=question)
    assert answer.status_code == 200, answer.text
    attributions = answer.json()["attributions"]
    total = attributions["bias"] + attributions["initial_state"] + sum(attributions["scores"])
    assert total == pytest.approx(attributions["logit"], rel=1e-5, abs=1e-5)
    directions = attributions.get("directions", {})
    assert len(directions) == (0 if name.startswith("backwards") else 2)
    for place, score in enumerate(attributions["scores"]):
        shares = [each["scores"][place] for each in directions.values()] or [score]
        assert sum(shares) == pytest.approx(score, rel=1e-6, abs=1e-9)
    assert all(norm > 0 for norm in answer.json()["gradients"]["hidden_state"])


def test_directions_that_are_multiplied_have_no_exact_scores_and_say_so():
    with TestClient(create_app(Settings())) as server:
        data = (FILES / "bidirectional_sum.keras").read_bytes()
        row = server.post("/api/models", files={"file": ("x", data)}).json()
        question = {"model": row["id"], "token_ids": [1, 2], "layer": row["layers"][0]["name"]}
        gradients = server.post("/api/step", json=question | {"include": ["gradients"]})
        assert gradients.status_code == 200
        question["layer"] = row["layers"][-1]["name"]
        answer = server.post("/api/step", json=question | {"include": ["attributions"]})
    assert answer.status_code == 422
    assert "SimpleRNN" in answer.json()["detail"] or "multiplies" in answer.json()["detail"]
