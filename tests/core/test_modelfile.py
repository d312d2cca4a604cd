"""Our own model files: what is written comes back, and what is not ours is refused."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.errors import BadInput, TooLarge
from app.core.model import Model
from app.core.modelfile import read, read_file, to_bytes, write
from app.core.modelfile.limits import MAX_FILE
from app.core.network import Dense, Embedding, Flatten, Network, Recurrent
from app.core.text import Hashing, WordList
from app.core.training.parameters import arrays_of
from app.storage.registry import Registry
from app.storage.shipped import article

WORDS = ("", "?", "pune", "कोलकाता", "goa", "🙂")


def model_of(cell: str = "lstm", head: str = "every", outputs: int = 3) -> Model:
    random, row = np.random.RandomState(4), CELLS[cell]
    embedding = Embedding("embedding", glorot_uniform(len(WORDS), 5, random), mask_zero=True)
    recurrent = Recurrent("rnn", row, draw_weights(row, 5, 2, random), head != "last")
    kernel = glorot_uniform(2 * (4 if head == "flatten" else 1), outputs, random)
    activation = "softmax" if outputs > 1 else "sigmoid"
    dense = Dense("dense", kernel, np.full(outputs, 0.25, np.float32), activation)
    flat = (Flatten("flatten"),) if head == "flatten" else ()
    return Model(
        id="small",
        title="A small model",
        description="Embedding, one recurrent layer, Dense.",
        provenance={"kind": "trained", "on": "nothing"},
        network=Network((embedding, recurrent, *flat, dense)),
        vocabulary=WordList.of(WORDS),
        labels=("no", "yes") if outputs == 1 else tuple("abcdefg"[:outputs]),
        card={"task": "none", "accuracy": 0.5, "mistakes": [{"sentence": "So it is."}]},
    )


def numbers_of(model: Model) -> list[bytes]:
    return [array.tobytes() for array in arrays_of(model.network)]


def assert_same(model: Model, other: Model) -> None:
    for name in ("id", "title", "description", "provenance", "vocabulary", "labels", "card"):
        assert getattr(model, name) == getattr(other, name)
    assert model.network.summary(4) == other.network.summary(4)
    for layer, again in zip(model.network.layers, other.network.layers, strict=True):
        for name in ("mask_zero", "return_sequences", "activation", "cell"):
            assert getattr(layer, name, None) == getattr(again, name, None)
    assert numbers_of(model) == numbers_of(other)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("head", ["last", "every", "flatten"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_model_comes_back_from_its_file_to_the_bit(cell, head, outputs, tmp_path):
    model, path = model_of(cell, head, outputs), tmp_path / "small.safetensors"
    write(model, path)
    again = read_file(path)
    assert_same(model, again)
    ids = np.array([[2, 3, 1, 5]])
    said, said_again = (m.network.run(ids).by_timestep for m in (model, again))
    assert said is not None
    assert said_again is not None
    assert said.tobytes() == said_again.tobytes()


def test_a_network_that_hashes_words_and_one_that_reads_numbers_come_back_too():
    hashing = replace(model_of(), vocabulary=Hashing(len(WORDS)))
    *_, recurrent, _ = hashing.network.layers
    numbers = replace(hashing, network=Network((recurrent,)), vocabulary=None, labels=())
    for model in (hashing, numbers):
        assert_same(model, read(to_bytes(model), "small"))


def test_the_same_model_is_the_same_bytes():
    assert len({to_bytes(model_of()) for _ in range(20)}) == 1


def test_writing_replaces_the_old_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "small.safetensors"
    write(model_of(), path)
    write(replace(model_of(), title="Another"), path)
    assert read_file(path).title == "Another"
    assert [p.name for p in tmp_path.iterdir()] == ["small.safetensors"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "small.safetensors"
    write(model_of(), path)

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write(replace(model_of(), title="Another"), path)
    assert read_file(path).title == "A small model"
    assert [p.name for p in tmp_path.iterdir()] == ["small.safetensors"]


def with_content(change: dict[str, Any], **tensors: np.ndarray) -> bytes:
    """The small model's file with some of its description and of its arrays changed."""
    data = to_bytes(model_of())
    size = struct.unpack("<Q", data[:8])[0]
    content = orjson.loads(orjson.loads(data[8 : 8 + size])["__metadata__"]["lstm_viz"])
    arrays = load(data) | {name.replace("__", "/"): array for name, array in tensors.items()}
    return save(arrays, {"lstm_viz": orjson.dumps(content | change).decode()})


LAYERS: list[dict[str, Any]] = [
    {"type": "embedding", "name": "embedding", "tokens": 6, "features": 5, "mask_zero": True},
    {
        "type": "recurrent",
        "name": "rnn",
        "cell": "lstm",
        "features": 5,
        "units": 2,
        "return_sequences": True,
    },
    {"type": "dense", "name": "dense", "inputs": 2, "outputs": 3, "activation": "softmax"},
]
NAN = np.array([0, np.nan, 0], np.float32)
DEEP: Any = orjson.loads("[" * 200 + "]" * 200)


def layers(position: int, **change: Any) -> dict[str, Any]:
    """The layers, one of them changed."""
    changed = [dict(layer) for layer in LAYERS]
    changed[position] |= change
    return {"layers": changed}


def test_the_layers_that_the_refusals_change_are_those_of_the_small_model():
    assert read(with_content({"layers": LAYERS}), "small").network.summary(2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a whole"),
        (b"PK\x03\x04" * 9, "not a whole"),
        (to_bytes(model_of())[:-1], "damaged"),
        (to_bytes(model_of()) + b"\0", "damaged"),
        (struct.pack("<Q", 9_000_000) + b" " * 9_000_000, "takes 9,000,000 bytes"),
        (struct.pack("<Q", 5) + b"[1,2]", "header is not an object"),
        (struct.pack("<Q", 5) + b"[1,2}", "not valid JSON"),
        (struct.pack("<Q", 200_000) + b"[" * 200_000, "not valid JSON"),
        (save({"x": np.ones(3, np.float32)}), "does not describe a model"),
        (save({"x": np.ones(3, np.float32)}, {"lstm_viz": "[]"}), "wrong: Expected `object`"),
        (save({"x": np.ones(3, np.float32)}, {"lstm_viz": "{"}), "not valid JSON"),
        (to_bytes(model_of()) + b"more", "arrays take 412 bytes, but 416 came"),
        (to_bytes(model_of()).replace(b"[0,12]", b"[4,16]"), "do not follow one another"),
        (to_bytes(model_of()).replace(b"[0,12]", b"[0,-4]"), "damaged: Expected `int` >= 0"),
        (to_bytes(model_of()).replace(b"[0,12]", b'[0,"x"]'), "header is not valid JSON|damaged"),
        (with_content({"version": 2}), "wrong at version"),
        (with_content({"title": "x" * 201}), "wrong at title"),
        (with_content({"extra": 1}), "unknown field `extra`"),
        (with_content({"provenance": {"kind": "holy"}}), "kind must be one of"),
        (with_content({"provenance": {"kind": "trained", "on": "x" * 3000}}), "2,000 bytes"),
        (with_content({"card": {"deep": DEEP}}), "nested deeper"),
        (with_content({"labels": ["a", "b"]}), "must name 3 labels"),
        (with_content({"vocabulary": {"kind": "hashing", "size": 7}}), "ids up to 6"),
        (with_content({"vocabulary": {"kind": "words", "words": ["a"], "unknown": 6}}), "up to 6"),
        (with_content({"layers": []}), "wrong at layers"),
        (with_content({"layers": LAYERS[::-1]}), "cannot read what it is given"),
        (with_content({"layers": LAYERS[:1]}), "does not describe, the array"),
        (with_content({"layers": LAYERS[:2], "labels": []}), "does not describe, the array"),
        (with_content(layers(1, cell="elman")), "one of lstm, gru"),
        (with_content(layers(1, name="embedding")), "two layers of the same name"),
        (with_content(layers(1, units=2**40)), "<= 2147483648"),
        (with_content(layers(1, units=-2)), ">= 1"),
        (with_content(layers(1, units=True)), "Expected `int`, got `bool`"),
        (with_content(layers(1, name="../up")), "does not describe|lacks"),
        (with_content(layers(1, units=3)), "must be F32 of shape"),
        (with_content(layers(0, features=4)), "must be F32 of shape"),
        (with_content(layers(0, tokens=2**31)), "must be F32 of shape"),
        (with_content(layers(2, activation="exp")), "one of linear, sigmoid"),
        (with_content({}, dense__bias=NAN), "not finite"),
        (with_content({}, dense__bias=1e30 * np.ones(3, np.float32)), "beyond 1,000,000,000"),
        (with_content({}, dense__bias=np.ones(4, np.float32)), "shape \\[3\\]"),
        (with_content({}, dense__bias=np.ones(3)), "F64 of shape \\[3\\] came"),
        (with_content({}, dense__more=np.ones(3, np.float32)), "does not describe, the array"),
    ],
)
def test_a_hostile_file_is_refused_with_the_reason(data, reason):
    with pytest.raises((BadInput, TooLarge), match=reason):
        read(data, "hostile")


def wide(features: int) -> Model:
    """A model that reads numbers, many at each timestep."""
    cell = CELLS["simple_rnn"]
    weights = draw_weights(cell, features, 1, np.random.RandomState(0))
    network = Network((Recurrent("rnn", cell, weights, True),))
    return replace(model_of(), network=network, vocabulary=None, labels=())


def renamed(name: str) -> Model:
    first, *others = model_of().network.layers
    return replace(model_of(), network=Network((replace(first, name=name), *others)))


def of_outputs(outputs: int) -> Model:
    *others, _ = model_of().network.layers
    dense = Dense("dense", np.zeros((2, outputs), "f4"), np.zeros(outputs, "f4"), "softmax")
    labels = tuple(map(str, range(outputs)))
    return replace(model_of(), network=Network((*others, dense)), labels=labels)


def of_words(count: int, word: str = "{}") -> Model:
    words = [word.format(k) for k in range(count)]
    _, *others = model_of().network.layers
    table = Embedding("embedding", np.zeros((count, 5), np.float32))
    return replace(model_of(), network=Network((table, *others)), vocabulary=WordList.of(words, 0))


def of_rows(count: int) -> Model:
    _, *others = model_of().network.layers
    table = Embedding("embedding", np.zeros((count, 5), np.float32))
    return replace(model_of(), network=Network((table, *others)), vocabulary=None)


def of_weight(value: float) -> Model:
    *others, dense = model_of().network.layers
    return replace(
        model_of(), network=Network((*others, replace(dense, bias=np.full(3, value, "f4"))))
    )


def test_what_the_limits_allow_is_written_and_comes_back():
    for model in (wide(20_000), of_outputs(10_000), of_words(5_000), renamed("n" * 100)):
        assert_same(model, read(to_bytes(model), model.id))


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (wide(20_001), "20,001 numbers to read at each timestep; the limit is 20,000"),
        (of_outputs(10_001), "10,001 outputs; the limit is 10,000"),
        (of_words(500_001), "500,001 words; the limit is 500,000"),
        (of_words(9_000, "w" * 1_000 + "{}"), "bytes in the file's header; the limit is 8,388,608"),
        (of_rows(7_000_000), "140,000,292 bytes of weights as float32; the limit is 134,217,728"),
        (renamed("a\nb"), r"control character '\\n' at place 2"),
        (renamed("n" * 101), "101 characters"),
        (of_weight(np.nan), "dense/bias.*not finite"),
        (of_weight(2e9), "beyond 1,000,000,000"),
        (replace(model_of(), title="t" * 201), "at title"),
        (replace(model_of(), labels=("a", "b", "l" * 201)), "at labels"),
        (replace(model_of(), card={"x": "y" * 100_000}), "card must have at most 100,000 bytes"),
    ],
)
def test_what_could_not_be_read_back_is_not_written_and_the_figure_is_said(model, reason, tmp_path):
    path = tmp_path / "model.safetensors"
    with pytest.raises((BadInput, TooLarge), match=reason):
        write(model, path)
    assert not path.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(TooLarge, match="134,217,729 bytes"):
        read_file(path)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_file_with_bytes_changed_at_random_is_read_or_refused_but_never_anything_else(data):
    content = bytearray(to_bytes(model_of()))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        model = read(bytes(content), "small")
    except BadInput as error:
        outcome = len(error.detail) < 1000
    else:
        outcome = all(np.isfinite(array).all() for array in arrays_of(model.network))
    assert outcome


def test_the_shipped_models_are_the_seeded_one_and_every_file_in_the_folder():
    folder = Path(__file__).parents[2] / "app" / "models"
    ids = [model.id for model in Registry.shipped()]
    assert ids[0] == article().id
    assert sorted(ids[1:]) == sorted(path.stem for path in folder.glob("*.safetensors"))
    order = [
        name
        for name in ("place", "place-gru", "place-rnn", "sentiment", "writer", "series")
        if name in ids
    ]
    assert ids[1 : len(order) + 1] == order
