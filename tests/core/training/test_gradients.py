"""Every cell's `backward` is the derivative of its `forward`, by central differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.core.cells import CELLS, Array, Cell, Gradients, Trace, Weights
from tests.fixtures.draws import draw

BATCH, TIMESTEPS, FEATURES, UNITS = 3, 5, 4, 2
MASK = np.array([[1, 1, 1, 1, 1], [0, 1, 0, 1, 1], [1, 1, 1, 0, 0]], bool)
STEP = 1e-5

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
every_mask = pytest.mark.parametrize("mask", [None, MASK], ids=["unmasked", "masked"])


def arrays_of(cell: Cell) -> dict[str, Array]:
    """What a cell reads: weights, inputs and initial state, in float64."""
    columns = max(1, len(cell.gates)) * UNITS
    state = {name: draw(name, BATCH, UNITS) for name in cell.states}
    return {
        "kernel": draw("kernel", FEATURES, columns),
        "recurrent_kernel": draw("recurrent_kernel", UNITS, columns),
        "bias": draw("bias", columns),
        "inputs": draw("inputs", BATCH, TIMESTEPS, FEATURES),
    } | state


def run(cell: Cell, arrays: dict[str, Array], mask: Array | None) -> tuple[Trace, Weights]:
    weights = Weights(arrays["kernel"], arrays["recurrent_kernel"], arrays["bias"])
    state = {name: arrays[name] for name in cell.states}
    return cell.forward(cell.prepare(weights), arrays["inputs"], state, mask, None), weights


def backpropagate(cell: Cell, mask: Array | None) -> tuple[Gradients, Array]:
    trace, weights = run(cell, arrays_of(cell), mask)
    d_hidden = draw("d_hidden", BATCH, TIMESTEPS, UNITS)
    return cell.backward(cell.prepare(weights), trace, d_hidden), d_hidden


def by_differences(function: Callable[[Array], float], array: Array) -> Array:
    """Differentiate numerically, one number of the array after the other."""
    slopes = np.empty_like(array)
    for index in np.ndindex(*array.shape):
        values = []
        for sign in (1, -1):
            moved = array.copy()
            moved[index] += sign * STEP
            values.append(function(moved))
        slopes[index] = (values[0] - values[1]) / (2 * STEP)
    return slopes


def assert_close(actual: Array, expected: Array) -> None:
    """Hold to within 1e-7 of the largest, and make sure that there is something to compare."""
    scale = np.abs(expected).max()
    assert scale > 1e-3
    assert np.abs(actual - expected).max() <= 1e-7 * max(1, scale)


@every_cell
@every_mask
def test_gradients_of_everything_a_cell_reads_are_its_central_differences(cell, mask):
    gradients, d_hidden = backpropagate(cell, mask)
    arrays = arrays_of(cell)
    found = dict(gradients.initial_state) | {
        "kernel": gradients.weights.kernel,
        "recurrent_kernel": gradients.weights.recurrent_kernel,
        "bias": gradients.weights.bias,
        "inputs": gradients.inputs,
    }
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():

        def weighted_sum(moved: Array, name: str = name) -> float:
            trace, _ = run(cell, arrays | {name: moved}, mask)
            return float((trace["hidden_state"] * d_hidden).sum())

        assert_close(found[name], by_differences(weighted_sum, array))


@every_cell
@every_mask
def test_gradients_of_the_states_count_every_path_through_the_timesteps_that_follow(cell, mask):
    gradients, d_hidden = backpropagate(cell, mask)
    arrays = arrays_of(cell)
    trace, weights = run(cell, arrays, mask)
    for t in range(1, TIMESTEPS):
        for name in cell.states:

            def weighted_sum(moved: Array, name: str = name, t: int = t) -> float:
                state = dict(trace.state(t)) | {name: moved}
                rest = cell.forward(
                    cell.prepare(weights),
                    arrays["inputs"][:, t:],
                    state,
                    None if mask is None else mask[:, t:],
                    None,
                )
                value = (rest["hidden_state"] * d_hidden[:, t:]).sum()
                return float(value + (state["hidden_state"] * d_hidden[:, t - 1]).sum())

            slopes = by_differences(weighted_sum, trace.state(t)[name])
            if name == "cell_state":  # and by way of its own timestep's hidden state
                slopes += d_hidden_by_cell_state(trace, gradients, t, mask)
            assert_close(gradients.states[name][:, t - 1], slopes)


def d_hidden_by_cell_state(trace: Trace, gradients: Gradients, t: int, mask: Array | None) -> Array:
    """The part of a cell state's gradient that goes through its own hidden state."""
    slope = trace["output_gate"][:, t - 1] * (1 - np.tanh(trace["cell_state"][:, t - 1]) ** 2)
    part = gradients.states["hidden_state"][:, t - 1] * slope
    return part if mask is None else part * mask[:, t - 1, np.newaxis]


@every_cell
def test_a_masked_timestep_has_no_gradient_of_its_input(cell):
    gradients, _ = backpropagate(cell, MASK)
    assert np.all(gradients.inputs[~MASK] == 0)
    assert np.all(np.abs(gradients.inputs[MASK]).max(axis=-1) > 0)
