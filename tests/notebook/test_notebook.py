"""What notebooks and scripts use: `from lstm_viz import load, from_torch, from_keras`."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import orjson
import pytest

from app import from_keras, from_torch, load
from app.core.errors import BadInput, NotFound, Unsupported, UserError
from app.service.formats import HEADER
from tests.doubles import KerasModel, Module, Tensor, torch_module
from tests.imports import FILES, assert_close, cases, expected
from tests.saved import boot_of

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")


@pytest.fixture(scope="module")
def trace():
    return load("article").trace("Good Day")


def test_gates_and_states_are_arrays_by_name(trace):
    for name in (*GATES, "cell_state", "hidden_state"):
        assert getattr(trace, name).shape == (2, 3)
        assert getattr(trace, name).dtype == np.float32
    assert trace.input.shape == (2, 5)
    assert trace.tokens == ["Good", "Day"]
    assert len(trace) == 2
    c = trace.forget_gate[1] * trace.cell_state[0] + trace.input_gate[1] * trace.candidate[1]
    assert trace.cell_state[1] == pytest.approx(c)
    assert trace.state["cell_state"] == pytest.approx(trace.cell_state[1])
    assert trace.prediction["probabilities"] == pytest.approx([0.5137378, 0.48626217])
    assert {"forget_gate", "memory", "frame"} <= set(dir(trace))
    assert "2 timesteps x 3 units" in repr(trace)


def test_a_name_that_there_is_not_says_which_there_are(trace):
    with pytest.raises(AttributeError, match=r"no reset_gate.*lstm.*forget_gate"):
        _ = trace.reset_gate


def test_explanations_add_up(trace):
    assert trace.preactivations["candidate"].shape == (2, 3)
    shares = trace.memory(unit=1)["contributions"]
    assert shares.sum(axis=1) == pytest.approx(trace.cell_state[:, 1])
    found = trace.attributions("1")
    total = found["scores"].sum() + found["initial_state"] + found["bias"]
    assert total == pytest.approx(found["logit"])
    assert trace.gradients("0")["cell_state"].shape == (2,)


def test_every_gate_has_its_gradient(trace):
    gradient = trace.gradient
    for name in (*GATES, "cell_state", "hidden_state", "along_memory"):
        assert getattr(gradient, name).shape == (2, 3)
        assert getattr(gradient, name).dtype == np.float64
    assert gradient.input.shape == (2, 5)
    before = gradient.forget_gate * trace.forget_gate * (1 - trace.forget_gate)
    assert gradient.preactivations["forget_gate"] == pytest.approx(before, rel=1e-5)
    kept = trace.forget_gate[1] * gradient.cell_state[1]
    assert gradient.along_memory[0] == pytest.approx(kept, rel=1e-6)
    assert trace.gradient_of("1").input == pytest.approx(-trace.gradient_of("0").input)


def test_a_sequence_goes_on_from_a_state(trace):
    model = load("article")
    rest = model.trace("Day", initial_state=model.trace("Good").state)
    assert rest.hidden_state[0] == pytest.approx(trace.hidden_state[1])


def test_pins_hold_a_gate():
    held = {"timestep": 2, "gate": "forget_gate", "unit": None, "value": 0.0}
    trace = load("article").trace("Good Day", pins=[held])
    assert trace.forget_gate[1].tolist() == [0, 0, 0]
    assert trace.cell_state[1] == pytest.approx(trace.input_gate[1] * trace.candidate[1])


def test_a_model_of_numbers_takes_arrays_and_a_layer_can_be_chosen():
    model = load(FILES / "rectified.keras")
    numbers = np.ones((4, 3))
    trace = model.trace(numbers, layer="b")
    assert trace.update_gate.shape == (4, 2)
    assert trace.tokens == ["1", "2", "3", "4"]
    for same in (numbers[np.newaxis], numbers.tolist(), Tensor(numbers.astype(np.float32))):
        assert np.array_equal(model.trace(same, layer="b").hidden_state, trace.hidden_state)
    assert model.layers == ["a", "b", "c"]


def test_a_model_without_a_vocabulary_takes_ids_and_with_one_words():
    ids = load(FILES / "lstm.keras").trace(np.array([[3, 1, 4]]))
    words = load(FILES / "lstm.keras", vocabulary=list("_abcdefgh"), title="Letters")
    assert np.array_equal(words.trace("c a d").cell_state, ids.cell_state)
    assert words.trace("c a d").tokens == ["c", "a", "d"]
    assert "Letters (imported)" in repr(words)


@pytest.mark.parametrize(
    ("sequence", "text"),
    [
        ("!!!", "no words left"),
        ([], "token_ids is empty|Token ids"),
        ([1.5], "whole numbers"),
        (np.ones((2, 2), int), r"shape \(timesteps,\)"),
        ([50_000], "rows 0 to 49,999"),
        (None, "a NoneType came"),
        ({"a": 1}, "a dict came"),
    ],
)
def test_a_sequence_that_does_not_fit_is_refused_in_words(sequence, text):
    with pytest.raises(UserError, match=text):
        load("article").trace(sequence)


@pytest.mark.parametrize("sequence", ["words", np.ones((2, 4, 3)), np.ones((4, 2)), [[np.nan] * 3]])
def test_numbers_that_do_not_fit_are_refused(sequence):
    with pytest.raises(BadInput):
        load(FILES / "rectified.keras").trace(sequence)


def test_what_cannot_be_loaded_says_why(tmp_path):
    with pytest.raises(NotFound, match="shipped models are article, place"):
        load("nope")
    with pytest.raises(FileNotFoundError):
        load("nope.keras")
    with pytest.raises(BadInput, match="There is no option speed"):
        load(FILES / "lstm.keras", speed=1)
    path = tmp_path / "model.pt"
    path.write_bytes(b"\x80\x02}")
    with pytest.raises(Unsupported, match=r"model\.pt: This is a Python pickle"):
        load(path)


def test_a_vocabulary_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "clf.pt"
    path.write_bytes(b"PK\x80")
    with pytest.raises(BadInput, match=r"The vocabulary \S+clf\.pt is not UTF-8 text: byte 3"):
        load(FILES / "lstm.keras", vocabulary=str(path))


def test_without_pandas_a_frame_is_one_clear_line(trace, monkeypatch):
    bring = builtins.__import__

    def without(name, *rest):
        if name == "pandas":
            raise ImportError(name)
        return bring(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"frame\(\) needs pandas \(pip install pandas\)") as got:
        trace.frame()
    assert got.value.__suppress_context__


def test_a_frame_is_made_of_tidy_columns(trace, monkeypatch):
    made = []

    def data_frame(table):
        made.append(table)
        return SimpleNamespace(astype=lambda types: types)

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=data_frame))
    assert trace.frame("memory") == {"timestep": "Int64", "unit": "Int64", "source": "Int64"}
    (table,) = made
    assert tuple(table) == HEADER
    assert len({len(column) for column in table.values()}) == 1
    assert {"forget_gate", "memory.magnitude", "preactivations.candidate"} <= set(table["quantity"])


def test_it_is_saved_by_suffix_whole_or_not_at_all(trace, tmp_path):
    for suffix in ("csv", "json", "npz"):
        trace.save(tmp_path / f"x.{suffix}")
    with np.load(tmp_path / "x.npz") as stored:
        assert np.array_equal(stored["forget_gate"], trace.forget_gate)
    with pytest.raises(BadInput, match=r"\.csv"):
        trace.save(tmp_path / "x.doc")
    (tmp_path / "taken.csv").mkdir()
    with pytest.raises(OSError, match="taken"):
        trace.save(tmp_path / "taken.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "taken.csv",
        "x.csv",
        "x.json",
        "x.npz",
    ]


def test_a_cell_of_a_notebook_shows_the_page_in_a_frame_that_reaches_nothing(trace):
    frame = trace.show(timestep=2, height=500)
    html = frame._repr_html_()
    assert html.startswith('<iframe sandbox="allow-scripts allow-downloads" srcdoc="')
    assert "height: 500px" in html
    assert html.count("<") == 2  # the frame's own two tags: the page is escaped
    assert frame.html.lower().startswith("<!doctype html>")
    assert "timestep=2" in boot_of(frame.html)["query"]


@pytest.mark.parametrize("where", [{"timestep": 0}, {"timestep": 3}, {"unit": 3}, {"unit": -1}])
def test_a_place_that_there_is_not_cannot_be_shown(trace, where):
    with pytest.raises(BadInput, match="but there are"):
        trace.show(**where)


def test_no_page_shows_a_trace_that_began_elsewhere_as_if_it_began_at_zero(trace):
    later = load("article").trace("Day", initial_state=trace.state)
    with pytest.raises(BadInput, match="begins at zero"):
        later.show()
    assert later._repr_html_() is None


def test_the_package_is_cheap_to_import():
    code = "import sys, app; print(sorted({'numpy', 'fastapi', 'pydantic'} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.stdout == "[]\n"


TORCH = {
    "torch_lstm.safetensors": ({"": "Net", "embedding": "Embedding", "rnn": "LSTM"}, {}),
    "torch_stacked.safetensors": ({"": "Net", "embedding": "Embedding", "rnn": "LSTM"}, {}),
    "torch_gru.safetensors": ({"": "Net", "embedding": "Embedding"}, {"reads": "average"}),
    "torch_rnn.safetensors": (
        {"": "Net", "embedding": "Embedding", "rnn": "RNN"},
        {"reads": "max"},
    ),
}
RELU = {"nonlinearity": "relu"}


def assert_agrees(name, opened) -> None:
    """Hold every hidden state that the framework gave to ours."""
    wanted = expected(name)
    names = opened.layers
    compared = 0
    for key, states in wanted.items():
        layer = key.partition("hidden_state:")[2]
        if not layer:
            continue
        if layer.startswith("last"):
            layer = names[-2 if layer == "last/forward" else -1]
        for place, sequence in enumerate(wanted["inputs"]):
            assert_close(opened.trace(sequence, layer=layer).hidden_state, states[place])
            compared += 1
    assert compared


@pytest.mark.parametrize("name", TORCH)
def test_a_module_in_memory_gives_what_pytorch_computes(name):
    parts, options = TORCH[name]
    module = torch_module(name, parts, attributes={"rnn": RELU})
    assert_agrees(name, from_torch(module, **options))


KERAS = [
    name for name in cases(".keras") if any(key.startswith("hidden") for key in expected(name))
]


@pytest.mark.parametrize("name", KERAS)
def test_a_model_in_memory_gives_what_keras_computes(name):
    assert_agrees(name, from_keras(KerasModel(name)))


def test_a_vocabulary_in_memory_comes_along():
    model = KerasModel("lstm.keras")
    config: dict[str, object] = {"name": "text", "split": "whitespace"}
    content = orjson.loads(model.to_json())
    content["config"]["layers"].insert(1, {"class_name": "TextVectorization", "config": config})
    model.to_json = lambda: orjson.dumps(content).decode()
    text = SimpleNamespace(name="text", get_vocabulary=lambda: ["", "[UNK]", *"abcdefg"])
    model.layers.insert(0, text)
    trace = from_keras(model).trace("B, who? a")
    assert [token["id"] for token in trace.answer()["tokens"]] == [3, 1, 2]
    config["output_sequence_length"] = 6
    (said,) = from_keras(model).assumed
    assert "fills every sentence up to 6 words" in said


def test_one_layer_in_memory_will_do():
    (layer,) = (layer for layer in KerasModel("lstm.keras").layers if layer.name == "a")
    whole, wanted = load(FILES / "lstm.keras"), from_keras(layer)
    trace = whole.trace([3, 1, 4])
    assert np.array_equal(wanted.trace(trace.input).cell_state, trace.cell_state)


def test_a_bare_layer_and_a_cell_of_pytorch_are_layers_of_their_own_name():
    state = torch_module("torch_lstm.safetensors", TORCH["torch_lstm.safetensors"][0]).state_dict()
    bare = {k.removeprefix("rnn."): t.numpy() for k, t in state.items() if k.startswith("rnn.")}
    layer = from_torch(type("LSTM", (Module,), {})(bare, {}))
    cell = {name.removesuffix("_l0"): array for name, array in bare.items()}
    same = from_torch(type("LSTMCell", (Module,), {})(cell, {}))
    assert layer.layers == same.layers == ["lstm"]
    numbers = np.ones((4, 3))
    assert np.array_equal(layer.trace(numbers).cell_state, same.trace(numbers).cell_state)


def test_a_module_says_which_matrix_is_its_embedding():
    square = {
        "look": np.ones((4, 4)),
        "rnn.weight_ih_l0": np.ones((16, 4)),
        "rnn.weight_hh_l0": np.ones((16, 4)),
    }
    state = {("look.weight" if k == "look" else k): v for k, v in square.items()}
    parts = {"": "Net", "look": "Embedding", "rnn": "LSTM"}
    assert from_torch(Module(state, parts)).trace([1, 2]).hidden_state.shape == (2, 4)
    head = from_torch(Module(state, parts | {"look": "Linear"}))
    assert head.trace(np.ones((2, 4))).prediction is not None


@pytest.mark.parametrize("opener", [from_torch, from_keras])
def test_another_object_is_refused_by_its_type(opener):
    with pytest.raises(BadInput, match="of type int came"):
        opener(3)


def test_weights_without_their_module_and_a_module_without_its_weights_are_refused():
    with pytest.raises(BadInput, match="Give the module itself, or save the weights"):
        from_torch({"weight_ih_l0": np.ones((4, 1))})
    module = torch_module("torch_lstm.safetensors", TORCH["torch_lstm.safetensors"][0])
    for tensor in module.state_dict().values():
        tensor.__dict__["is_meta"] = True
    with pytest.raises(BadInput, match="on the device meta, which holds no numbers"):
        from_torch(module)


def test_a_sentence_for_a_model_without_words_is_answered_with_what_works():
    with pytest.raises(BadInput, match=r"trace\(\[3, 1, 4\]\).*load\(..., vocabulary=...\)"):
        load(FILES / "lstm.keras").trace("3 1 4")
    with pytest.raises(BadInput, match=r"reads numbers of shape \(timesteps, 3\)"):
        load(FILES / "rectified.keras").trace("3 1 4")


def test_a_keras_layer_without_weights_says_what_to_do():
    layer = KerasModel("lstm.keras").layers[1]
    layer.built = False
    with pytest.raises(BadInput, match="has no weights yet"):
        from_keras(layer)


def test_simple_layers_have_each_their_own_nonlinearity():
    arrays = {f"{name}.weight_{part}_l0": np.ones((2, 2)) for name in "ab" for part in ("ih", "hh")}
    module = Module(arrays, {"": "Net", "a": "RNN", "b": "RNN"}, attributes={"b": RELU})
    recurrent = from_torch(module).model.network.recurrent
    assert [layer.cell.activation for layer in recurrent.values()] == ["tanh", "relu"]


def test_a_quantized_module_is_refused_by_name():
    kind = type("LSTM", (), {"__module__": "torch.ao.nn.quantized.dynamic.modules.rnn"})
    module = Module({}, {"": "Net"})
    module.named_modules = lambda: [("", module), ("lstm", kind())]
    with pytest.raises(Unsupported, match=r"quantized LSTM \(lstm\).*before .*quantize_dynamic"):
        from_torch(module)
