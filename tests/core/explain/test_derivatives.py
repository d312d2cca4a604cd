"""Every gate's and every state's derivative: autograd's, and those of central differences."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS, Weights
from app.core.cells.activated import with_activations
from app.core.cells.activations import ACTIVATIONS
from app.core.explain import backpropagate, derivatives, of_layer, read_logit
from app.core.network import Recurrent
from tests.explained import Explained, explained
from tests.fixtures.gradient_cases import CASES

with np.load(Path(__file__).parents[2] / "fixtures" / "gradients.npz") as stored:
    AUTOGRAD = dict(stored)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_derivative_is_autograds(case):
    cell, mask = CELLS[case.cell], case.mask()
    layer = Recurrent("layer", cell, Weights(**case.weights()), return_sequences=True)
    state = {name: case.initial_state()[name][np.newaxis] for name in cell.states}
    masks = None if mask is None else mask[np.newaxis]
    trace = cell.forward(layer.prepared, case.inputs()[np.newaxis], state, masks, None)
    found = derivatives(of_layer(layer, trace, case.d_hidden()))
    ours = found.values | {f"sum:{name}": array for name, array in found.preactivations.items()}
    ours |= {f"initial:{name}": array for name, array in found.initial_state.items()}
    theirs = {
        key.removeprefix(f"{case.name}/"): array
        for key, array in AUTOGRAD.items()
        if key.startswith(f"{case.name}/")
    }
    assert ours.keys() == theirs.keys()
    for name, array in theirs.items():
        np.testing.assert_allclose(ours[name], array, rtol=1e-10, atol=1e-13, err_msg=name)


SPECIAL = {
    "peepholes": with_activations("lstm", "tanh", "sigmoid", peephole=True),
    "rectified": with_activations("lstm", "softsign", "hard_sigmoid"),
    "projected": with_activations("lstm", "tanh", "sigmoid", projected=True),
    "gru, softsign": with_activations("gru", "softsign", "sigmoid"),
}


def logit(case: Explained, held: dict[str, np.ndarray]) -> float:
    """The logit with gates held at values, besides the case's own pins."""
    trace = case.trace
    hidden = case.layer.cell.forward(
        case.layer.prepared, trace.inputs, trace.initial_state, trace.mask, held
    )["hidden_state"][0]
    return read_logit(case.network.head, hidden, case.label, case.labels).value


def slope(case: Explained, gate: str, place: tuple[int, int], low: float, high: float) -> float:
    """How the logit differs with one unit's gate at one timestep held at `high` and at `low`."""

    def at(value: float) -> float:
        free = np.full(case.trace[gate][0].shape, np.nan)
        held = {name: values.copy() for name, values in case.pins.items()}
        held.setdefault(gate, free)[place] = value
        return logit(case, held)

    return at(high) - at(low)


@given(
    st.sampled_from([cell for cell in CELLS.values() if cell.gates]).flatmap(
        lambda cell: explained("float64", cell=cell, heads=("dense",))
    )
)
@settings(deadline=None, max_examples=40)
def test_gates_agree_with_central_differences(case):
    cell, trace, step = case.layer.cell, case.trace, 1e-5
    backward = backpropagate(case.network, case.run.traces, "layer", case.logit.d_hidden)
    found = derivatives(backward)
    for gate in cell.gates:
        held = case.pins.get(gate, np.full(trace[gate][0].shape, np.nan))
        act = cell.activation if gate == "candidate" else cell.recurrent_activation
        for place in np.ndindex(trace[gate][0].shape):
            value, z = trace[gate][0][place], trace.preactivations[gate][0][place]
            expected = slope(case, gate, place, value - step, value + step) / (2 * step)
            assert found.values[gate][place] == pytest.approx(expected, rel=1e-5, abs=1e-7)
            if np.isfinite(held[place]):
                assert found.preactivations[gate][place] == 0
            else:
                low, high = ACTIVATIONS[act](np.array([z - step, z + step]))
                expected = slope(case, gate, place, low, high) / (2 * step)
                assert found.preactivations[gate][place] == pytest.approx(
                    expected, rel=1e-5, abs=1e-7
                )


def special(name: str) -> tuple[Recurrent, np.ndarray]:
    """A layer of a special cell, and what it reads."""
    random, cell, units, features = np.random.default_rng(3), SPECIAL[name], 3, 4
    hidden = 2 if name == "projected" else units
    columns = len(cell.gates) * units
    bias = random.standard_normal((2, columns) if cell.two_biases else columns)
    weights = Weights(
        random.standard_normal((features, columns)), random.standard_normal((hidden, columns)), bias
    )
    if name == "peepholes":
        weights = replace(weights, peephole=random.standard_normal((3, units)))
    if name == "projected":
        weights = replace(weights, projection=random.standard_normal((units, hidden)))
    return Recurrent("layer", cell, weights, True), random.standard_normal((1, 5, features))


@pytest.mark.parametrize("name", SPECIAL)
def test_special_cells_gates_agree_with_central_differences(name):
    layer, inputs = special(name)
    cell, step = layer.cell, 1e-5
    trace = cell.forward(layer.prepared, inputs, None, None, None)
    d_hidden = np.random.default_rng(4).standard_normal(trace["hidden_state"][0].shape)
    found = derivatives(of_layer(layer, trace, d_hidden))

    def total(gate: str, place: tuple[int, ...], value: float) -> float:
        held = np.full(trace[gate][0].shape, np.nan)
        held[place] = value
        run = cell.forward(layer.prepared, inputs, None, None, {gate: held})
        return float((run["hidden_state"][0] * d_hidden).sum())

    for gate in cell.gates:
        for place in np.ndindex(trace[gate][0].shape):
            value = trace[gate][0][place]
            expected = total(gate, place, value + step) - total(gate, place, value - step)
            assert found.values[gate][place] == pytest.approx(
                expected / (2 * step), rel=1e-6, abs=1e-7
            )
    assert found.values["hidden_state"].shape == d_hidden.shape


@given(explained("float64"))
@settings(deadline=None, max_examples=30)
def test_what_came_along_the_memorys_line_and_what_the_hidden_state_adds_are_the_whole(case):
    backward = backpropagate(case.network, case.run.traces, "layer", case.logit.d_hidden)
    found, trace = derivatives(backward), case.trace
    values = found.values
    shown = values["hidden_state"] * trace["output_gate"][0]
    through = shown * (1 - np.tanh(trace["cell_state"][0]) ** 2)
    if trace.mask is not None:
        through = np.where(trace.mask[0][:, np.newaxis], through, 0)
    expected = found.along_memory + through
    np.testing.assert_allclose(values["cell_state"], expected, rtol=1e-9, atol=1e-12)


def test_a_cell_that_rewrites_its_state_has_no_memorys_line():
    layer = Recurrent(
        "layer", CELLS["simple_rnn"], Weights(np.ones((1, 1)), np.eye(1), np.zeros(1)), True
    )
    trace = layer.cell.forward(layer.prepared, np.ones((1, 3, 1)), None, None, None)
    found = derivatives(of_layer(layer, trace, np.ones((3, 1))))
    assert found.along_memory is None
    assert list(found.preactivations) == ["hidden_state"]
