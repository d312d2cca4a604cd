"""Files that are not read are named for what they are, with advice that was tried."""

from __future__ import annotations

import pickle
import zlib
from pathlib import Path

import orjson
import pytest

from app.core.errors import Unsupported
from app.importers import read_files, read_model
from app.importers.advice_files import TRIED, lines
from tests.importers.test_cases import CASES

GUIDE = Path(__file__).parents[2] / "docs" / "own-model.md"


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Unsupported) as refused:
        read_model(name, memoryview(data))
    return refused.value.detail


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("savedmodel.zip", 'tf_keras.models.load_model("savedmodel")'),
        ("savedmodel.zip", "TFSMLayer"),
        ("m.tflite", "TensorFlow Lite model"),
        ("m.tflite", "Keras model that it was made of"),
        ("keras_model.pkl", 'with open("keras_model.pkl", "rb") as file:'),
        ("keras_model.pkl", 'model.save("model.keras")'),
        ("checkpoint.index", "TensorFlow checkpoint"),
        ("checkpoint.index", 'model.load_weights("checkpoint")'),
        ("model.json", "configuration of a Keras model"),
        ("model.json", "together with its weights"),
    ],
)
def test_a_file_is_named_and_its_way_out_has_its_name(name, words):
    assert words in refusal(name, (CASES / name).read_bytes())


def test_no_advice_is_of_another_kind_of_file():
    for name in ("m.tflite", "keras_model.pkl", "savedmodel.zip", "checkpoint.index"):
        text = refusal(name, (CASES / name).read_bytes())
        assert "torch" not in text
        assert "tf.keras" not in text
        assert "load_model" not in text or "tf_keras.models.load_model" in text


RTNEURAL = {"in_shape": [None, None, 1], "layers": [{"type": "lstm", "weights": []}]}
NAM = {"version": "0.5.2", "architecture": "LSTM", "config": {}, "weights": [0.5]}
TOKENIZER = {"class_name": "Tokenizer", "config": {"word_index": "{}"}}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (orjson.dumps(RTNEURAL), "x is a model for RTNeural"),
        (orjson.dumps(NAM), r"Neural Amp Modeler \(NAM\)"),
        (orjson.dumps({"model_data": {}, "state_dict": {}}), "state_dict written as JSON"),
        (orjson.dumps(TOKENIZER), "x is a vocabulary and no model"),
        (orjson.dumps({"a": 1}), "no description of a model that is known"),
        (orjson.dumps([1, 2]), "no description of a model that is known"),
        (b'{"class_name": ', "damaged, or cut off"),
        (pickle.dumps({"a": 1}, protocol=0), "Python pickle"),
        (b"\x80\x04\x95\x00csklearn.preprocessing._data\nMinMaxScaler", "pickle of scikit-learn"),
        (b"\x80\x04\x95\x00cjoblib.numpy_pickle\nNumpyArrayWrapper", "file of joblib"),
        (zlib.compress(pickle.dumps({"a": 1})), "joblib, compressed"),
        (b"x^2 + 1 is no pickle that zlib has deflated", "text file"),
    ],
)
def test_what_else_people_bring_is_named(data, words):
    with pytest.raises(Unsupported, match=words):
        read_model("x", memoryview(data))


def test_parts_of_one_model_that_are_none_here_are_named_together():
    index = (CASES / "checkpoint.index").read_bytes()
    files = [("model.data-00000-of-00001", b"\0\1\2"), ("model.index", index)]
    with pytest.raises(Unsupported, match=r'load_weights\("model"\)'):
        read_files([(name, memoryview(data)) for name, data in files])


def test_a_name_cannot_break_out_of_its_line():
    text = refusal('a"\n/../b\\c".pkl', zlib.compress(pickle.dumps({"a": 1})))
    assert 'joblib.load("c\\".pkl")' in text


def test_every_line_of_advice_was_tried_and_the_guide_says_when():
    guide = " ".join(GUIDE.read_text().split())
    for which, tried in TRIED.items():
        assert f"| {tried.versions} | {tried.day} |" in guide, which
        compile(lines(which, "my model.pt"), which, "exec")


def test_no_line_of_code_begins_as_prose_does_so_that_the_page_can_tell_them_apart():
    for tried in TRIED.values():
        assert not any(line[:1].isupper() for line in tried.lines.splitlines())
