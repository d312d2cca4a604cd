"""Cells with activations of their own: the same equations, other curves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from app.core.cells import CELLS, Array, State, Weights
from app.core.cells.activated import with_activations
from app.core.cells.activations import ACTIVATIONS, NOT_ELEMENTWISE
from tests.fixtures.draws import draw

PAIRS = [("tanh", "sigmoid"), ("relu", "hard_sigmoid_2"), ("softsign", "sigmoid")]
MASK = np.array([[1, 0, 1, 1], [1, 1, 1, 0]], bool)
every = pytest.mark.parametrize(
    ("name", "pair"), list(itertools.product(CELLS, PAIRS)), ids=lambda value: str(value)
)


def arrays_of(name: str) -> dict[str, Array]:
    columns = max(1, len(CELLS[name].gates)) * 2
    state = {f"state:{state}": 0.5 * draw(state, 2, 2) for state in CELLS[name].states}
    peephole = {"peephole": draw("peephole", 3, 2)} if name == "lstm" else {}
    return (
        {
            "kernel": 0.8 * draw("kernel", 3, columns),
            "recurrent_kernel": 0.8 * draw("recurrent_kernel", 2, columns),
            "bias": draw("bias", columns),
            "inputs": draw("inputs", 2, 4, 3),
        }
        | state
        | peephole
    )


def run(name, pair, arrays, mask=None, pins=None):
    peephole = arrays.get("peephole")
    cell = with_activations(name, *pair, peephole is not None)
    weights = Weights(arrays["kernel"], arrays["recurrent_kernel"], arrays["bias"], peephole)
    state = {s: arrays[f"state:{s}"] for s in cell.states}
    return cell, weights, cell.forward(cell.prepare(weights), arrays["inputs"], state, mask, pins)


@pytest.mark.parametrize("name", CELLS)
def test_the_usual_activations_give_the_usual_cell(name):
    assert with_activations(name, "tanh", "sigmoid") is CELLS[name]


@every
def test_steps_in_a_loop_are_the_forward_pass(name, pair):
    arrays = arrays_of(name)
    cell, weights, trace = run(name, pair, arrays, MASK)
    state: State = trace.state(0)
    for t in range(4):
        row = cell.step(weights, arrays["inputs"][:, t], state)
        row |= {s: np.where(MASK[:, t, None], row[s], state[s]) for s in cell.states}
        for key, value in row.items():
            assert np.abs(value - trace[key][:, t]).max() <= 1e-12
        state = {s: row[s] for s in cell.states}


@every
def test_gradients_are_central_differences(name, pair):
    arrays, d = arrays_of(name), draw("d", 2, 4, 2)
    pins = None
    if CELLS[name].gates:
        pins = {CELLS[name].gates[1]: np.full((4, 2), np.nan)}
        pins[CELLS[name].gates[1]][2, 1] = 0.5
    cell, weights, trace = run(name, pair, arrays, MASK, pins)
    found = cell.backward(cell.prepare(weights), trace, d)
    gradients = {
        "kernel": found.weights.kernel,
        "recurrent_kernel": found.weights.recurrent_kernel,
        "bias": found.weights.bias,
        "inputs": found.inputs,
    } | {f"state:{s}": a for s, a in found.initial_state.items()}
    if found.weights.peephole is not None:
        gradients["peephole"] = found.weights.peephole
    assert gradients.keys() == arrays.keys()
    for key, array in arrays.items():
        for place in np.ndindex(*array.shape):
            losses = []
            for sign in (1, -1):
                moved = array.copy()
                moved[place] += sign * 1e-6
                done = run(name, pair, arrays | {key: moved}, MASK, pins)[2]
                losses.append((done["hidden_state"] * d).sum())
            assert abs((losses[0] - losses[1]) / 2e-6 - gradients[key][place]) <= 1e-6


def test_without_a_look_at_the_cell_state_peepholes_are_the_usual_cell():
    arrays = arrays_of("lstm")
    plain = {key: array for key, array in arrays.items() if key != "peephole"}
    usual = run("lstm", ("tanh", "sigmoid"), plain, MASK)[2]
    closed = run("lstm", ("tanh", "sigmoid"), plain | {"peephole": np.zeros((3, 2))}, MASK)[2]
    assert usual.cell is CELLS["lstm"]
    for key, values in usual.values.items():
        assert np.abs(closed[key] - values).max() <= 1e-12


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n not in NOT_ELEMENTWISE])
def test_an_elementwise_activation_is_finite_and_keeps_its_type(name):
    z = np.array([-80, -3, -0.5, 0, 0.5, 3, 80], np.float32)
    found = ACTIVATIONS[name](z)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


def test_activations_agree_with_their_definitions():
    z = np.linspace(-4, 4, 9)
    expected = {
        "elu": np.where(z > 0, z, np.exp(z) - 1),
        "silu": z / (1 + np.exp(-z)),
        "softplus": np.log1p(np.exp(z)),
        "hard_sigmoid": np.clip((z + 3) / 6, 0, 1),
        "hard_sigmoid_2": np.clip(0.2 * z + 0.5, 0, 1),
        "mish": z * np.tanh(np.log1p(np.exp(z))),
        "log_softmax": z - np.log(np.exp(z).sum()),
    }
    for name, values in expected.items():
        assert np.abs(ACTIVATIONS[name](z) - values).max() <= 1e-12
