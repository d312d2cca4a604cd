"""Files that lie are refused in words, soon, and within bounds."""

from __future__ import annotations

import io
import pickle
import struct
import time
import tracemalloc
import zipfile

import numpy as np
import orjson
import pytest
from safetensors.numpy import save

from app.core.errors import BadInput, TooLarge, Unsupported, UserError
from app.importers import IMPORTERS, read_model
from app.importers.binary.hdf5 import open_hdf5
from tests.fixtures.draws import draw
from tests.imports import FILES, cases

SAVED = cases(".pt", ".pth", ".ckpt", ".bin", ".pkl", ".tar")
ALL = [*cases(".keras", ".h5", ".onnx", ".safetensors"), *SAVED]


def file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def tensors(header: object, data: bytes = b"") -> bytes:
    text = orjson.dumps(header)
    return struct.pack("<Q", len(text)) + text + data


def with_bytes(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1
    return data.replace(old, new, 1)


BOMB = zipped({"config.json": b"{}", "metadata.json": b"{}", "model.weights.h5": b"\0" * 2**28})
LSTM = zipped({"config.json": b"[" * 100_000, "metadata.json": b"{}", "model.weights.h5": b""})
LONG = zipped({"config.json": b" " * 2**24, "metadata.json": b"{}", "model.weights.h5": b""})
WEIGHTS = file("lstm.weights.h5")


def field(number: int, content: bytes) -> bytes:
    """A field of bytes in a message of Protocol Buffers."""
    size, length = len(content), b""
    while size > 127:
        size, length = size >> 7, length + bytes([size & 127 | 128])
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


VERSION = b"\x08\x08"
LISTED = VERSION + field(7, field(5, field(1, b"\x01" * 100_001)))
FIELDS = VERSION + field(7, b"\x08\x01" * 100_001)
FIRST = (0.8 * draw("0", 1, 2)).astype("<f4").tobytes()  # as the fixture's embedding begins


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", BadInput, "empty"),
        (b"\0", Unsupported, "unknown kind"),
        (np.random.RandomState(1).bytes(5000), Unsupported, "unknown kind"),
        (b"hello, world" * 50, Unsupported, "text file"),
        (b"%PDF-1.7", Unsupported, "PDF"),
        (b"\x1f\x8b\x08\0", Unsupported, "gzip"),
        (pickle.dumps({"state": 1}), Unsupported, "pickle. Nothing in it was run"),
        (zipped({"archive/data.pkl": b"", "archive/data/0": b""}), BadInput, "pickle was cut off"),
        (zipped({"m/saved_model.pb": b"", "m/variables/x": b""}), Unsupported, "SavedModel"),
        (zipped({"../../etc/passwd": b"x"}), Unsupported, "zip archive of 1 files"),
        (zipped({"arr_0.npy": b""}), Unsupported, "NumPy"),
        (BOMB, TooLarge, "would inflate to 268,435,460 bytes"),
        (LSTM, BadInput, "not valid JSON"),
        (LONG, TooLarge, "config.json' in the archive has 16,777,216 bytes of text"),
        (LISTED, BadInput, "a list in it has more than 100,000 integers"),
        (FIELDS, BadInput, "a part of it has more than 100,000 fields"),
        (file("lstm.keras")[:-30], BadInput, "zip archive is damaged: .* it was cut off"),
        (file("lstm.keras")[:200], BadInput, "zip archive is damaged"),
        (with_bytes(WEIGHTS, FIRST, struct.pack("<ff", np.nan, 1)), BadInput, "not finite"),
        (with_bytes(WEIGHTS, FIRST, struct.pack("<ff", 1, np.inf)), BadInput, "not finite"),
        (WEIGHTS[:100], BadInput, "HDF5 file is damaged"),
        (WEIGHTS[:3000], BadInput, "HDF5 file is damaged"),
        (WEIGHTS[:8] + b"\xff" * 500, BadInput, "does not exist"),
        (with_bytes(WEIGHTS, b"SNOD", b"TREE"), BadInput, "damaged|no group"),
        (with_bytes(file("lstm.h5"), b"GCOL", b"XXXX"), BadInput, "a string is not where"),
        (struct.pack("<Q", 2**62) + b"{" * 99, Unsupported, "unknown kind"),
        (struct.pack("<Q", 2**39) + b"{" * 99, BadInput, "not a whole .safetensors"),
        (struct.pack("<Q", 90) + b"{" * 20, BadInput, "not a whole .safetensors"),
        (tensors({"a": []}), BadInput, "damaged: Expected `object`"),
        (tensors([]), Unsupported, ""),
        (
            tensors(
                {
                    "rnn.weight_ih_l0": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 8]},
                    "rnn.weight_hh_l0": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 8]},
                }
            ),
            BadInput,
            "as many rows as columns",
        ),
        (
            tensors(
                {
                    "rnn.weight_ih_l0": {"dtype": "F32", "shape": [1, 1], "data_offsets": [9, 13]},
                    "rnn.weight_hh_l0": {"dtype": "F32", "shape": [1, 1], "data_offsets": [9, 13]},
                }
            ),
            BadInput,
            "damaged",
        ),
        (
            tensors(
                {
                    "rnn.weight_ih_l0": {"dtype": "F4", "shape": [1, 1], "data_offsets": [0, 4]},
                    "rnn.weight_hh_l0": {"dtype": "F4", "shape": [1, 1], "data_offsets": [0, 4]},
                }
            ),
            BadInput,
            "of type F4",
        ),
    ],
)
def test_a_hostile_file_is_refused_with_the_reason_soon_and_in_little_memory(data, error, words):
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(error) as refused:
        read_model("file", memoryview(data))
    seconds = time.process_time() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    if words:
        refused.match(words)
    assert seconds < 1
    assert peak < 2**25


def refusal(data: bytes) -> str:
    """Why a file was refused; nothing where it was not."""
    try:
        read_model("file", memoryview(data))
    except UserError as refused:
        return refused.detail
    return ""


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_is_cut_off_anywhere_says_what_is_wrong(name):
    data = file(name)
    for end in np.unique(np.linspace(0, len(data) - 1, 60).astype(int)).tolist():
        assert "parts do not fit together" not in refusal(data[:end]), end


def test_each_good_file_is_taken_by_exactly_one_reader_and_its_name_does_not_matter():
    for name in ALL:
        data = memoryview(file(name))
        matching = [importer.name for importer in IMPORTERS if importer.match(data)]
        assert len(matching) == 1, name


def test_same_bytes_named_a_thousand_times_are_not_read_a_thousand_times_into_memory():
    size = 2**20
    row = {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}
    square = {"dtype": "F32", "shape": [1, size // 4], "data_offsets": [0, size]}
    names = {f"x{i}.weight": square for i in range(1000)}
    header = {"rnn.weight_ih_l0": square, "rnn.weight_hh_l0": {**row, "shape": [512, 512]}}
    with pytest.raises(UserError):
        read_model("x", memoryview(tensors(header | names, b"\0" * size)))


def test_an_hdf5_group_that_contains_itself_is_refused():
    root = open_hdf5(WEIGHTS)
    message = next(body for kind, _, body in root._messages if kind == 0x11)
    tree = message.uint(0, 8)
    child = WEIGHTS[tree + 32 : tree + 40]
    looped = WEIGHTS[: tree + 32] + struct.pack("<Q", tree) + WEIGHTS[tree + 40 :]
    assert child != struct.pack("<Q", tree)
    with pytest.raises(BadInput, match="contains itself"):
        read_model("x", memoryview(looped))


def test_more_arrays_than_any_model_has_are_refused_in_time():
    header = {f"{i}": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]} for i in range(50_000)}
    data = memoryview(tensors(header, b"\0" * 4))
    begun = time.process_time()
    with pytest.raises(BadInput, match="at most 10,000 are read"):
        read_model("x", data)
    assert time.process_time() - begun < 2


def test_weights_that_make_numbers_beyond_float32_are_refused():
    arrays = {
        "rnn.weight_ih_l0": np.full((4, 1), 1e10, np.float32),
        "rnn.weight_hh_l0": np.ones((4, 1), np.float32),
    }
    with pytest.raises(BadInput, match="beyond 1e9"):
        read_model("x", memoryview(save(arrays)))
