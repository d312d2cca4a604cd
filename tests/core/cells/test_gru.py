"""The gated recurrent unit, in both forms, is Keras's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.cells import CELLS, Array, State, Trace, Weights
from app.core.cells.gru import split_bias
from app.core.network import softmax
from tests.fixtures.draws import draw
from tests.fixtures.training_cases import TRAINING, TrainingCase

with np.load(Path(__file__).parents[2] / "fixtures" / "training.npz") as stored:
    REFERENCE = {key: stored[key] for key in stored.files if key.startswith("gru")}

CASES = [case for case in TRAINING if case.cell.startswith("gru")]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_form = pytest.mark.parametrize("name", ["gru", "gru_reset_before"])


def run(case: TrainingCase) -> tuple[Trace, Weights, Array, Array | None]:
    weights, (tokens, _) = case.weights(), case.batch(0)
    layer = Weights(weights["kernel"], weights["recurrent_kernel"], weights["bias"])
    inputs, mask = weights["embedding"][tokens], tokens != 0 if case.masked else None
    cell = CELLS[case.cell]
    return cell.forward(cell.prepare(layer), inputs, None, mask, None), layer, inputs, mask


@every_case
def test_a_network_around_the_unit_gives_what_keras_gives(case):
    trace, *_ = run(case)
    weights, hidden = case.weights(), trace["hidden_state"]
    read = {"last": hidden[:, -1], "flatten": hidden.reshape(len(hidden), -1)}.get(
        case.head, hidden
    )
    logits = read @ weights["dense_kernel"] + weights["dense_bias"]
    said = softmax(logits) if case.loss == "categorical" else 1 / (1 + np.exp(-logits))
    assert np.abs(said - REFERENCE[f"{case.name}/output"]).max() <= 1e-12


@every_case
def test_steps_in_a_loop_are_the_forward_pass(case):
    trace, weights, inputs, mask = run(case)
    state: State = {"hidden_state": np.zeros((len(inputs), weights.units))}
    for t in range(trace.timesteps):
        row = CELLS[case.cell].step(weights, inputs[:, t], state)
        if mask is not None:
            row["hidden_state"] = np.where(
                mask[:, t, None], row["hidden_state"], state["hidden_state"]
            )
        for name, value in row.items():
            assert np.abs(value - trace[name][:, t]).max() <= 1e-14
        state = {"hidden_state": row["hidden_state"]}


@every_case
def test_preactivations_become_the_gates_through_their_activations(case):
    trace, *_ = run(case)
    sums = trace.preactivations
    for gate in ("update_gate", "reset_gate"):
        assert np.abs(1 / (1 + np.exp(-sums[gate])) - trace[gate]).max() <= 1e-14
    assert np.abs(np.tanh(sums["candidate"]) - trace["candidate"]).max() <= 1e-14


def weights_of(bias: Array) -> Weights:
    return Weights(draw("kernel", 3, 6), draw("recurrent_kernel", 2, 6), bias)


@every_form
def test_a_bias_in_one_row_is_one_whose_recurrent_part_is_zero(name):
    alone, inputs, cell = draw("bias", 6), draw("inputs", 2, 4, 3), CELLS[name]
    both = np.stack([alone, np.zeros(6)])
    traces = [
        cell.forward(cell.prepare(weights_of(bias)), inputs, None, None, None)
        for bias in (alone, both)
    ]
    assert np.array_equal(traces[0]["hidden_state"], traces[1]["hidden_state"])
    assert np.array_equal(split_bias(both)[0], alone)


@every_form
def test_the_recurrent_bias_of_the_candidate_meets_the_reset_gate_in_one_form_only(name):
    bias, moved = np.zeros((2, 6)), np.zeros((2, 6))
    moved[0, 4:] = moved[1, 4:] = 0.5
    moved[0, 4:] -= 0.5  # only in the recurrent row: as good as in the other one, or not
    other = np.zeros((2, 6))
    other[0, 4:] = 0.5
    inputs, cell = draw("inputs", 1, 3, 3), CELLS[name]
    said = [
        cell.forward(cell.prepare(weights_of(b)), inputs, None, None, None)["candidate"]
        for b in (bias, moved, other)
    ]
    same = np.allclose(said[1], said[2], atol=1e-12)
    assert same == (name == "gru_reset_before")
    assert not np.allclose(said[0], said[1])


@every_form
def test_gates_that_are_held_keep_their_values_and_change_what_follows(name):
    cell, inputs = CELLS[name], draw("inputs", 1, 4, 3)
    prepared = cell.prepare(weights_of(draw("bias", 6)))
    pins = {"update_gate": np.full((4, 2), np.nan), "reset_gate": np.full((4, 2), np.nan)}
    pins["update_gate"][1] = 1
    pins["reset_gate"][2, 0] = 0.25
    free = cell.forward(prepared, inputs, None, None, None)
    held = cell.forward(prepared, inputs, None, None, pins)
    assert np.array_equal(held["hidden_state"][0, 1], held["hidden_state"][0, 0])
    assert held["reset_gate"][0, 2, 0] == 0.25
    assert np.array_equal(held["candidate"][0, 1], free["candidate"][0, 1])
    assert not np.allclose(held["hidden_state"][0, 3], free["hidden_state"][0, 3])


@every_form
def test_both_rows_of_the_bias_have_gradients_of_their_own(name):
    cell, inputs, d = CELLS[name], draw("inputs", 2, 4, 3), draw("d", 2, 4, 2)
    bias = draw("both", 2, 6)

    def loss(b: Array) -> float:
        trace = cell.forward(cell.prepare(weights_of(b)), inputs, None, None, None)
        return float((trace["hidden_state"] * d).sum())

    prepared = cell.prepare(weights_of(bias))
    found = cell.backward(prepared, cell.forward(prepared, inputs, None, None, None), d)
    for place in np.ndindex(2, 6):
        moved = np.zeros((2, 6))
        moved[place] = 1e-6
        slope = (loss(bias + moved) - loss(bias - moved)) / 2e-6
        assert abs(found.weights.bias[place] - slope) <= 1e-8
