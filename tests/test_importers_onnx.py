"""ONNX files, of exporters and of bare nodes, give what their frameworks compute."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from app.errors import BadInput, TooLarge, Unsupported
from app.importers import read_model

from .imports import FILES, assert_agrees, assert_close, cases, expected, imported, run

PEEPHOLES = "backend_lstm_with_peepholes.onnx"
BACKEND = [name for name in cases(".onnx") if name.startswith("backend") and name != PEEPHOLES]


@pytest.mark.parametrize("name", [n for n in cases(".onnx") if not n.startswith("backend")])
def test_outputs_and_hidden_states_are_those_of_the_framework(name):
    assert_agrees(name, imported(name))


@pytest.mark.parametrize("name", BACKEND)
def test_onnx_s_own_tests_of_its_nodes_pass(name):
    found, wanted = imported(name), expected(name)
    traces = run(found, wanted["inputs"]).traces
    assert len(traces) == len(wanted["last"])
    for trace, last in zip(traces.values(), wanted["last"], strict=True):
        assert_close(trace["hidden_state"][:, -1], last)


def test_peepholes_are_refused_by_name():
    with pytest.raises(Unsupported, match="peepholes"):
        imported(PEEPHOLES)


def test_the_exporter_and_the_gate_order_are_shown():
    detected = imported("torch_lstm.legacy.onnx").detected
    assert detected["written by"].startswith("pytorch")
    assert detected["gate order"].startswith("i, o, f, c")


def message(*fields: tuple[int, bytes | int | str | float]) -> bytes:
    """Encode a protobuf message."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            out += varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def tensor(name: str, array: np.ndarray, *more: tuple[int, bytes | int | str]) -> bytes:
    dims = [(1, size) for size in array.shape]
    return message(*dims, (2, 1), (8, name), (9, array.astype("<f4").tobytes()), *more)


def node(op: str, inputs: str, outputs: str, *attributes: bytes) -> bytes:
    names = [(1, name.strip()) for name in inputs.split(",")]
    made = [(2, name.strip()) for name in outputs.split(",")]
    return message(*names, *made, (4, op), *((5, attribute) for attribute in attributes))


W, R = np.ones((1, 8, 3)) / 4, np.ones((1, 8, 2)) / 8


def model(*nodes: bytes, constants: tuple[bytes, ...] = ()) -> memoryview:
    constants = constants or (tensor("W", W), tensor("R", R))
    graph = message(
        *((1, one) for one in nodes),
        *((5, one) for one in constants),
        (11, message((1, "X"))),
        (12, message((1, "Y"))),
    )
    return memoryview(message((1, 8), (7, graph), (8, message((2, 17)))))


def test_the_smallest_model_there_can_be_is_read():
    found = read_model("x", model(node("LSTM", "X, W, R", "Y")))
    assert found.network.recurrent["lstm"].weights.units == 2


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (model(node("LSTM", "X,W,R", "Y", message((1, "clip"), (2, 3.0)))), Unsupported, "clip"),
        (
            model(node("LSTM", "X,W,R", "Y", message((1, "input_forget"), (3, 1)))),
            Unsupported,
            "input_forget",
        ),
        (
            model(node("LSTM", "X,W,R", "Y", message((1, "direction"), (4, "up")))),
            BadInput,
            "direction",
        ),
        (model(node("LSTM", "X,V,R", "Y")), Unsupported, "not constants"),
        (model(node("LSTM", "X,R,W", "Y")), BadInput, "shape"),
        (
            model(node("LSTM", "X,W,R", "Y", message((1, "activations"), (9, "Affine")))),
            Unsupported,
            "affine",
        ),
        (model(node("Loop", "X", "Y")), Unsupported, "Loop"),
        (model(node("LSTM", "X,W,R", "Z"), node("Conv", "Z", "Y")), Unsupported, "Conv"),
        (model(node("Relu", "X", "Y")), Unsupported, "no LSTM, GRU or RNN"),
        (model(node("LSTM", "Y,W,R", "Y")), Unsupported, "does not read a sequence"),
        (model(*[node("LSTM", "X,W,R", "Y")] * 20_001), TooLarge, "20,000"),
        (model(constants=(tensor("W", W, (14, 1)),)), Unsupported, "external data"),
        (
            model(constants=(tensor("W", W, (13, message((1, "location")))),)),
            Unsupported,
            "another file",
        ),
        (model(constants=(tensor("W", W, (1, 2**62)),)), BadInput, "takes"),
        (memoryview(message((1, 8), (7, b"\x0a\xff\xff\xff\xff\x0f"))), BadInput, "damaged"),
        (memoryview(message((1, 8))), Unsupported, "no known kind"),
    ],
)
def test_what_is_not_read_or_does_not_fit_is_named(data, error, words):
    with pytest.raises(error, match=words):
        read_model("x", data)


def test_numbers_that_are_none_are_refused():
    with pytest.raises(BadInput, match="not finite"):
        read_model(
            "x",
            model(node("LSTM", "X,W,R", "Y"), constants=(tensor("W", W * np.nan), tensor("R", R))),
        )


def test_a_chain_of_more_layers_than_anybody_draws_is_refused():
    square = (tensor("W", np.ones((1, 8, 2))), tensor("R", R))
    nodes = [node("LSTM", "X,W,R", "Y0")]
    for place in range(300):
        nodes.append(node("Squeeze", f"Y{place}", f"S{place}"))
        nodes.append(node("LSTM", f"S{place},W,R", f"Y{place + 1}"))
    with pytest.raises(TooLarge, match="256 layers"):
        read_model("x", model(*nodes, constants=square))


def test_files_of_exporters_hold_no_paths_of_the_machine_that_made_them():
    for name in cases(".onnx"):
        assert b"/home" not in (FILES / name).read_bytes()
        assert b".py" not in (FILES / name).read_bytes()
