"""The lines of Keras that build a network, held to files whose models Keras itself built."""

from __future__ import annotations

import ast

import pytest

from tests.imports import imported


def calls(code: str) -> list[str]:
    """What is added to the model, line by line, of code that Python can read."""
    ast.parse(code)
    added = [line for line in code.splitlines() if line.startswith("model.add(layers.")]
    return [line.removeprefix("model.add(layers.")[:-1] for line in added]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (
            "maximum.keras",
            [
                "Embedding(9, 3, mask_zero=True)",
                "LSTM(2, use_bias=False, return_sequences=True, zero_output_for_mask=True)",
                "GlobalMaxPooling1D()",
                'Dense(2, activation="softmax", use_bias=False)',
            ],
        ),
        (
            "bidirectional_sum.keras",
            [
                "Embedding(9, 3, mask_zero=True)",
                'Bidirectional(layers.GRU(2, return_sequences=True), merge_mode="sum")',
                'Bidirectional(layers.SimpleRNN(2), merge_mode="mul")',
                'Dense(2, activation="softmax")',
            ],
        ),
        (
            "functional.keras",
            [
                "Embedding(9, 3, mask_zero=True)",
                "LSTM(2)",
                "Dense(2)",
                'Activation("softmax")',
            ],
        ),
        (
            "backwards.keras",
            [
                "Embedding(9, 3, mask_zero=True)",
                "LSTM(2, return_sequences=True, go_backwards=True)",
                "LSTM(2)",
                'Dense(2, activation="softmax")',
            ],
        ),
        ("gru_reset_before.keras", ["Embedding(9, 3)", "GRU(2, reset_after=False)", "Dense(2)"]),
        (
            "torch_timestep.safetensors",
            ["Embedding(9, 3)", "Bidirectional(layers.LSTM(2))", "Dense(2)"],
        ),
    ],
)
def test_every_layer_has_its_line(name, wanted):
    assert calls(imported(name).network.code()) == wanted


def test_activations_that_are_not_the_usual_ones_are_named():
    masking, lstm, *_ = calls(imported("rectified.keras").network.code())
    assert masking == "Masking()"
    assert lstm.startswith('LSTM(2, activation="relu", recurrent_activation="hard_sigmoid"')


def test_the_input_has_the_length_that_a_flatten_needs_and_the_features_of_numbers():
    assert "Input((6,))" in imported("flatten.keras").network.code(3)
    assert "Input((None,))" in imported("lstm.keras").network.code()
    assert "Input((5, 3))" in imported("series.keras").network.code(5)


def test_what_keras_cannot_say_is_said_in_words():
    peepholes = imported("node_lstm_peepholes.onnx").network.code()
    assert calls(peepholes) == []
    assert "peepholes, which Keras does not have" in peepholes
    assert "Dropout: at work in training alone" in imported("flatten.keras").network.code()
    reverse = imported("node_lstm_reverse.onnx").network.code()
    assert "a state of its own" in reverse
    assert calls(reverse)[-1] == "Lambda(lambda h: h[:, ::-1])"
