"""Word scores add up to a label's logit, without its bias."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cells import Weights, sigmoid
from app.core.cells.activated import with_activations
from app.core.explain import attribute, read_logit
from app.core.network import Dense, softmax
from tests.explained import LSTM, REMEMBERING, Explained, assert_close, explained

either = st.sampled_from(["float32", "float64"]).flatmap(explained)
remembering = st.sampled_from(REMEMBERING).flatmap(lambda cell: explained(cell=cell))


@given(either)
@settings(deadline=None, max_examples=200)
def test_scores_and_the_initial_state_add_up_to_the_logit_without_its_bias(case):
    shares = attribute(case.trace, case.logit.d_hidden)
    assert case.logit.bias is not None
    assert_close(shares.scores.sum() + shares.initial_state, case.logit.value - case.logit.bias)


@given(explained("float64", cell=with_activations("lstm", "softsign", "hard_sigmoid")))
@settings(deadline=None)
def test_so_they_do_where_a_layer_names_other_activations(case):
    shares = attribute(case.trace, case.logit.d_hidden)
    assert case.logit.bias is not None
    assert_close(shares.scores.sum() + shares.initial_state, case.logit.value - case.logit.bias)


@given(either)
@settings(deadline=None)
def test_the_logit_becomes_the_probability_that_the_network_gives(case):
    assert case.run.by_timestep is not None
    output = case.run.by_timestep[0, -1]
    if len(output) == 1:
        z = case.logit.value if case.label == 1 else -case.logit.value
        assert_close(sigmoid(np.array([z])), output)
        return
    logits = [read.value for read in every_label(case)]
    assert_close(softmax(np.array(logits)), output)


def every_label(case: Explained):
    return [
        read_logit(case.network.head, case.hidden, label, case.labels)
        for label in range(case.labels)
    ]


@given(either)
@settings(deadline=None)
def test_the_two_labels_of_a_sigmoid_are_each_others_opposite(case):
    one, other = every_label(case)[:2]
    dense = case.layers[-1]
    assert isinstance(dense, Dense)
    if len(dense.bias) == 1:
        assert one.value == -other.value
        assert (one.bias, other.bias) == (-dense.bias[0], dense.bias[0])
        scores = [attribute(case.trace, read.d_hidden) for read in (one, other)]
        assert np.array_equal(scores[0].scores, -scores[1].scores)
        assert scores[0].initial_state == -scores[1].initial_state


@given(explained("float64"))
@settings(deadline=None)
def test_scores_are_the_differences_that_define_them(case):
    trace, weights = case.trace, case.logit.d_hidden
    mask = np.ones(trace.timesteps, bool) if trace.mask is None else trace.mask[0]
    f = np.where(mask[:, None], trace["forget_gate"][0], 1)
    written = np.where(mask[:, None], (trace["input_gate"] * trace["candidate"])[0], 0)
    written = np.concatenate([trace.initial_state["cell_state"], written])
    expected = np.zeros(trace.timesteps + 1)
    for t, w in enumerate(weights, 1):
        read = np.flatnonzero(mask[:t])
        if len(read) == 0:
            expected[0] += w @ trace.initial_state["hidden_state"][0]
            continue
        o, before, partial = trace["output_gate"][0, read[-1]], 0, 0
        for s in range(t + 1):
            partial = partial + written[s] * f[s:t].prod(axis=0)
            expected[s] += w @ (o * (np.tanh(partial) - np.tanh(before)))
            before = partial
    shares = attribute(trace, weights)
    assert_close(shares.initial_state, expected[0], 1e-12)
    assert_close(shares.scores, expected[1:], 1e-12)


@given(remembering)
@settings(deadline=None)
def test_the_scores_of_any_cell_with_a_memory_add_up_to_the_logit_as_well(case):
    shares, logit = attribute(case.trace, case.logit.d_hidden), case.logit
    assert logit.bias is not None
    assert_close(shares.scores.sum() + shares.initial_state, logit.value - logit.bias)


def test_one_word_has_the_whole_logit_and_two_share_it_by_order():
    weights = Weights(*(np.zeros(shape) for shape in ((1, 4), (1, 4), (4,))))
    ones = np.ones((2, 1))
    pins = {"forget_gate": ones, "input_gate": ones, "output_gate": ones, "candidate": ones / 2}
    inputs = np.zeros((1, 2, 1))
    trace = LSTM.forward(LSTM.prepare(weights), inputs, None, None, pins)
    shares = attribute(trace, np.array([[0.0], [2.0]]))
    half, whole = np.tanh(0.5), np.tanh(1.0)
    assert shares.scores == pytest.approx([2 * half, 2 * (whole - half)], abs=1e-15)
    assert shares.initial_state == 0
    flat = attribute(trace, np.array([[1.0], [2.0]]))
    assert flat.scores == pytest.approx([3 * half, 2 * (whole - half)], abs=1e-15)


@given(explained(heads=("hidden", "dense")))
@settings(deadline=None, max_examples=20)
def test_a_head_with_hidden_layers_has_no_bias_to_take_off(case):
    assert case.logit.bias is None


def test_of_a_head_that_reads_the_memory_itself_each_word_has_what_it_left_there():
    rng = np.random.default_rng(5)
    kernel, recurrent_kernel, bias = (rng.normal(size=shape) for shape in ((3, 8), (2, 8), (8,)))
    weights = Weights(kernel, recurrent_kernel, bias)
    inputs, mask = rng.normal(size=(1, 5, 3)), np.array([[False, True, True, False, True]])
    state = {name: rng.normal(size=(1, 2)) for name in ("hidden_state", "cell_state")}
    trace = LSTM.forward(LSTM.prepare(weights), inputs, state, mask, None)
    read = np.zeros((5, 2))
    read[-1] = [0.5, -2.0]
    shares = attribute(trace, read, "cell_state")
    left = trace["cell_state"][0, -1] @ read[-1]
    assert_close(np.array(shares.initial_state + shares.scores.sum()), left)
    assert shares.scores[0] == shares.scores[3] == 0
    kept = trace["forget_gate"][0, mask[0]].prod(axis=0)
    assert_close(np.array(shares.initial_state), kept * state["cell_state"][0] @ read[-1])
