"""What must hold in an LSTM whatever its weights and inputs are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS, Trace, Weights

LSTM = CELLS["lstm"]
LARGEST = 1e30  # the largest number a request may hold


@st.composite
def layers(draw) -> tuple[Weights, np.ndarray, dict[str, np.ndarray]]:
    """A layer, its inputs and the state it starts from, in either precision and of any size."""
    features, units, timesteps, batch = (draw(st.integers(1, 5)) for _ in range(4))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = 10.0 ** draw(st.integers(-3, 30))
    dtype = draw(st.sampled_from([np.float32, np.float64]))

    def normal(*shape, by=1.0):
        return np.clip(by * random.standard_normal(shape), -LARGEST, LARGEST).astype(dtype)

    weights = Weights(normal(features, 4 * units), normal(units, 4 * units), normal(4 * units))
    state = {name: normal(batch, units, by=scale) for name in LSTM.states}
    return weights, normal(batch, timesteps, features, by=scale), state


def forward(weights: Weights, inputs: np.ndarray, state=None, mask=None) -> Trace:
    return LSTM.forward(LSTM.prepare(weights), inputs, state, mask, None)


@settings(deadline=None)
@given(layers())
def test_gates_stay_in_their_range_and_nothing_is_ever_nan(layer):
    weights, inputs, state = layer
    trace = forward(weights, inputs, state)
    for gate in ("input_gate", "forget_gate", "output_gate"):
        assert (trace[gate] >= 0).all()
        assert (trace[gate] <= 1).all()
    for name in ("candidate", "hidden_state"):
        assert (np.abs(trace[name]) <= 1).all()
    assert np.isfinite(trace["cell_state"]).all()
    for z in trace.preactivations.values():
        assert np.isfinite(z).all()


@settings(deadline=None)
@given(layers())
def test_the_cell_state_is_what_was_kept_and_what_was_written(layer):
    weights, inputs, state = layer
    trace = forward(weights, inputs, state)
    before = state["cell_state"]
    for t in range(trace.timesteps):
        kept = trace["forget_gate"][:, t] * before
        written = trace["input_gate"][:, t] * trace["candidate"][:, t]
        before = trace["cell_state"][:, t]
        assert before == pytest.approx(kept + written, rel=1e-5, abs=1e-6)


@settings(deadline=None)
@given(layers(), st.floats(-1e4, 1e4))
def test_a_closed_forget_gate_clears_the_cell_state(layer, memory):
    weights, inputs, state = layer
    units = weights.units
    closed = weights.bias.copy()
    closed[units : 2 * units] = -1e6
    calm = Weights(np.zeros_like(weights.kernel), np.zeros_like(weights.recurrent_kernel), closed)
    full = {name: np.full_like(array, memory) for name, array in state.items()}
    empty = {name: np.zeros_like(array) for name, array in state.items()}
    one, other = forward(calm, inputs, full), forward(calm, inputs, empty)
    assert one["cell_state"] == pytest.approx(other["cell_state"], abs=1e-6)


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_cell_state():
    units = 2
    bias = np.zeros(4 * units)
    bias[:units], bias[units : 2 * units] = -1e3, 1e3
    weights = Weights(np.zeros((1, 4 * units)), np.zeros((units, 4 * units)), bias)
    state = {"hidden_state": np.zeros((1, units)), "cell_state": np.array([[3.0, -0.25]])}
    trace = forward(weights, np.ones((1, 50, 1)), state)
    assert trace["cell_state"][0, -1] == pytest.approx([3.0, -0.25], abs=1e-12)


def test_the_trace_gives_the_state_after_any_timestep():
    weights = Weights(np.ones((1, 4)), np.ones((1, 4)), np.zeros(4))
    trace = forward(weights, np.ones((2, 3, 1)))
    assert trace.state(0)["cell_state"] == pytest.approx(np.zeros((2, 1)))
    assert trace.state(3)["hidden_state"] == pytest.approx(trace["hidden_state"][:, 2])
