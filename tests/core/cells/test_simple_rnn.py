"""The simple recurrent cell; its agreement with the frameworks is in test_training.py."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.cells import CELLS, Weights, simple_rnn
from app.core.cells.initial import draw_weights
from app.core.network import Dense, Embedding, Network, Recurrent
from tests.fixtures.draws import draw

WEIGHTS = Weights(draw("kernel", 5, 3), draw("recurrent_kernel", 3, 3), draw("bias", 3))
INPUTS = draw("inputs", 4, 6, 5)
STATE = {"hidden_state": draw("state", 4, 3)}
MASK = np.array([[1] * 6, [0, 1, 1, 1, 1, 1], [1, 1, 0, 1, 1, 0], [1, 0, 0, 0, 1, 1]], bool)


def test_the_hidden_state_is_the_tanh_of_a_weighted_sum_by_hand():
    weights = Weights(np.array([[2.0], [-1.0]]), np.array([[0.5]]), np.array([0.1]))
    inputs = np.array([[[1.0, 1.5], [0.0, 0.25]]])
    first = np.tanh(2 * 1 - 1.5 + 0.5 * 0.2 + 0.1)
    second = np.tanh(-0.25 + 0.5 * first + 0.1)
    trace = simple_rnn.forward(weights, inputs, {"hidden_state": np.array([[0.2]])})
    assert trace["hidden_state"].ravel() == pytest.approx([first, second], rel=1e-15)


@pytest.mark.parametrize("mask", [None, MASK], ids=["unmasked", "masked"])
def test_forward_is_step_after_step(mask):
    trace = simple_rnn.forward(simple_rnn.prepare(WEIGHTS), INPUTS, STATE, mask)
    h = STATE["hidden_state"]
    for t in range(INPUTS.shape[1]):
        new = simple_rnn.step(WEIGHTS, INPUTS[:, t], {"hidden_state": h})["hidden_state"]
        h = new if mask is None else np.where(mask[:, t, None], new, h)
        assert np.abs(trace["hidden_state"][:, t] - h).max() < 1e-15
        assert np.abs(np.tanh(trace.preactivations["hidden_state"][:, t]) - new).max() < 1e-15


def test_a_masked_timestep_repeats_the_state_before_it_exactly():
    trace = simple_rnn.forward(WEIGHTS, INPUTS, STATE, MASK)
    for b, t in np.argwhere(~MASK).tolist():
        before, after = (trace.state(k)["hidden_state"][b] for k in (t, t + 1))
        assert np.array_equal(before, after)


def test_word_by_word_with_the_returned_state_equals_the_whole():
    whole = simple_rnn.forward(WEIGHTS, INPUTS)
    state = None
    for t in range(INPUTS.shape[1]):
        word = simple_rnn.forward(WEIGHTS, INPUTS[:, t : t + 1], state)
        state = word.state(1)
        assert np.abs(state["hidden_state"] - whole.state(t + 1)["hidden_state"]).max() < 1e-15


def test_huge_inputs_saturate_without_a_warning():
    trace = simple_rnn.forward(WEIGHTS, 1e30 * INPUTS, STATE)
    assert np.array_equal(np.abs(trace["hidden_state"]), np.ones((4, 6, 3)))


def test_a_network_of_it_has_one_block_of_weights_and_keras_names_and_counts():
    random = np.random.RandomState(0)
    weights = draw_weights(CELLS["simple_rnn"], 5, 3, random)
    layer = Recurrent("simple_rnn", CELLS["simple_rnn"], weights, return_sequences=True)
    dense = Dense("dense", np.ones((3, 2), np.float32), np.zeros(2, np.float32), "softmax")
    network = Network((Embedding("embedding", np.ones((9, 5), np.float32)), layer, dense))
    assert list(layer.gate_weights()) == ["hidden_state"]
    rows = [(row.type, row.output_shape, row.parameters) for row in network.summary(7)]
    assert rows == [
        ("Embedding", (None, 7, 5), 45),
        ("SimpleRNN", (None, 7, 3), (5 + 3 + 1) * 3),
        ("Dense", (None, 7, 2), 8),
    ]
