"""The memory ledger: what is left of each word adds up to the state."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import Trace, Weights
from app.core.errors import BadInput
from app.core.explain import Ledger
from tests.explained import LSTM, REMEMBERING, SIMPLE_RNN, Explained, assert_close, explained

either = st.sampled_from(["float32", "float64"]).flatmap(explained)
remembering = st.sampled_from(REMEMBERING).flatmap(lambda cell: explained(cell=cell))


def defined(case: Explained, unit: int) -> np.ndarray:
    """The ledger's defining products, one by one."""
    trace = case.trace
    i, f, g = (trace[name][0, :, unit].astype(float) for name in LSTM.gates[:3])
    if trace.mask is not None:
        f, i = np.where(trace.mask[0], f, 1), np.where(trace.mask[0], i, 0)
    written = np.concatenate([trace.initial_state["cell_state"][:, unit], i * g])
    return np.array(
        [
            [written[s] * np.prod(f[s:t]) if s <= t else 0 for s in range(len(written))]
            for t in range(1, len(written))
        ]
    )


@given(either)
@settings(deadline=None, max_examples=150)
def test_every_row_adds_up_to_the_cell_state_of_its_timestep(case):
    for unit in range(case.layer.weights.units):
        rows = Ledger.of(case.trace).contributions(unit)
        assert_close(rows.sum(axis=1), case.trace["cell_state"][0, :, unit])


@given(either)
@settings(deadline=None)
def test_contributions_are_the_products_that_define_them(case):
    ledger = Ledger.of(case.trace)
    for unit in range(case.layer.weights.units):
        assert_close(ledger.contributions(unit), defined(case, unit), 1e-12)


@given(either)
@settings(deadline=None)
def test_the_magnitude_is_the_size_of_all_units_contributions(case):
    ledger = Ledger.of(case.trace)
    each = [np.abs(ledger.contributions(unit)) for unit in range(case.layer.weights.units)]
    assert_close(ledger.magnitude(), sum(each), 1e-12)


@given(explained())
@settings(deadline=None)
def test_words_yet_to_come_have_left_nothing(case):
    magnitude = Ledger.of(case.trace).magnitude()
    assert not magnitude[np.triu_indices_from(magnitude, k=2)].any()


def held(**gates: list[float]) -> Trace:
    """One unit whose gates are held at these values."""
    weights = Weights(*(np.zeros(shape, np.float32) for shape in ((1, 4), (1, 4), (4,))))
    pins = {name: np.array(values)[:, np.newaxis] for name, values in gates.items()}
    inputs = np.zeros((1, len(gates["forget_gate"]), 1), np.float32)
    state = {"hidden_state": np.zeros((1, 1)), "cell_state": np.full((1, 1), 8.0)}
    return LSTM.forward(LSTM.prepare(weights), inputs, state, None, pins)


def test_halving_gates_leave_a_half_a_quarter_an_eighth():
    trace = held(forget_gate=[0.5] * 3, input_gate=[1.0] * 3, candidate=[1.0, -1.0, 0.5])
    ledger = Ledger.of(trace)
    assert ledger.contributions(0).tolist() == [[4, 1, 0, 0], [2, 0.5, -1, 0], [1, 0.25, -0.5, 0.5]]
    assert ledger.magnitude().tolist() == [[4, 1, 0, 0], [2, 0.5, 1, 0], [1, 0.25, 0.5, 0.5]]


def test_a_closed_forget_gate_drops_all_that_was_written_before():
    trace = held(forget_gate=[1.0, 1.0, 0.0], input_gate=[1.0] * 3, candidate=[1.0] * 3)
    assert Ledger.of(trace).contributions(0).tolist()[-1] == [0, 0, 0, 1]


def test_nothing_is_a_negative_zero():
    trace = held(forget_gate=[0.0, 0.0], input_gate=[0.0, 0.0], candidate=[-1.0, -1.0])
    assert not np.signbit(Ledger.of(trace).contributions(0)).any()


def test_masked_timesteps_keep_everything_and_write_nothing():
    trace = replace(
        held(forget_gate=[0.5] * 3, input_gate=[1.0] * 3, candidate=[1.0] * 3),
        mask=np.array([[True, False, True]]),
    )
    assert Ledger.of(trace).contributions(0).tolist() == [
        [4, 1, 0, 0],
        [4, 1, 0, 0],
        [2, 0.5, 0, 1],
    ]


@given(remembering)
@settings(deadline=None, max_examples=150)
def test_the_ledger_of_any_cell_adds_up_to_the_state_that_it_declares_as_its_memory(case):
    state = case.layer.cell.memory.state
    for unit in range(case.layer.weights.units):
        rows = Ledger.of(case.trace).contributions(unit)
        assert_close(rows.sum(axis=1), case.trace[state][0, :, unit])


@given(explained(cell=SIMPLE_RNN))
@settings(deadline=None, max_examples=3)
def test_a_simple_rnn_has_no_ledger_and_says_so(case):
    with pytest.raises(BadInput, match=r"SimpleRNN layer writes its whole state.*: LSTM, GRU"):
        Ledger.of(case.trace)
