"""Modules with more in them than a chain, or whose code says what no file does."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save

from app.core.errors import BadInput, Unsupported
from app.importers import Imported, read_model
from app.importers.assumed import Undecided
from app.importers.naming import as_model
from tests.imports import assert_agrees, assert_close, expected, imported, run


def part(name: str, **options: object) -> Imported:
    return imported(f"torch_part_{name}.pt", **options)


def wanted(name: str) -> dict[str, np.ndarray]:
    return expected(f"torch_part_{name}.pt")


@pytest.mark.parametrize(
    ("name", "options", "layer", "left"),
    [
        ("convolution", {}, "lstm", ("conv (Conv1d)", "fc (Linear)")),
        ("normalised", {}, "lstm", ("norm (LayerNorm)", "fc (Linear)")),
        ("normalised_without_weights", {}, "lstm", ("norm (LayerNorm)", "fc (Linear)")),
        (
            "translator",
            {"layer": "encoder.rnn"},
            "encoder.rnn",
            ("decoder.rnn", "decoder.embedding", "decoder.fc_out (Linear)"),
        ),
    ],
)
def test_the_recurrent_layer_is_opened_on_its_own(name, options, layer, left):
    found, right = part(name, **options), wanted(name)
    assert list(found.network.recurrent) == [layer]
    assert found.left_out == left
    trace = run(found, right.get("shown", right["inputs"])).traces[layer]
    assert_close(trace["hidden_state"], right["output"])
    assert found.assumed[0].startswith(f"Only {layer} is opened: ")


def test_words_are_read_where_an_embedding_stands_directly_before():
    found, right = part("attention"), wanted("attention")
    assert [x.name for x in found.network.layers] == ["embedding", "lstm"]
    assert found.left_out == ("look (Linear)", "fc (Linear)")
    traces = run(found, right["inputs"]).traces
    both = [traces[f"lstm/{way}"]["hidden_state"] for way in ("forward", "backward")]
    assert_close(np.concatenate([both[0], both[1][:, ::-1]], axis=-1), right["output"])
    numbers = part("attention", fed="numbers")
    assert numbers.network.features == 3
    assert "embedding" in numbers.left_out
    with pytest.raises(BadInput, match="option reads would change nothing: the recurrent layer is"):
        part("attention", reads="every")


def test_what_is_left_out_is_in_every_answer():
    model = as_model(part("convolution"), "brought", "convolution.pt")
    assert model.provenance["left_out"] == ["conv (Conv1d)", "fc (Linear)"]


def test_of_several_recurrent_layers_one_is_asked_for():
    with pytest.raises(Undecided, match=r"encoder\.rnn, decoder\.rnn") as asked:
        part("translator")
    assert asked.value.choices[0]["option"] == "layer"
    assert asked.value.choices[0]["values"] == ["encoder.rnn", "decoder.rnn"]
    with pytest.raises(BadInput, match=r"one of encoder\.rnn, decoder\.rnn"):
        part("translator", layer="rnn")


def test_whether_an_embedding_stands_directly_before_is_asked_where_it_may_not():
    arrays = {
        **{f"rnn.{way}_l0": np.ones((8, n), np.float32) for way, n in WAYS.items()},
        "words.weight": np.ones((9, 3), np.float32),
        "norm.weight": np.ones(3, np.float32),
    }
    data = memoryview(save(arrays))
    with pytest.raises(Undecided, match=r"norm \(LayerNorm\) may stand between .* option fed"):
        read_model("x", data, {})
    assert read_model("x", data, {"fed": "ids"}).network.embedding is not None
    assert read_model("x", data, {"fed": "numbers"}).network.embedding is None


WAYS = {"weight_ih": 3, "weight_hh": 2}


@pytest.mark.parametrize(
    ("name", "said"),
    [("weight_norm", "weight_norm"), ("max_norm", "max_norm=0.5"), ("deep", "order")],
)
def test_what_is_computed_of_the_weights_is_computed(name, said):
    found = part(name)
    assert_agrees(f"torch_part_{name}.pt", found)
    assert found.left_out == ()
    assert said in " ".join(found.assumed)


def test_the_order_of_linear_layers_of_one_size_is_said_or_asked():
    assert "computed as hidden, then dense, then out" in " ".join(part("deep").assumed)
    found = part("deep", dense_order=["dense", "hidden", "out"])
    assert [x.name for x in found.network.layers[1:]] == ["dense", "hidden", "out"]
    names = {"lstm.weight_ih_l0": (8, 3), "lstm.weight_hh_l0": (8, 2)}
    names |= {"a.weight": (2, 2), "a.bias": (2,), "b.weight": (2, 2), "b.bias": (2,)}
    data = memoryview(save({name: np.ones(shape, np.float32) for name, shape in names.items()}))
    with pytest.raises(Undecided, match=r"option dense_order: \[a, b\]; or \[b, a\]"):
        read_model("x", data, {})
    read = read_model("x", data, {"dense_order": ["b", "a"]})
    assert [x.name for x in read.network.layers] == ["lstm", "b", "a"]
    with pytest.raises(BadInput, match="dense_order must list"):
        read_model("x", data, {"dense_order": ["b"]})
    with pytest.raises(BadInput, match="do not fit one another in the order"):
        part("deep", dense_order=["out", "hidden", "dense"])


def test_a_linear_layer_may_read_the_last_cell_state():
    assert_agrees("torch_part_remembered.pt", part("remembered", reads="cell_state"))
    choice = next(x for x in part("remembered").choices if x["option"] == "reads")
    assert choice["chosen"] == "last_state"
    assert "cell_state" in choice["values"]
    with pytest.raises(BadInput, match="has no cell state"):
        imported("torch_gru.safetensors", reads="cell_state")


def test_two_or_three_times_as_many_numbers_are_not_taken_for_timesteps():
    names = {"lstm.weight_ih_l0": (8, 3), "lstm.weight_hh_l0": (8, 2), "fc.weight": (1, 4)}
    data = memoryview(save({name: np.ones(shape, np.float32) for name, shape in names.items()}))
    with pytest.raises(Undecided, match=r"fc reads 4 numbers, 2 times .* such as h beside c"):
        read_model("x", data, {})
    assert read_model("x", data, {"reads": "flatten"}).network.fixed_timesteps == 2
    assert read_model("x", data, {"layer": "lstm"}).left_out == ("fc (Linear)",)


def test_classes_of_ones_own_are_named_as_code_that_is_not_followed():
    found = part("own_activation")
    assert found.left_out == ("act (Swish)",)
    assert "whose code is not followed: left out" in " ".join(found.assumed)
    cell = " ".join(part("own_cell").assumed)
    assert "cell (OwnCell) is of a class of your own" in cell
    assert "computed as the nn.LSTMCell" in cell


def test_a_whole_module_says_whether_it_reads_the_batch_first():
    assert "transpose" not in part("normalised").snippet
    assert "without batch_first=True" in part("convolution").snippet
    turned = imported("torch_saved_module.pt").snippet
    assert "model.eval()(inputs)  # a tuple" in turned


def test_a_model_without_a_recurrent_layer_stays_refused():
    with pytest.raises(Unsupported, match=r"no weights of nn\.LSTM"):
        read_model("x", memoryview(save({"fc.weight": np.ones((2, 3), np.float32)})), {})
