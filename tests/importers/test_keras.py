"""Keras's files give what Keras computes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import orjson
import pytest

from app.core.cells import Weights
from app.core.errors import BadInput, Unsupported
from app.core.network import Bidirectional, Flatten, PassThrough, check_layers
from app.importers import read_model
from app.importers.inferred import fits_in_other_orders
from tests.imports import FILES, assert_agrees, cases, expected, imported, output, run

WEIGHTS_ALONE = cases(".weights.h5")


WHOLE = [n for n in cases(".keras", ".h5") if not n.endswith(".weights.h5")]


@pytest.mark.parametrize("name", WHOLE)
def test_outputs_and_hidden_states_are_those_of_keras(name):
    assert_agrees(name, imported(name))


def test_weights_by_the_names_of_their_layers_say_the_order_and_no_more():
    words = imported("old_named_words.h5")
    assert [layer.name for layer in words.network.layers][1:3] == ["bidirectional_1", "gru_1"]
    assert words.detected["folded"] == "batch_normalization_1 (BatchNormalization) into answer"
    for option in ("mask_zero", "activations", "cell_activation", "gate_activation", "merge_mode"):
        assert option in " ".join(words.assumed)
    with pytest.raises(BadInput, match="option order would change nothing"):
        imported("old_named_words.h5", order=["gru_1", "bidirectional_1"])
    assert "(before)" not in " ".join(imported("old_named_flat.h5").assumed)


def test_an_order_of_layers_that_the_weights_do_not_settle_is_asked_for():
    with pytest.raises(BadInput, match=r'option order, such as \["second","first"\]'):
        imported("ask_order.weights.h5")
    for order in (["first", "second"], ["second", "first"]):
        assert list(imported("ask_order.weights.h5", order=order).network.recurrent) == order
    with pytest.raises(BadInput, match="order must list all recurrent layers"):
        imported("ask_order.weights.h5", order=["first"])


UNSAID = {
    "bidirectional_ave": {"mask_zero": False, "merge_mode": "ave"},
    "flatten": {"reads": "flatten"},
    "gru_reset_before": {"mask_zero": False, "activations": ["linear"]},
    "maximum": {"reads": "max"},
    "rnn_every": {"reads": "every"},
    "series": {"mask_zero": None, "activations": ["linear"]},
    "stacked": {"activations": ["relu", "softmax"]},
}
"""What the weights of a model do not say of it, besides that token 0 is padding."""


@pytest.mark.parametrize("name", WEIGHTS_ALONE)
def test_weights_alone_give_the_same_once_the_rest_has_been_said(name):
    found = imported(name, **{"mask_zero": True} | UNSAID.get(name.split(".")[0], {}))
    assert any("(cell_activation" in text for text in found.assumed)
    assert_agrees(name, found)


@pytest.mark.parametrize("name", WEIGHTS_ALONE)
def test_the_snippet_for_weights_alone_builds_the_model_and_loads_them(name):
    snippet = imported(name).snippet
    compile(snippet, name, "exec")
    lines = snippet.splitlines()
    loaded = lines.index(f'model.load_weights("{name}")')
    assert lines[0] == "import numpy as np"
    assert all(line.startswith("model.add(layers.") for line in lines[3:loaded])
    assert lines[-1] == "model.predict(inputs)"


def test_the_order_of_the_gates_is_told_of_weights_alone_too():
    for name in ("lstm", "gru", "stacked"):
        whole, alone = imported(f"{name}.keras"), imported(f"{name}.weights.h5")
        assert alone.detected["gate order"] == whole.detected["gate order"]


def test_a_dense_layer_for_every_timestep_is_one_in_the_snippet_too():
    found = imported("rnn_every.weights.h5")
    assert found.network.predicts_every_timestep
    assert 'layers.TimeDistributed(layers.Dense(2, activation="softmax"))' in found.snippet


def test_what_weights_alone_do_not_say_is_named():
    assumed = " ".join(imported("lstm.weights.h5").assumed)
    for word in ("mask_zero", "reads", "activations", "softmax"):
        assert word in assumed


def test_what_weights_alone_do_not_say_of_recurrent_layers_is_named():
    both = " ".join(imported("bidirectional_concat.weights.h5").assumed)
    assert "side by side (merge_mode: concat)" in both
    assert "their sum" in " ".join(imported("bidirectional_ave.weights.h5").assumed)
    said = imported("bidirectional_concat.weights.h5", merge_mode="concat").assumed
    assert "merge_mode" not in " ".join(said)
    assert "order of their classes" not in both
    assert "order of their classes" not in " ".join(imported("series.weights.h5").assumed)


def test_layers_of_two_classes_that_fit_in_either_order_are_doubtful():
    layers = imported("series.keras").network.recurrent
    square = Weights(np.ones((2, 8)), np.ones((2, 8)), np.ones(8))
    first, second = (replace(layers[name], weights=square) for name in ("b", "c"))
    assert fits_in_other_orders([first, second], 2)
    assert not fits_in_other_orders([first, replace(first, name="d")], 2)  # of one class
    assert not fits_in_other_orders([layers["a/forward"], second], 3)  # 3 -> 2 -> 2


def test_the_reading_of_the_hidden_states_can_be_changed():
    found = imported("lstm.weights.h5", reads="average", activations=["sigmoid"])
    assert found.network.layers[-1].activation == "sigmoid"  # type: ignore[union-attr]
    assert [type(layer).__name__ for layer in found.network.layers][-2] == "Pooling"


@pytest.mark.parametrize(
    "options",
    [
        {"reads": "first"},
        {"activations": ["softmax", "relu"]},
        {"activations": ["exp"]},
        {"mask_zero": 1},
        {"merge_mode": "max"},
    ],
)
def test_an_option_that_does_not_fit_is_refused(options):
    with pytest.raises(BadInput, match="The option"):
        imported("lstm.weights.h5", **options)


def test_a_whole_model_refuses_options_since_it_says_everything_itself():
    for name in ("lstm.keras", "lstm.h5"):
        with pytest.raises(BadInput, match=r"option activations would change nothing.*itself"):
            imported(name, activations=["softmax"])
    with pytest.raises(BadInput, match="option merge_mode would change nothing"):
        imported("lstm.weights.h5", merge_mode="sum")


def test_each_direction_is_a_layer_of_its_own_and_its_steps_stand_in_token_order():
    found = imported("bidirectional_concat.keras")
    assert list(found.network.recurrent) == ["a/forward", "a/backward"]
    assert isinstance(found.network.layers[1], Bidirectional)


def test_a_flatten_knows_how_many_timesteps_it_was_built_for():
    found = imported("flatten.keras")
    assert [x.timesteps for x in found.network.layers if isinstance(x, Flatten)] == [6]
    assert [x.type for x in found.network.layers if isinstance(x, PassThrough)] == ["Dropout"]


def test_the_summary_counts_parameters_as_keras_does():
    rows = {row.name: row for row in imported("maximum.keras").network.summary(6)}
    assert rows["a"].parameters == 4 * (3 + 2) * 2  # without biases
    assert rows["a"].output_shape == (None, 6, 2)
    rows = {row.name: row for row in imported("gru.keras").network.summary(6)}
    assert rows["a"].parameters == 3 * ((3 + 2) * 2 + 2 * 2)  # with two
    assert sum(row.parameters for row in rows.values()) == 27 + 42 + 3


def test_the_version_and_the_gate_order_are_shown():
    detected = imported("lstm.keras").detected
    assert detected["Keras version"].startswith("3.")
    assert "i, f, c, o" in detected["gate order"]


def changed(name: str, change) -> memoryview:
    """A .keras file with another configuration."""
    with zipfile.ZipFile(FILES / name) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    config = orjson.loads(members["config.json"])
    change(config["config"]["layers"])
    members["config.json"] = orjson.dumps(config)
    return zipped(members)


def zipped(members: dict[str, bytes]) -> memoryview:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return memoryview(written.getvalue())


def at(place: int, kind: str | None = None, **config):
    def change(layers):
        layers[place]["class_name"] = kind or layers[place]["class_name"]
        layers[place]["config"] |= config

    return change


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (at(2, "ConvLSTM1D"), Unsupported, "a of type ConvLSTM1D"),
        (at(2, "Conv1D"), Unsupported, "Conv1D"),
        (at(2, activation="wobble"), Unsupported, "'wobble'"),
        (at(2, units=3), BadInput, "a/kernel must be of shape"),
        (at(2, units=-1), BadInput, "positive integer"),
        (at(2, units=2**40), BadInput, "positive integer"),
        (at(1, input_dim=10), BadInput, "words/embeddings must be of shape"),
        (at(2, use_bias=False), BadInput, "needs 2 arrays of weights; 3 came"),
        (lambda layers: layers.pop(2), BadInput, "no recurrent layer"),
        (lambda layers: layers.extend(layers[-1:] * 300), BadInput, "arrays"),
        (lambda layers: layers.append(5), BadInput, "class_name"),
    ],
)
def test_a_configuration_that_is_not_read_is_refused_by_name(change, error, words):
    data = changed("lstm.keras", change)
    with pytest.raises(error, match=words):
        read_model("x", data)


def test_hard_sigmoid_is_that_of_the_version_that_wrote_the_file():
    with zipfile.ZipFile(FILES / "rectified.keras") as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members["metadata.json"] = orjson.dumps({"keras_version": "2.13.1"})
    old = read_model("x", zipped(members))
    assert old.network.recurrent["a"].cell.recurrent_activation == "hard_sigmoid_2"
    new = imported("rectified.keras")
    assert new.network.recurrent["a"].cell.recurrent_activation == "hard_sigmoid"


def test_of_a_functional_model_that_branches_what_comes_before_is_opened():
    with zipfile.ZipFile(FILES / "functional.keras") as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    config = orjson.loads(members["config.json"])
    dense = next(x for x in config["config"]["layers"] if x["class_name"] == "Dense")
    node = dense["inbound_nodes"][0]["args"]
    other = orjson.loads(orjson.dumps(node[0]))
    other["config"]["keras_history"][0] = "words"
    dense["inbound_nodes"][0]["args"] = [[node[0], other]]
    members["config.json"] = orjson.dumps(config)
    found = read_model("x", zipped(members))
    assert "branches at dense" in found.assumed[0]
    assert [layer.name for layer in found.network.layers] == ["words", "a"]
    assert [name.partition(" (")[2] for name in found.left_out] == ["Dense)", "Activation)"]


def test_a_vocabulary_in_the_model_becomes_the_models_own():
    with zipfile.ZipFile(FILES / "lstm.keras") as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    config = orjson.loads(members["config.json"])
    words = {"class_name": "TextVectorization", "config": {"name": "text", "split": "whitespace"}}
    config["config"]["layers"].insert(1, words)
    members["config.json"] = orjson.dumps(config)
    members["assets/layers/text_vectorization/string_lookup/vocabulary.txt"] = b"pune\ngoa\n"
    vocabulary = read_model("x", zipped(members)).vocabulary
    assert vocabulary is not None
    split = vocabulary.split("Pune, isn't-it  GOA!")
    assert [word.key for word in split] == ["pune", "isntit", "goa"]
    assert [word.text for word in split] == ["Pune,", "isn't-it", "GOA!"]
    assert [vocabulary.id_of(word.key) for word in split] == [2, 1, 3]


def test_a_masked_hole_changes_the_answer():
    found, wanted = imported("lstm.keras"), expected("lstm.keras")
    filled = np.where(wanted["inputs"] == 0, 8, wanted["inputs"])
    assert not np.allclose(output(found, run(found, filled)), wanted["output"], atol=1e-3)


def test_directions_that_do_not_read_the_same_numbers_are_refused():
    both = imported("series.keras").network.layers[0]
    assert isinstance(both, Bidirectional)
    weights = replace(both.backward.weights, kernel=np.ones((2, 6), np.float32))
    bent = replace(both, backward=replace(both.backward, weights=weights))
    with pytest.raises(BadInput, match="cannot read"):
        check_layers([bent])
