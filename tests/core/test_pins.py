"""Pins: a gate held at a value, and everything after it recomputed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS, Weights
from app.core.cells.gru import GRU, GRU_RESET_BEFORE
from app.core.errors import BadInput
from app.core.pins import Pin, hold
from tests.explained import LSTM, assert_close, explained, simulate

VALUES = (*LSTM.gates, "hidden_state", "cell_state")
either = st.sampled_from(["float32", "float64"]).flatmap(explained)
gated_units = st.sampled_from([GRU, GRU_RESET_BEFORE]).flatmap(lambda cell: explained(cell=cell))


@given(explained("float64"))
@settings(deadline=None, max_examples=150)
def test_a_pinned_run_is_the_equations_with_the_gate_replaced(case):
    expected = simulate(case)
    for name in VALUES:
        assert_close(case.trace[name][0], expected[name], 1e-9)
    for gate in LSTM.gates:
        assert_close(case.trace.preactivations[gate][0], expected["z_" + gate], 1e-9)


@given(either | gated_units)
@settings(deadline=None)
def test_pins_at_the_computed_values_change_nothing(case):
    layer, trace = case.layer, case.trace
    same = {gate: trace[gate][0] for gate in layer.cell.gates}
    again = layer.cell.forward(layer.prepared, trace.inputs, trace.initial_state, trace.mask, same)
    for name in (*layer.cell.gates, *layer.cell.states):
        assert np.array_equal(again[name], trace[name])
    for gate in layer.cell.gates:
        assert np.array_equal(again.preactivations[gate], trace.preactivations[gate])


@given(either)
@settings(deadline=None)
def test_a_pin_changes_nothing_before_its_timestep(case):
    free = case.network.run(case.ids, {"layer": case.state} if case.state else None)
    first = min(
        (np.flatnonzero(~np.isnan(held).all(axis=1))[0] for held in case.pins.values()),
        default=case.trace.timesteps,
    )
    for name in VALUES:
        assert np.array_equal(case.trace[name][:, :first], free.traces["layer"][name][:, :first])


@given(either)
@settings(deadline=None)
def test_word_by_word_a_pinned_run_is_the_same_as_at_once(case):
    layer, trace = case.layer, case.trace
    state = trace.initial_state
    for t in range(trace.timesteps):
        here = slice(t, t + 1)
        word = layer.cell.forward(
            layer.prepared,
            trace.inputs[:, here],
            state,
            None if trace.mask is None else trace.mask[:, here],
            {gate: held[here] for gate, held in case.pins.items()} or None,
        )
        for name in VALUES:
            assert_close(word[name][0, 0], trace[name][0, t])
        state = word.state(1)


def test_every_sequence_of_a_batch_has_its_gates_held():
    random = np.random.default_rng(1)
    weights = Weights(*(random.standard_normal(shape) for shape in ((2, 12), (3, 12), (12,))))
    prepared, inputs = LSTM.prepare(weights), random.standard_normal((4, 5, 2))
    pins = hold(LSTM, 5, 3, [Pin(2, "candidate", 1, -0.5), Pin(4, "output_gate", None, 0.25)])
    together = LSTM.forward(prepared, inputs, None, None, pins)
    for b in range(4):
        alone = LSTM.forward(prepared, inputs[b : b + 1], None, None, pins)
        for name in VALUES:
            assert_close(together[name][b], alone[name][0], 1e-12)


def test_of_two_pins_for_the_same_number_the_later_one_holds():
    pins = [Pin(1, "forget_gate", None, 0.5), Pin(1, "forget_gate", 1, 0.25)]
    held = hold(LSTM, 2, 2, pins)["forget_gate"]
    assert held[0].tolist() == [0.5, 0.25]
    assert np.isnan(held[1]).all()


@pytest.mark.parametrize(
    ("pin", "text"),
    [
        (Pin(0, "forget_gate", 0, 1), r"pins\.0\.timestep is 0, but the timesteps are 1 to 4"),
        (Pin(5, "forget_gate", 0, 1), r"pins\.0\.timestep is 5, but"),
        (Pin(1, "forget_gate", 3, 1), r"pins\.0\.unit is 3, but the layer has units 0 to 2"),
        (Pin(1, "forget_gate", -1, 1), r"pins\.0\.unit is -1"),
        (
            Pin(1, "update_gate", 0, 1),
            r"'update_gate', but the gates of LSTM are: input_gate",
        ),
        (Pin(1, "forget_gate", 0, 1.01), r"value is 1\.01, .* forget_gate takes .* 0 to 1"),
        (Pin(1, "forget_gate", 0, -0.01), r"value is -0\.01"),
        (Pin(1, "candidate", 0, -1.01), r"the candidate takes values from -1 to 1"),
        (Pin(1, "output_gate", 0, float("nan")), r"value is nan"),
        (Pin(10**30, "output_gate", 0, 0), r"timestep is 1000"),
    ],
)
def test_a_pin_that_does_not_fit_is_refused_with_what_would(pin, text):
    with pytest.raises(BadInput, match=text):
        hold(LSTM, 4, 3, [pin])


def test_a_gate_without_weights_is_held_by_the_one_that_it_comes_from():
    text = "input_gate, but of CoupledLSTM that is 1 - forget_gate. Hold the forget_gate"
    with pytest.raises(BadInput, match=text):
        hold(CELLS["lstm_coupled"], 4, 3, [Pin(1, "input_gate", 0, 1)])


def test_a_simple_rnn_has_no_gate_to_hold():
    with pytest.raises(BadInput, match="SimpleRNN layer has none"):
        hold(CELLS["simple_rnn"], 4, 3, [Pin(1, "forget_gate", 0, 1)])
