"""ONNX files, of exporters and of bare nodes, give what their frameworks compute."""

from __future__ import annotations

import struct
import time

import numpy as np
import pytest

from app.core.cells import CELLS
from app.core.errors import BadInput, TooLarge, Unsupported
from app.core.network import Bidirectional
from app.importers import read_model
from tests.fixtures.draws import draw
from tests.imports import FILES, assert_agrees, assert_close, cases, expected, imported, run

BACKEND = [name for name in cases(".onnx") if name.startswith("backend")]


@pytest.mark.parametrize("name", [n for n in cases(".onnx") if n not in BACKEND])
def test_outputs_and_hidden_states_are_those_of_the_framework(name):
    assert_agrees(name, imported(name))


@pytest.mark.parametrize("name", BACKEND)
def test_onnx_s_own_tests_of_its_nodes_pass(name):
    found, wanted = imported(name), expected(name)
    traces = run(found, wanted["inputs"]).traces
    assert len(traces) == len(wanted["last"])
    for trace, last in zip(traces.values(), wanted["last"], strict=True):
        assert_close(trace["hidden_state"][:, -1], last)


@pytest.mark.parametrize("layers", [1, 2])
def test_states_that_are_inputs_are_zeros_unless_somebody_sends_them(layers):
    found = imported(f"asked_{layers}.onnx")
    assert found.assumed == (
        "Every sequence starts from zeros, in place of the inputs h0, c0 of the model. Send "
        "initial_state for another state.",
    )
    assert f"'h0': np.zeros(({layers}, 1, 2), np.float32), 'c0': " in found.snippet
    compile(found.snippet, "snippet", "exec")
    name, x = next(iter(found.network.recurrent)), expected(f"asked_{layers}.onnx")["inputs"]
    whole = run(found, x).by_timestep
    first = run(found, x[:, :2]).traces
    states = {layer: trace.state(2) for layer, trace in first.items()}
    rest = found.network.run(x[:, 2:], states)
    assert whole is not None
    assert rest.by_timestep is not None
    assert_close(rest.by_timestep[:, -1], whole[:, -1])
    assert name in states


@pytest.mark.parametrize(
    ("case", "mode"), [("sum", "sum"), ("last_sum", "sum"), ("average", "ave"), ("product", "mul")]
)
def test_directions_that_are_joined_by_hand_are_a_way_of_joining(case, mode):
    layer = imported(f"joined_{case}.onnx").network.layers[0]
    assert isinstance(layer, Bidirectional)
    assert layer.merge_mode == mode
    assert layer.return_sequences is (case != "last_sum")


def test_peepholes_are_weights_of_the_gates_that_have_them():
    layer = imported("node_lstm_peepholes.onnx").network.recurrent["lstm/backward"]
    gates = layer.gate_weights()
    assert [name for name in gates if "peephole" in gates[name]] == [
        *("input_gate", "forget_gate", "output_gate"),
    ]
    order = np.concatenate([gates[f"{name}_gate"]["peephole"] for name in ("input", "output")])
    assert np.array_equal(order, draw("P", 2, 6)[1, :4].astype(np.float32))  # ONNX's: i, o, f


def test_lengths_that_are_the_whole_sequence_or_an_input_change_nothing():
    assert not imported("node_lstm_reverse.onnx").assumed
    for name in ("node_gru_lengths.onnx", "node_lstm_asked_lengths.onnx"):
        assert imported(name).assumed == ("Every sequence is read whole (sequence_lens).",)


def with_lengths(*lengths: int, sizes: tuple[int, ...] = (6, 1, 3)) -> memoryview:
    dims = b"".join(message((1, message((1, size)))) for size in sizes)
    x = message((1, "X"), (2, message((1, message((1, 1), (2, dims))))))
    numbers = np.array(lengths, "<i4")
    constants = (
        tensor("W", W),
        tensor("R", R),
        message((1, len(lengths)), (2, 6), (8, "L"), (9, numbers.tobytes())),
    )
    return model(node("LSTM", "X,W,R,,L", "Y"), constants=constants, x=x)


def test_lengths_that_end_a_sequence_early_are_refused_by_name():
    assert read_model("x", with_lengths(6, 6)).network
    for damaged in (with_lengths(6, 5), with_lengths(5), with_lengths(6, sizes=(0, 1, 3))):
        with pytest.raises(Unsupported, match="sequence_lens"):
            read_model("x", damaged)


def test_arithmetic_on_token_ids_is_followed_only_where_it_comes_to_nothing():
    table, zero, nine = (
        tensor("T", np.ones((9, 3))),
        tensor("0", np.zeros(())),
        tensor("9", np.full((), 9)),
    )
    constants = (tensor("W", W), tensor("R", R), table, zero, nine)
    ids = message((1, "X"), (2, message((1, message((2, message((1, b""), (1, b""))))))))
    embedded = (node("Gather", "T,I", "E"), node("LSTM", "E,W,R", "Y"))

    def through(*nodes: bytes) -> memoryview:
        return model(*nodes, *embedded, constants=constants, x=ids)

    wrapped = (node("Less", "X,0", "B"), node("Add", "X,9", "P"), node("Where", "B,P,X", "I"))
    assert read_model("x", through(*wrapped)).network.embedding is not None
    for others in (
        (node("Add", "X,9", "I"),),
        (node("Less", "X,9", "B"), node("Add", "X,9", "P"), node("Where", "B,P,X", "I")),
        (node("Less", "X,0", "B"), node("Add", "X,9", "P"), node("Where", "B,X,P", "I")),
    ):
        found = read_model("x", through(*others))  # fed with what the table gives
        assert found.network.embedding is None
        assert found.left_out[-1] == "E (Gather)"


def test_an_option_is_refused_since_the_graph_says_everything():
    lstm = model(node("LSTM", "X,W,R", "Y"), constants=(tensor("W", W), tensor("R", R)))
    assert "np.float32)  # your numbers" in read_model("x", lstm).snippet
    with pytest.raises(BadInput, match="reads would change nothing"):
        read_model("x", lstm, {"reads": "max"})


def test_states_to_start_from_are_added_up_by_nobody():
    shape = message((1, 3), (2, 7), (8, "S"), (9, np.array([1, 1, 2], "<i8").tobytes()))
    constants = (tensor("W", W), tensor("R", R), tensor("1", np.ones((1, 1, 2))), shape)
    zeros, one = node("ConstantOfShape", "S", "Z"), node("Add", "Z,1", "H")
    lstm = node("LSTM", "X,W,R,,,H", "Y")
    found = read_model("x", model(zeros, one, lstm, constants=constants))
    assert "Add on constants of unknown size is not read. It" in found.assumed[0]
    assert "It starts from zeros; send initial_state for others." in found.assumed[0]


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


def model(*nodes: bytes, constants: tuple[bytes, ...] = (), x: bytes = b"") -> memoryview:
    constants = constants or (tensor("W", W), tensor("R", R))
    graph = message(
        *((1, one) for one in nodes),
        *((5, one) for one in constants),
        (11, x or message((1, "X"))),
        (12, message((1, "Y"))),
    )
    return memoryview(message((1, 8), (7, graph), (8, message((2, 17)))))


def test_gates_that_onnx_couples_are_read_as_a_cell_of_their_own():
    found = imported("node_lstm_coupled.onnx")
    for layer in found.network.recurrent.values():
        assert layer.cell is CELLS["lstm_coupled"]
        assert list(layer.gate_weights()) == ["forget_gate", "candidate", "output_gate"]
    assert found.detected["gate order"].startswith("i, o, f, c, with input_forget=1")
    code = found.network.code()
    assert "an LSTM with coupled gates, which Keras does not have" in code


def coupled(*attributes: bytes, inputs: str = "X,W,R", **constants: bytes) -> memoryview:
    held = (tensor("W", W), tensor("R", R), *constants.values())
    switch = message((1, "input_forget"), (3, 1))
    return model(node("LSTM", inputs, "Y", switch, *attributes), constants=held)


def test_gates_that_cannot_be_coupled_are_named():
    rectified = message((1, "activations"), (9, "Relu"), (9, "Tanh"), (9, "Tanh"))
    with pytest.raises(Unsupported, match="couples gates that are not sigmoids"):
        read_model("x", coupled(rectified))
    peepholes = tensor("P", np.zeros((1, 6), np.float32))
    with pytest.raises(Unsupported, match="an LSTM with coupled gates with peepholes"):
        read_model("x", coupled(inputs="X,W,R,,,,,P", P=peepholes))


def test_the_smallest_model_there_can_be_is_read():
    found = read_model("x", model(node("LSTM", "X, W, R", "Y")))
    assert found.network.recurrent["lstm"].weights.units == 2


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (model(node("LSTM", "X,W,R", "Y", message((1, "clip"), (2, 3.0)))), Unsupported, "clip"),
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
        (memoryview(message((1, 8))), Unsupported, "unknown kind"),
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


def ints(name: str, *numbers: int) -> bytes:
    return message((1, name), *((8, number) for number in numbers))


HALVES = message((1, 2), (2, 10), (8, "H"), (5, 70_000), (5, 1))
SQUEEZED = (node("LSTM", "X,W,R", "Z"), node("Squeeze", "Z", "S"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (model(node("LSTM", "Y,W,R", "Z"), node("LSTM", "Z,W,R", "Y")), "does not read a sequence"),
        (model(node("LSTM", "X,W,R", "Y", message((1, "clip"), (4, "1")))), "another type"),
        (model(node("LSTM", "X,W,R", "Y", message((1, "activations"), (7, 1.0)))), "another type"),
        (model(*SQUEEZED, node("Concat", "S,S", "Y", ints("axis", -(2**62)))), "another type|Conc"),
        (model(node("LSTM", "X", "Y")), "not constants"),
        (model(node("LSTM", "", "Y")), "does not read a sequence"),
        (model(constants=(HALVES,)), "out of range|damaged|another shape"),
        (model(constants=(message((1, 2**62), (1, 2**62), (2, 1), (8, "W"), (9, b"")),)), "takes"),
    ],
)
def test_a_graph_that_makes_no_sense_is_refused_in_words(data, words):
    with pytest.raises((BadInput, Unsupported), match=words) as refused:
        read_model("x", data)
    assert "parts do not fit together" not in str(refused.value)


@pytest.mark.parametrize(
    ("following", "left"),
    [
        (node("Conv", "S", "Y"), ("Y (Conv)",)),
        (node("Identity", "Y", "Y"), ()),
        (node("Transpose", "S", "Y", ints("perm", 0, 0, 9)), ()),
        (node("Squeeze", "S", "Y", ints("axes", 2**62)), ()),
        (node("Gather", "S", "Y"), ("Y (Gather)",)),
        (node("Slice", "S,W", "Y"), ()),
    ],
)
def test_what_cannot_be_followed_behind_a_layer_is_left_out(following, left):
    found = read_model("x", model(*SQUEEZED, following))
    assert found.left_out == left
    assert found.assumed[0].endswith("What answers on top of it is left out.")


def test_deep_nesting_and_a_million_nodes_are_refused_within_a_second():
    deep = b""
    for _ in range(2_000):
        deep = message((6, message((1, message((5, deep)))))) if len(deep) < 2**20 else deep
    nested = model(node("LSTM", "X,W,R", "Y", message((1, "body")) + deep))
    many = node("Relu", "X", "Y")
    graph = b"".join(b"\x0a" + varint(len(many)) + many for _ in range(1_000_000))
    million = memoryview(message((1, 8), (7, graph)))
    begun = time.process_time()
    assert read_model("x", nested).network.recurrent  # a graph inside is never looked into
    with pytest.raises(TooLarge, match="20,000"):
        read_model("x", million)
    assert time.process_time() - begun < 1
