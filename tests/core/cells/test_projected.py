"""An LSTM whose hidden states are shorter than its cell states: `proj_size` in PyTorch."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.cells import Weights
from app.core.cells.activated import with_activations
from app.core.explain import Ledger, attribute
from app.core.modelfile import read, to_bytes
from app.importers.naming import as_model
from tests.fixtures.draws import draw
from tests.imports import imported

CELL = with_activations("lstm", "tanh", "sigmoid", projected=True)
MASK = np.array([[True, True, False, True], [False, True, True, False]])
SIZES = {"kernel": (3, 16), "recurrent_kernel": (2, 16), "bias": (16,), "projection": (4, 2)}
ARRAYS = {name: draw(f"projected {name}", *size) for name, size in SIZES.items()}
INPUTS = draw("projected inputs", 2, 4, 3)
D_HIDDEN = draw("projected d", 2, 4, 2)


def run(arrays, mask=None, inputs=INPUTS):
    weights = Weights(**arrays)
    return weights, CELL.forward(CELL.prepare(weights), inputs, None, mask, None)


def test_the_states_are_those_of_the_equations_step_by_step():
    weights, trace = run(ARRAYS)
    assert (weights.units, weights.hidden) == (4, 2)
    state = trace.initial_state
    assert {name: array.shape for name, array in state.items()} == {
        "hidden_state": (2, 2),
        "cell_state": (2, 4),
    }
    for t in range(4):
        values = CELL.step(weights, INPUTS[:, t], state)
        state = {name: values[name] for name in CELL.states}
        for name, array in values.items():
            assert np.allclose(trace[name][:, t], array, atol=1e-12)
    exposed = trace["output_gate"] * np.tanh(trace["cell_state"])
    assert np.allclose(exposed @ weights.projection, trace["hidden_state"], atol=1e-12)


@pytest.mark.parametrize("mask", [None, MASK])
def test_derivatives_are_those_of_small_changes(mask):
    weights, trace = run(ARRAYS, mask)
    found = CELL.backward(CELL.prepare(weights), trace, D_HIDDEN)

    def loss(arrays, inputs=INPUTS):
        return (run(arrays, mask, inputs)[1]["hidden_state"] * D_HIDDEN).sum()

    for name, array in (*ARRAYS.items(), ("inputs", INPUTS)):
        derivative = found.inputs if name == "inputs" else getattr(found.weights, name)
        assert derivative.shape == array.shape
        for place in list(np.ndindex(array.shape))[::5]:
            moved = [array.copy(), array.copy()]
            moved[0][place] += 1e-5
            moved[1][place] -= 1e-5
            up, down = (
                loss(ARRAYS, each) if name == "inputs" else loss(ARRAYS | {name: each})
                for each in moved
            )
            assert derivative[place] == pytest.approx((up - down) / 2e-5, abs=1e-7)


@pytest.mark.parametrize("mask", [None, MASK[:1]])
def test_the_ledger_is_of_the_cell_state_and_scores_add_up_to_the_sum_of_hidden_states(mask):
    _, trace = run(ARRAYS, mask, INPUTS[:1])
    ledger = Ledger.of(trace)
    assert np.allclose(ledger.contributions(3).sum(axis=1), trace["cell_state"][0, :, 3])
    shares = attribute(trace, D_HIDDEN[0])
    total = (D_HIDDEN[0] * trace["hidden_state"][0]).sum()
    assert shares.initial_state + shares.scores.sum() == pytest.approx(total, abs=1e-9)


def test_the_file_that_is_downloaded_gives_the_same():
    found = imported("torch_saved_projected.pt")
    network = read(to_bytes(as_model(found, "brought", "a.pt")), "again").network
    x = draw("projected", 1, 5, 3).astype(np.float32)
    first, second = found.network.run(x).by_timestep, network.run(x).by_timestep
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)
    assert [layer.units for layer in network.recurrent.values()] == [2] * 6
    assert "an LSTM with a projection, which Keras does not have" in network.code()
