"""A PyTorch state dict gives what PyTorch computes."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.core.errors import BadInput, Unsupported
from app.importers import read_model
from tests.imports import FILES, assert_agrees, cases, imported

OPTIONS = {
    "torch_gru.safetensors": {"reads": "average"},
    "torch_rnn.safetensors": {"reads": "max", "nonlinearity": "relu"},
    "torch_every.safetensors": {"reads": "every", "activations": ["softmax"]},
    "torch_timestep.safetensors": {"reads": "last_timestep"},
}


SAVED = cases(".pt", ".pth", ".ckpt", ".bin", ".pkl", ".tar")


@pytest.mark.parametrize("name", SAVED)
def test_outputs_of_files_as_they_are_saved_are_those_of_pytorch(name):
    found = imported(name)
    assert_agrees(name, found)
    assert "nothing in the file was run" in found.detected["container"]


@pytest.mark.parametrize("name", cases(".safetensors"))
def test_outputs_and_hidden_states_are_those_of_pytorch(name):
    assert_agrees(name, imported(name, **OPTIONS.get(name, {})))


def test_what_a_state_dict_cannot_say_is_named():
    assumed = " ".join(imported("torch_rnn.safetensors").assumed)
    for word in ("reads: last_state", "activations", "nonlinearity", "mask_zero"):
        assert word in assumed


def test_the_layout_that_was_found_is_shown():
    detected = imported("torch_gru.safetensors").detected
    assert detected["layers"] == "nn.GRU"
    assert "r, z, n" in detected["gate order"]
    assert "kept apart" in detected["biases"]
    assert "summed" in imported("torch_lstm.safetensors").detected["biases"]


def tensors() -> dict[str, np.ndarray]:
    return load((FILES / "torch_lstm.safetensors").read_bytes())


def read(arrays: dict[str, np.ndarray], **options):
    return read_model("x", memoryview(save(arrays)), options)


def test_any_prefix_will_do():
    plain = imported("torch_lstm.safetensors").network
    moved = read({f"model.encoder.{name}": array for name, array in tensors().items()}).network
    assert list(moved.recurrent) == ["model.encoder.rnn"]
    ids = np.array([[3, 1, 4]])
    first, second = plain.run(ids).by_timestep, moved.run(ids).by_timestep
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_bare_lstm_reads_numbers():
    arrays = {k.removeprefix("rnn."): a for k, a in tensors().items() if k.startswith("rnn.")}
    network = read(arrays).network
    assert network.embedding is None
    assert network.features == 3
    assert network.run(np.ones((1, 2, 3), np.float32)).by_timestep is None


def test_two_dense_layers_are_put_in_the_order_in_which_they_fit():
    arrays = tensors() | {
        "a.weight": np.ones((4, 5), np.float32),
        "a.bias": np.zeros(4, np.float32),
        "fc.weight": np.ones((5, 2), np.float32),
        "fc.bias": np.zeros(5, np.float32),
    }
    layers = read(arrays).network.layers
    assert [layer.name for layer in layers[-2:]] == ["fc", "a"]


def test_a_dense_layer_for_many_timesteps_makes_a_model_of_fixed_length():
    arrays = tensors() | {"fc.weight": np.ones((2, 14), np.float32)}
    assert read(arrays).network.fixed_timesteps == 7


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"rnn.weight_hr_l0": np.ones((1, 2), np.float32)}, BadInput, "hr_l0 must be of shape"),
        ({"fc.bias": np.full(2, np.nan, np.float32)}, BadInput, "not finite"),
        ({"fc.bias": np.zeros(2, np.int32)}, BadInput, "floating-point"),
        ({"rnn.weight_hh_l0": np.ones((8, 3), np.float32)}, BadInput, "rows as columns"),
        ({"rnn.bias_ih_l0": np.zeros(7, np.float32)}, BadInput, "must be of shape"),
        ({"rnn.weight_ih_l1": np.ones((8, 2), np.float32)}, BadInput, "lacks weight_hh"),
        ({"fc.weight": np.ones((2, 3), np.float32)}, BadInput, r"weights for each .* option fed"),
        ({"rnn.weight_ih_l0": np.ones((8, 0), np.float32)}, BadInput, "must be of shape"),
    ],
)
def test_weights_that_are_not_read_or_do_not_fit_are_named(more, error, words):
    with pytest.raises(error, match=words):
        read(tensors() | more)


def linear(name: str, read: int, given: int) -> dict[str, np.ndarray]:
    """A linear layer's weights."""
    return {
        f"{name}.weight": np.full((given, read), 0.1, np.float32),
        f"{name}.bias": np.full(given, 0.2, np.float32),
    }


def bare() -> dict[str, np.ndarray]:
    """An LSTM of 2 units that reads 3 numbers, without anything around it."""
    return {k: a for k, a in tensors().items() if k.startswith("rnn.")}


@pytest.mark.parametrize(
    ("more", "names", "features"),
    [
        (linear("proj", 8, 3), ["proj", "rnn"], 8),  # 8 is a multiple of the units
        (linear("fc_in", 7, 3) | linear("fc_out", 2, 4), ["fc_in", "rnn", "fc_out"], 7),
        (linear("a", 2, 3) | linear("b", 5, 3), ["b", "rnn", "a"], 5),
        (linear("a", 5, 4) | linear("b", 4, 3), ["a", "b", "rnn"], 5),
        (linear("input", 2, 3), ["input", "rnn"], 2),  # its name says where it stands
        (linear("decoder", 2, 3), ["rnn", "decoder"], 3),
    ],
)
def test_a_linear_layer_stands_where_its_size_and_its_name_fit(more, names, features):
    found = read(bare() | more)
    assert [layer.name for layer in found.network.layers] == names
    assert found.network.features == features
    assert found.network.run(np.ones((1, 4, features), np.float32)).traces["rnn"].timesteps == 4
    assert "(before)" in " ".join(found.assumed)


def test_where_a_linear_layer_stands_is_shown_and_can_be_said():
    arrays = bare() | linear("proj", 8, 3)
    assert "stands proj, which reads 8 numbers a timestep (before)" in read(arrays).assumed[0]
    head = read(arrays, before=[])
    assert head.network.fixed_timesteps == 4
    assert "all hidden states side by side" in " ".join(head.assumed)
    assert read(arrays, reads="flatten").network.fixed_timesteps == 4
    turned = read(bare() | linear("decoder", 2, 3), before=["decoder"], activations=["relu"])
    assert [layer.name for layer in turned.network.layers] == ["decoder", "rnn"]
    assert turned.assumed == ()
    for wrong in ("proj", ["other"], [1]):
        with pytest.raises(BadInput, match=r"by their names; they are: proj"):
            read(arrays, before=wrong)
    with pytest.raises(BadInput, match="option before would change nothing"):
        read(bare(), before=[])


def test_an_embedding_may_be_read_by_a_linear_layer_first():
    arrays = bare() | {"word_emb.weight": np.ones((9, 6), np.float32)} | linear("proj", 6, 3)
    found = read(arrays | linear("fc", 2, 2))
    assert [layer.name for layer in found.network.layers] == ["word_emb", "proj", "rnn", "fc"]
    assert found.network.run(np.array([[1, 2]])).by_timestep is not None


def test_an_option_that_would_change_nothing_is_refused():
    arrays = {k: a for k, a in tensors().items() if k.startswith("rnn.")}
    for name, value in {"nonlinearity": "relu", "mask_zero": False, "merge_mode": "sum"}.items():
        with pytest.raises(BadInput, match=f"option {name} would change nothing"):
            read(arrays, **{name: value})


def test_the_snippet_for_a_model_of_numbers_has_their_shape():
    arrays = {k: a for k, a in tensors().items() if k.startswith("rnn.")}
    line = next(x for x in read(arrays).snippet.splitlines() if x.startswith("inputs = "))
    shown = line.partition("(")[2].partition(", dtype")[0]
    assert np.shape(eval(shown)) == (1, 2, 3)
    assert "[[1, 2, 3]]" in imported("torch_lstm.safetensors").snippet


def test_a_file_without_a_recurrent_layer_says_what_it_has():
    with pytest.raises(Unsupported, match=r"no weights of nn.LSTM.*fc.weight"):
        read({"fc.weight": np.ones((2, 3), np.float32)})
