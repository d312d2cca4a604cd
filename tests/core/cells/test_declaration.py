"""What a cell declares is what it computes: its textbook step, made of the declaration alone."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.cells import CELLS, Array, Cell, State, Weights, cells_of, sigmoid
from tests.fixtures.draws import draw

BATCH, TIMESTEPS, FEATURES, UNITS = 2, 5, 3, 4
MASK = np.array([[1, 0, 1, 1, 1], [0, 1, 1, 0, 1]], bool)
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS.keys())


def weights_of(cell: Cell) -> Weights:
    columns = len(cell.blocks) * UNITS
    bias = draw("bias", 2, columns) if cell.two_biases else draw("bias", columns)
    return Weights(draw("kernel", FEATURES, columns), draw("recurrent", UNITS, columns), bias)


def declared_step(cell: Cell, weights: Weights, x: Array, state: State) -> dict[str, Array]:
    """One timestep of any cell there is, by its declaration."""
    h, count = state["hidden_state"], len(cell.blocks)
    bias = weights.bias if weights.bias.ndim == 2 else np.stack([weights.bias, 0 * weights.bias])
    kernels, recurrents, inner, outer = (
        dict(zip(cell.blocks, np.split(array, count, axis=-1), strict=True))
        for array in (weights.kernel, weights.recurrent_kernel, bias[0], bias[1])
    )

    def weighed(block: str) -> Array:
        return x @ kernels[block] + inner[block] + h @ recurrents[block] + outer[block]

    if cell.memory is None:
        return {"hidden_state": np.tanh(weighed("hidden_state"))}
    values = {gate: sigmoid(weighed(gate)) for gate in cell.gates if gate != "candidate"}
    reset, own = cell.reset, x @ kernels["candidate"] + inner["candidate"]
    met = h @ recurrents["candidate"] + outer["candidate"]
    if reset is not None and reset.after:
        met = values[reset.gate] * met
    elif reset is not None:
        met = (values[reset.gate] * h) @ recurrents["candidate"] + outer["candidate"]
    values["candidate"] = np.tanh(own + met)
    values |= {gate: factor.of(values) for gate, factor in cell.derived.items()}
    memory = cell.memory
    kept = memory.keeps.of(values) * state[memory.state] + memory.written(values)
    if memory.shown_by is None:
        return values | {"hidden_state": kept}
    return values | {memory.state: kept, "hidden_state": values[memory.shown_by] * np.tanh(kept)}


@every_cell
@pytest.mark.parametrize("mask", [None, MASK], ids=["unmasked", "masked"])
def test_the_declaration_the_step_and_the_forward_pass_are_the_same_numbers(cell, mask):
    weights, inputs = weights_of(cell), draw("inputs", BATCH, TIMESTEPS, FEATURES)
    initial = {name: draw(name, BATCH, UNITS) for name in cell.states}
    trace = cell.forward(cell.prepare(weights), inputs, initial, mask, None)
    state: State = initial
    for t in range(TIMESTEPS):
        step = cell.step(weights, inputs[:, t], state)
        declared = declared_step(cell, weights, inputs[:, t], state)
        assert step.keys() == declared.keys() == trace.values.keys()
        read = np.ones((BATCH, 1), bool) if mask is None else mask[:, t, np.newaxis]
        for name, value in step.items():
            shown = np.where(read, value, state[name]) if name in cell.states else value
            assert np.abs(declared[name] - value).max() <= 1e-12
            assert np.abs(trace[name][:, t] - shown).max() <= 1e-12
        state = {name: trace[name][:, t] for name in cell.states}


@every_cell
def test_sums_become_gates_through_their_activations(cell):
    inputs = draw("inputs", BATCH, TIMESTEPS, FEATURES)
    trace = cell.forward(cell.prepare(weights_of(cell)), inputs, None, None, None)
    assert tuple(trace.preactivations) == cell.blocks
    for name, z in trace.preactivations.items():
        curve = sigmoid if name.endswith("_gate") else np.tanh
        assert np.abs(curve(z) - trace[name]).max() <= 1e-12


@every_cell
def test_a_gate_that_is_held_keeps_its_value_and_changes_what_depends_on_it(cell):
    inputs, prepared = draw("inputs", BATCH, TIMESTEPS, FEATURES), cell.prepare(weights_of(cell))
    free = cell.forward(prepared, inputs, None, None, None)
    for gate in cell.gates:
        pins = {gate: np.full((TIMESTEPS, UNITS), np.nan)}
        pins[gate][2, 1] = 0.25
        held = cell.forward(prepared, inputs, None, None, pins)
        assert np.all(held[gate][:, 2, 1] == 0.25)
        assert np.array_equal(held["hidden_state"][:, :2], free["hidden_state"][:, :2])
        assert not np.allclose(held["hidden_state"][:, 2, 1], free["hidden_state"][:, 2, 1])
        for name, factor in cell.derived.items():
            assert np.array_equal(held[name], factor.of(held.values))


@pytest.mark.parametrize("framework", ["keras", "pytorch", "onnx"])
def test_a_framework_tells_its_cells_apart_and_has_a_block_for_each_of_theirs(framework):
    found = cells_of(framework)
    for cell, layout in found:
        assert len(layout.order) == len(cell.blocks) == len(set(layout.order))
        assert max(layout.order) < layout.blocks
        settings = {name: int(on) for name, on in layout.settings.items()}
        fit = [c.name for c, other in found if other.name == layout.name and other.fits(settings)]
        assert fit == [cell.name]


def test_a_declaration_is_what_the_wire_says():
    assert CELLS["lstm_coupled"].declaration == {
        "gates": ["forget_gate", "candidate", "output_gate"],
        "states": ["hidden_state", "cell_state"],
        "derived": {"input_gate": "1 - forget_gate"},
        "memory": {
            "state": "cell_state",
            "keeps": "forget_gate",
            "writes": ["input_gate", "candidate"],
            "shown_by": "output_gate",
        },
    }
    assert CELLS["mgu"].declaration["reset"] == {"gate": "forget_gate", "after": False}
    assert CELLS["mgu"].declaration["memory"] == {
        "state": "hidden_state",
        "keeps": "1 - forget_gate",
        "writes": ["forget_gate", "candidate"],
    }
    assert "memory" not in CELLS["simple_rnn"].declaration
