"""The LSTM agrees with PyTorch, Keras and ONNX Runtime: see fixtures/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from app.core.cells import lstm
from app.core.cells.base import State, Trace, Weights, sigmoid
from tests.fixtures.forward_cases import FORWARD, NAMES, ForwardCase

with np.load(Path(__file__).parents[1] / "fixtures" / "forward.npz") as stored:
    REFERENCE = dict(stored)

ACTIVATIONS = dict.fromkeys(lstm.GATES, sigmoid) | {"candidate": np.tanh}

every_case = pytest.mark.parametrize("case", FORWARD, ids=lambda case: case.name)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def weights_of(case: ForwardCase, dtype: str) -> Weights:
    return Weights(*case.weights(dtype))


def state_of(case: ForwardCase, dtype: str) -> dict[str, np.ndarray]:
    return dict(zip(("hidden_state", "cell_state"), case.state(dtype), strict=True))


def run(case: ForwardCase, dtype: str) -> Trace:
    prepared = lstm.prepare(weights_of(case, dtype))
    return lstm.forward(prepared, case.inputs(dtype), state_of(case, dtype), case.mask())


def run_by_steps(case: ForwardCase, dtype: str) -> dict[str, np.ndarray]:
    weights, inputs, mask = weights_of(case, dtype), case.inputs(dtype), case.mask()
    state: State = state_of(case, dtype)
    rows = []
    for t in range(case.timesteps):
        row = lstm.step(weights, inputs[:, t], state)
        if mask is not None:
            row |= {k: np.where(mask[:, t, None], row[k], state[k]) for k in state}
        state = {name: row[name] for name in state}
        rows.append(row)
    return {name: np.stack([row[name] for row in rows], axis=1) for name in NAMES}


def assert_close(actual: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    """Hold `actual` to within tolerance * max(1, |expected|), and to the same type."""
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    excess = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    assert excess.max() <= tolerance


def assert_agrees(case: ForwardCase, dtype: str, values: Mapping[str, np.ndarray]) -> None:
    """Hold all six arrays to what the frameworks computed."""
    kept = case.keep([values[name] for name in NAMES])
    for kind, actual in kept.items():
        assert_close(actual, REFERENCE[f"{case.name}/{dtype}/{kind}"], case.tolerance(dtype))


def test_reference_holds_every_case_and_nothing_else():
    keys = {
        f"{case.name}/{dtype}/{kind}"
        for case in FORWARD
        for dtype in ("float32", "float64")
        for kind in ("values", "means")
    }
    assert set(REFERENCE) == keys


@every_dtype
@every_case
def test_forward_agrees_with_the_frameworks_at_every_gate_and_state(case, dtype):
    assert_agrees(case, dtype, run(case, dtype).values)


@every_dtype
@every_case
def test_steps_in_a_loop_agree_with_the_frameworks_at_every_gate_and_state(case, dtype):
    assert_agrees(case, dtype, run_by_steps(case, dtype))


@every_dtype
@every_case
def test_preactivations_become_the_gates_through_their_activations(case, dtype):
    trace = run(case, dtype)
    gates = {name: ACTIVATIONS[name](trace.preactivations[name]) for name in lstm.GATES}
    assert_agrees(case, dtype, dict(trace.values) | gates)


@every_dtype
@every_case
def test_each_sequence_of_a_batch_is_what_it_is_alone(case, dtype):
    trace, mask = run(case, dtype), case.mask()
    prepared = lstm.prepare(weights_of(case, dtype))
    for b, inputs in enumerate(case.inputs(dtype)):
        state = {name: value[b : b + 1] for name, value in state_of(case, dtype).items()}
        own_mask = None if mask is None else mask[b : b + 1]
        alone = lstm.forward(prepared, inputs[np.newaxis], state, own_mask)
        for name in NAMES:
            assert_close(alone[name][0], trace[name][b], case.tolerance(dtype))


@every_dtype
@every_case
def test_word_by_word_with_the_returned_state_equals_the_whole(case, dtype):
    trace, mask, inputs = run(case, dtype), case.mask(), case.inputs(dtype)
    prepared = lstm.prepare(weights_of(case, dtype))
    state: State = state_of(case, dtype)
    for t in range(case.timesteps):
        word_mask = None if mask is None else mask[:, t : t + 1]
        word = lstm.forward(prepared, inputs[:, t : t + 1], state, word_mask)
        state = word.state(1)
        for name in NAMES:
            assert_close(word[name][:, 0], trace[name][:, t], case.tolerance(dtype))


@every_dtype
@pytest.mark.parametrize(
    "case", [c for c in FORWARD if not c.initial_state], ids=lambda case: case.name
)
def test_no_initial_state_means_zeros(case, dtype):
    prepared = lstm.prepare(weights_of(case, dtype))
    assert_agrees(case, dtype, lstm.forward(prepared, case.inputs(dtype), None, case.mask()).values)


@every_dtype
@pytest.mark.parametrize(
    "case", [c for c in FORWARD if c.regime == "masked"], ids=lambda case: case.name
)
def test_a_masked_timestep_repeats_the_state_before_it_exactly(case, dtype):
    trace, mask = run(case, dtype), case.mask()
    for b, t in np.argwhere(~mask).tolist():
        for name in lstm.STATES:
            assert np.array_equal(trace.state(t + 1)[name][b], trace.state(t)[name][b])
