"""Random networks to explain, and the textbook equations to hold explanations to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from hypothesis import strategies as st

from app.core.cells import CELLS, Array, Cell, Trace, Weights, sigmoid
from app.core.explain import Logit, read_logit
from app.core.network import Dense, Embedding, Flatten, Layer, Network, Recurrent, Run
from app.core.pins import Pin, hold

LSTM, SIMPLE_RNN = CELLS["lstm"], CELLS["simple_rnn"]
REMEMBERING = [cell for cell in CELLS.values() if cell.memory is not None]
"""Every cell that keeps part of a state."""
TOKENS = 9


@dataclass(frozen=True)
class Explained:
    """A network of one recurrent layer, what it was given, and what it computed."""

    layers: tuple[Layer, ...]
    ids: Array
    state: dict[str, Array]
    pins: dict[str, Array]
    label: int
    labels: int

    @cached_property
    def network(self) -> Network:
        return Network(self.layers)

    @cached_property
    def run(self) -> Run:
        state = {"layer": self.state} if self.state else None
        return self.network.run(self.ids, state, {"layer": self.pins} if self.pins else None)

    @property
    def layer(self) -> Recurrent:
        return self.network.recurrent["layer"]

    @property
    def trace(self) -> Trace:
        return self.run.traces["layer"]

    @property
    def hidden(self) -> Array:
        return self.trace["hidden_state"][0]

    @property
    def logit(self) -> Logit:
        return read_logit(self.network.head, self.hidden, self.label, self.labels)


@st.composite
def explained(
    draw: Any, dtype: str = "float32", cell: Cell = LSTM, heads: tuple[str, ...] = ("dense",)
) -> Explained:
    """A random network, sentence, state and pins, with every kind of head that adds up."""
    size = st.integers(1, 5)
    features, units, timesteps = draw(size), draw(size), draw(st.integers(1, 9))
    outputs = draw(st.integers(1, 3))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.3, 1.0, 4.0]))

    def numbers(*shape: int) -> Array:
        return (scale * random.standard_normal(shape)).astype(dtype)

    gates = max(1, len(cell.gates))
    weights = Weights(
        numbers(features, gates * units), numbers(units, gates * units), numbers(gates * units)
    )
    flat, every = draw(st.booleans()), draw(st.booleans())
    head: list[Any] = [Flatten("flatten")] if flat else []
    size_read = (timesteps + 2) * units if flat else units
    for position, name in enumerate(heads):
        last = position == len(heads) - 1
        size_written = outputs if last else 3
        activation = "sigmoid" if not last or outputs == 1 else "softmax"
        kernel, bias = numbers(size_read, size_written), numbers(size_written)
        head.append(Dense(name, kernel, bias, activation))
        size_read = size_written
    layers = (
        Embedding("embedding", numbers(TOKENS, features), mask_zero=draw(st.booleans())),
        Recurrent("layer", cell, weights, return_sequences=flat or every),
        *head,
    )
    ids = random.integers(0, TOKENS, (1, timesteps))
    state = {name: numbers(1, units) for name in cell.states} if draw(st.booleans()) else {}
    pins = draw(st.lists(pin(cell, timesteps, units), max_size=4)) if cell.gates else []
    held = hold(cell, timesteps, units, pins)
    labels = max(2, outputs)
    return Explained(layers, ids, state, held, draw(st.integers(0, labels - 1)), labels)


def pin(cell: Cell, timesteps: int, units: int) -> st.SearchStrategy[Pin]:
    """A pin that fits; every value is one that float32 holds."""
    return st.sampled_from(cell.gates).flatmap(
        lambda gate: st.builds(
            Pin,
            timestep=st.integers(1, timesteps),
            gate=st.just(gate),
            unit=st.none() | st.integers(0, units - 1),
            value=st.floats(-1.0 if gate == "candidate" else 0.0, 1.0, width=32),
        )
    )


@dataclass(frozen=True)
class Nudge:
    """A change to `input`, `hidden_state` or `cell_state` of one timestep, (size,)."""

    name: str
    timestep: int
    by: Array


def simulate(case: Explained, nudge: Nudge | None = None) -> dict[str, Array]:
    """The textbook's equations of an LSTM, in float64, one timestep after the other.

    Returns
    -------
    dict
        Gates, their sums (`z_...`) and states, name -> (timesteps, units).
    """
    w = vars(case.layer.weights.astype(np.float64))
    inputs = case.trace.inputs[0].astype(np.float64)
    units = case.layer.weights.units
    h = case.state.get("hidden_state", np.zeros((1, units)))[0].astype(np.float64)
    c = case.state.get("cell_state", np.zeros((1, units)))[0].astype(np.float64)
    rows: dict[str, list[Array]] = {}
    for t, x in enumerate(inputs):

        def nudged(name: str, value: Array, t: int = t) -> Array:
            here = nudge is not None and (nudge.name, nudge.timestep) == (name, t)
            return value + nudge.by if nudge is not None and here else value

        z = nudged("input", x) @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]
        row = {}
        for gate, z_gate in zip(LSTM.gates, np.split(z, 4), strict=True):
            row["z_" + gate] = z_gate
            row[gate] = np.tanh(z_gate) if gate == "candidate" else sigmoid(z_gate)
            if gate in case.pins:
                held = case.pins[gate][t]
                row[gate] = np.where(np.isnan(held), row[gate], held)
        read = case.trace.mask is None or case.trace.mask[0, t]
        if read:
            c = row["forget_gate"] * c + row["input_gate"] * row["candidate"]
        c = nudged("cell_state", c)
        if read:
            h = row["output_gate"] * np.tanh(c)
        h = nudged("hidden_state", h)
        for name, value in (row | {"cell_state": c, "hidden_state": h}).items():
            rows.setdefault(name, []).append(value)
    return {name: np.stack(values) for name, values in rows.items()}


def assert_close(actual: Any, expected: Any, tolerance: float = 1e-5) -> None:
    """Hold numbers to within tolerance * max(1, |expected|)."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    excess = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    assert excess.max(initial=0) <= tolerance
