"""Gradient norms are those of derivatives measured by central differences."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import CELLS, Weights
from app.core.cells.activated import with_activations
from app.core.explain import backpropagate, gradient_norms, read_logit
from app.core.explain.logit import back_through
from app.core.network import ACTIVATIONS, Network, Recurrent
from tests.explained import (
    REMEMBERING,
    SIMPLE_RNN,
    Explained,
    Nudge,
    assert_close,
    explained,
    simulate,
)

RECTIFIED = with_activations("lstm", "relu", "sigmoid")
any_head = st.sampled_from([("dense",), ("hidden", "dense"), ("one", "two", "dense")])


def norms_of(case: Explained):
    return gradient_norms(
        backpropagate(case.network, case.run.traces, "layer", case.logit.d_hidden)
    )


def measured(case: Explained, name: str, timestep: int, size: int) -> float:
    """The norm of a derivative, by two runs of the textbook's equations for each direction."""
    step = 1e-5

    def logit(by: np.ndarray) -> float:
        hidden = simulate(case, Nudge(name, timestep, by))["hidden_state"]
        return read_logit(case.network.head, hidden, case.label, case.labels).value

    slopes = [(logit(e) - logit(-e)) / (2 * step) for e in step * np.eye(size)]
    return float(np.linalg.norm(slopes))


@given(any_head.flatmap(lambda heads: explained("float64", heads=heads)))
@settings(deadline=None, max_examples=30)
def test_an_lstms_gradients_agree_with_central_differences(case):
    norms, weights = norms_of(case), case.layer.weights
    for t in range(case.trace.timesteps):
        for name in ("hidden_state", "cell_state"):
            slope = measured(case, name, t, weights.units)
            assert norms.states[name][t] == pytest.approx(slope, rel=1e-5, abs=2e-6)
        slope = measured(case, "input", t, weights.features)
        assert norms.inputs[t] == pytest.approx(slope, rel=1e-5, abs=2e-6)


def rerun_logit(case: Explained, nudge: Nudge) -> float:
    """The logit of a cell with one state, an input or a hidden state changed at one timestep."""
    trace, forward, t = case.trace, case.layer.cell.forward, nudge.timestep
    mask, prepared, pins = trace.mask, case.layer.prepared, case.pins or None
    if nudge.name == "input":
        inputs = trace.inputs.copy()
        inputs[0, t] += nudge.by
        hidden = forward(prepared, inputs, trace.initial_state, mask, pins)["hidden_state"][0]
    else:
        hidden = trace["hidden_state"][0].copy()
        hidden[t] += nudge.by
        if t + 1 < trace.timesteps:
            state = {"hidden_state": hidden[np.newaxis, t]}
            later = None if mask is None else mask[:, t + 1 :]
            pins = {gate: held[t + 1 :] for gate, held in case.pins.items()} or None
            after = forward(prepared, trace.inputs[:, t + 1 :], state, later, pins)
            hidden[t + 1 :] = after["hidden_state"][0]
    return read_logit(case.network.head, hidden, case.label, case.labels).value


@given(
    st.sampled_from([cell for cell in CELLS.values() if "cell_state" not in cell.states]).flatmap(
        lambda cell: explained("float64", cell=cell)
    )
)
@settings(deadline=None, max_examples=30)
def test_other_cells_gradients_agree_with_central_differences(case):
    norms, step, weights = norms_of(case), 1e-5, case.layer.weights
    assert list(norms.states) == ["hidden_state"]
    sizes = {"input": weights.features, "hidden_state": weights.units}
    for (name, size), t in itertools.product(sizes.items(), range(case.trace.timesteps)):
        slopes = [
            (rerun_logit(case, Nudge(name, t, e)) - rerun_logit(case, Nudge(name, t, -e)))
            / (2 * step)
            for e in step * np.eye(size)
        ]
        norm = norms.inputs[t] if name == "input" else norms.states[name][t]
        assert norm == pytest.approx(np.linalg.norm(slopes), rel=1e-5, abs=2e-6)


@given(explained("float32"))
@settings(deadline=None)
def test_a_float32_network_has_the_gradients_of_the_same_weights_in_float64(case):
    layer = case.layer
    exact = layer.weights.astype(np.float64)
    trace = layer.cell.forward(
        layer.cell.prepare(exact),
        case.trace.inputs.astype(np.float64),
        {name: s.astype(np.float64) for name, s in case.trace.initial_state.items()},
        case.trace.mask,
        case.pins or None,
    )
    double = gradient_norms(
        backpropagate(
            Network((replace(layer, weights=exact),)),
            {"layer": trace},
            "layer",
            case.logit.d_hidden,
        )
    )
    assert np.array_equal(norms_of(case).inputs, double.inputs)


@given(explained("float64"), explained("float64"))
@settings(deadline=None, max_examples=30)
def test_a_stacks_lower_layer_is_reached_through_the_upper_one(below, above):
    random = np.random.default_rng(0)
    lower = below.layer
    upper = Recurrent(
        "upper",
        lower.cell,
        Weights(
            random.standard_normal((lower.weights.units, above.layer.weights.bias.size)),
            above.layer.weights.recurrent_kernel,
            above.layer.weights.bias,
        ),
        return_sequences=False,
    )
    network = Network((below.network.layers[0], replace(lower, return_sequences=True), upper))
    weight = random.standard_normal(upper.weights.units)

    def last(inputs: np.ndarray) -> float:
        trace = lower.cell.forward(lower.prepared, inputs, None, None, None)
        hidden = upper.cell.forward(upper.prepared, trace["hidden_state"], None, None, None)
        return float(hidden["hidden_state"][0, -1] @ weight)

    ids = np.maximum(below.ids, 1)  # no padding
    run = network.run(ids)
    inputs, step = run.traces["layer"].inputs, 1e-5
    d_hidden = np.zeros((ids.shape[1], len(weight)))
    d_hidden[-1] = weight
    norms = gradient_norms(backpropagate(network, run.traces, "layer", d_hidden))
    for t in range(ids.shape[1]):
        slopes = []
        for feature in range(inputs.shape[2]):
            by = np.zeros_like(inputs)
            by[0, t, feature] = step
            slopes.append((last(inputs + by) - last(inputs - by)) / (2 * step))
        assert norms.inputs[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-5, abs=2e-6)


def lone_rnn(recurrent: float, timesteps: int) -> np.ndarray:
    """Gradient norms of a SimpleRNN of one unit that stays at zero, where tanh's slope is 1."""
    cell = CELLS["simple_rnn"]
    weights = Weights(np.ones((1, 1)), np.full((1, 1), recurrent), np.zeros(1))
    layer = Recurrent("layer", cell, weights, return_sequences=False)
    trace = cell.forward(layer.prepared, np.zeros((1, timesteps, 1)), None, None, None)
    d_hidden = np.zeros((timesteps, 1))
    d_hidden[-1] = 1
    return gradient_norms(
        backpropagate(Network((layer,)), {"layer": trace}, "layer", d_hidden)
    ).inputs


def test_a_gradient_vanishes_by_the_recurrent_weight_at_every_step():
    assert lone_rnn(0.2, 400) == pytest.approx(0.2 ** np.arange(399.0, -1, -1), rel=1e-12)


def test_a_gradient_that_explodes_stays_a_number():
    norms = lone_rnn(100.0, 400)
    assert np.isfinite(norms).all()
    assert norms[0] == np.finfo(np.float64).max
    assert norms[-10] == pytest.approx(1e18)


@given(
    st.sampled_from([*REMEMBERING, RECTIFIED]).flatmap(lambda cell: explained("float64", cell=cell))
)
@settings(deadline=None, max_examples=60)
def test_the_direct_path_is_what_is_left_when_no_gate_may_move(case):
    layer, trace = case.layer, case.trace
    held = {gate: trace[gate][0].astype(np.float64) for gate in layer.cell.gates}
    still = replace(trace, pins=held)
    kept = gradient_norms(
        backpropagate(Network((layer,)), {"layer": still}, "layer", case.logit.d_hidden)
    )
    remembered = layer.cell.states[-1]
    assert_close(norms_of(case).direct, kept.states[remembered], 1e-9)


def test_a_cell_that_rewrites_its_state_has_no_direct_path():
    cell = SIMPLE_RNN
    layer = Recurrent("layer", cell, Weights(np.ones((1, 1)), np.eye(1), np.zeros(1)), False)
    trace = cell.forward(layer.prepared, np.zeros((1, 3, 1)), None, None, None)
    assert (
        gradient_norms(
            backpropagate(Network((layer,)), {"layer": trace}, "layer", np.eye(3, 1))
        ).direct
        is None
    )


@given(explained("float64", heads=("dense",)) | explained("float64", heads=("hidden", "dense")))
@settings(deadline=None, max_examples=30)
def test_the_losss_gradient_agrees_with_central_differences(case):
    norms = norms_of(case)
    lengths = gradient_norms(
        backpropagate(case.network, case.run.traces, "layer", case.logit.d_loss)
    ).inputs
    step, features = 1e-5, case.layer.weights.features

    def loss(by: np.ndarray, t: int) -> float:
        hidden = simulate(case, Nudge("input", t, by))["hidden_state"]
        every = [
            read_logit(case.network.head, hidden, label, case.labels).value
            for label in range(case.labels)
        ]
        if case.labels == 2 and case.network.head[-1].kernel.shape[1] == 1:
            return float(np.logaddexp(0, -every[case.label]))
        return float(np.logaddexp.reduce(every) - every[case.label])

    for t in range(case.trace.timesteps):
        slopes = [(loss(e, t) - loss(-e, t)) / (2 * step) for e in step * np.eye(features)]
        assert lengths[t] == pytest.approx(np.linalg.norm(slopes), rel=1e-5, abs=2e-6)
        along, x = 1e-6, case.trace.inputs[0, t]

        def logit(by: np.ndarray, t: int = t) -> float:
            hidden = simulate(case, Nudge("input", t, by))["hidden_state"]
            return read_logit(case.network.head, hidden, case.label, case.labels).value

        slope = (logit(along * x) - logit(-along * x)) / (2 * along)
        assert norms.input_dot[t] == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_every_activation_of_a_head_has_its_way_back():
    z, d, step = np.array([[0.3, -1.2, 2.0]]), np.array([[0.7, -0.4, 1.1]]), 1e-6
    for name, activation in ACTIVATIONS.items():
        slopes = [
            ((activation(z + e) - activation(z - e)) * d).sum() / (2 * step)
            for e in step * np.eye(3)
        ]
        assert_close(back_through(name, z, d)[0], slopes, 1e-8)
