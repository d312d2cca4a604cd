"""Of a Keras model that is not read whole the recurrent part is opened, and the rest is named."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.errors import BadInput, Unsupported
from app.importers import Imported, read_model
from app.importers.naming import as_model
from tests.importers.test_keras import at, changed
from tests.imports import assert_close, expected, imported, output, run

SUFFIXES = [".keras", ".h5"]


def wanted(case: str) -> dict[str, np.ndarray]:
    return expected(f"part_{case}.keras")


def part(case: str, suffix: str, **options: object) -> Imported:
    return imported(f"part_{case}{suffix}", **options)


def names(found: Imported) -> list[str]:
    return [layer.name for layer in found.network.layers][: -1 if found.network.head else None]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("case", "left", "layers", "features"),
    [
        ("convolution", "conv (Conv1D)", ["lstm"], 2),
        ("layer_normalised", "norm (LayerNormalization)", ["first", "second"], 3),
    ],
)
def test_what_stands_before_is_left_out_and_its_numbers_are_fed(
    case, left, layers, features, suffix
):
    found = part(case, suffix)
    assert names(found) == layers
    assert found.left_out == (left,)
    assert f"gives: {features} numbers a timestep" in found.assumed[0]
    assert_close(output(found, run(found, wanted(case)["shown"])), wanted(case)["output"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_stands_behind_is_left_out_and_ids_stay_ids(suffix):
    found = part("attention", suffix)
    assert names(found) == ["words", "lstm"]
    assert [name.partition(" (")[2] for name in found.left_out] == [
        *("Attention)", "GlobalAveragePooling1D)", "Dense)"),
    ]
    assert "It reads token ids. What answers on top of it is left out." in found.assumed[0]
    trace = run(found, wanted("attention")["inputs"]).traces["lstm"]
    assert_close(trace["hidden_state"], wanted("attention")["shown"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_two_answers_the_first_is_given(suffix):
    found, right = part("two_heads", suffix), wanted("two_heads")
    assert found.left_out == ("kind (Dense)",)
    assert_close(output(found, run(found, right["inputs"])), right["output"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_layers_that_are_apart_one_has_to_be_chosen(suffix):
    with pytest.raises(BadInput, match=r"in the option layer which .*: long, short"):
        part("two_branches", suffix)
    with pytest.raises(BadInput, match="option layer must be one of long, short"):
        part("two_branches", suffix, layer="other")
    found = part("two_branches", suffix, layer="long")
    trace = run(found, wanted("two_branches")["inputs"]).traces["long"]
    assert_close(trace["hidden_state"][:, -1], wanted("two_branches")["shown"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_decoder_is_opened_without_the_states_it_starts_from_and_can_be_given_them(suffix):
    encoder = part("translated", suffix, layer="encoder")
    inputs = wanted("translated")["inputs"]
    states = run(encoder, inputs).traces["encoder"].state(inputs.shape[1])
    assert_close(states["hidden_state"], wanted("translated")["shown"])
    decoder = part("translated", suffix, layer="decoder")
    assert "from the states of encoder; send initial_state" in decoder.assumed[0]
    done = decoder.network.run(inputs, {"decoder": states})
    assert_close(output(decoder, done), wanted("translated")["output"])


def test_what_is_done_in_another_way_than_the_model_says_is_said():
    found = read_model("x", changed("lstm.keras", at(2, stateful=True, time_major=True)))
    assert [text.partition("(")[0][:30] for text in found.assumed] == [
        *("Every sequence starts from zer", "a reads "),
    ]
    assert imported("lstm.keras").assumed == ()


def test_what_is_left_out_is_in_every_answer_and_in_the_file_that_is_kept():
    model = as_model(part("attention", ".keras"), "brought", "attention.keras")
    assert model.provenance["left_out"][0] == "look (Attention)"
    assert model.card["detected"]["left out"].startswith("look (Attention), ")
    assert "left_out" not in as_model(imported("lstm.keras"), "brought", "lstm.keras").provenance


def test_a_model_that_is_read_whole_has_no_part_to_choose():
    with pytest.raises(BadInput, match="layer would change nothing: the model is read whole"):
        imported("lstm.keras", layer="a")


def test_the_code_beside_a_part_gives_what_it_reads_and_what_it_gives():
    snippet = part("convolution", ".keras").snippet
    compile(snippet, "snippet", "exec")
    assert "model.get_layer('lstm').input).predict" in snippet
    assert "import tf_keras as keras" in part("convolution", ".h5").snippet


def test_a_model_without_a_recurrent_layer_is_refused_by_what_it_has():
    with pytest.raises(Unsupported, match="of type ConvLSTM1D"):
        read_model("x", changed("lstm.keras", at(2, "ConvLSTM1D")))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_part_of_a_model_within_is_opened(suffix):
    found, right = part("normalised_within", suffix), wanted("normalised_within")
    assert names(found) == ["lstm"]
    assert found.left_out == ("norm (LayerNormalization)", "dense (Dense)")
    trace = run(found, right["shown"]).traces["lstm"]
    weights = found.network.recurrent["lstm"].weights
    assert trace["hidden_state"].shape == (1, 4, weights.units)
    assert "It reads what norm gives: 3 numbers a timestep" in found.assumed[0]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_factors_along_the_timesteps_are_not_taken_for_those_of_the_features(suffix):
    found, right = part("normalised_by_timesteps", suffix), wanted("normalised_by_timesteps")
    assert "norm (BatchNormalization)" in found.left_out
    assert_close(output(found, run(found, right["shown"])), right["output"])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_a_model_that_returns_several_states_the_first_is_the_answer(suffix):
    found, right = part("memory_first", suffix), wanted("memory_first")
    trace = run(found, right["inputs"]).traces["lstm"]
    assert_close(trace[found.network.recurrent["lstm"].gives][:, -1], right["output"])
    assert found.assumed[0].startswith("The model returns 2 tensors of lstm.")


def test_it_is_said_that_keras_computes_with_fewer_bits():
    found = read_model("x", changed("lstm.keras", at(2, dtype={"config": {"name": "float16"}})))
    assert "a computes with 16 bits in Keras" in found.assumed[0]


@pytest.mark.parametrize("age", ["2", "3"])
def test_weights_of_a_class_of_ones_own_are_read_and_it_is_said(age):
    name = f"part_own_{age}.keras"
    found, right = imported(name), expected(name)
    assert_close(output(found, run(found, right["inputs"])), right["output"])
    assert found.detected["class"] == "Own, of your own"
    assert "attributes of a class of your own" in found.assumed[0]
    assert "custom_objects={'Own': Own}" in found.snippet


@pytest.mark.parametrize("age", ["2", "3"])
def test_of_a_class_of_ones_own_with_more_in_it_one_layer_is_opened(age):
    name = f"part_own_words_{age}.keras"
    with pytest.raises(BadInput, match="Say in the option layer which"):
        imported(name)
    with pytest.raises(BadInput, match=r"norm .*may stand between"):
        imported(name, layer="low")
    found, right = imported(name, layer="low", fed="ids"), expected(name)
    trace = run(found, right["inputs"]).traces["low"]
    assert_close(trace["hidden_state"], right["shown"])
    assert any("norm" in left for left in found.left_out)


def test_weights_by_names_with_a_convolution_open_the_recurrent_layer():
    found, right = imported("part_named.h5"), expected("part_named.h5")
    assert found.left_out[0] == "conv"
    trace = run(found, right["shown"]).traces["lstm"]
    assert_close(trace["hidden_state"][:, -1], right["output"])
