"""Layers that an ONNX file has written out, as loops or step by step, are found or refused."""

from __future__ import annotations

import time

import numpy as np
import pytest

from app.core.errors import TooLarge, Unsupported, UserError
from app.core.network import Bidirectional, Recurrent
from app.importers import read_model
from tests.imports import FILES, cases, imported

from .test_onnx import message, model, node, tensor

WRITTEN = [n for n in cases(".onnx") if n.startswith(("written", "tensorflow_gru"))]


@pytest.mark.parametrize("name", WRITTEN)
def test_layers_that_are_written_out_are_found_and_agree_with_their_operations(name):
    found = imported(name)
    assert "differ by at most" in found.detected["agreement"]
    assert found.detected["layers"].startswith("found in operations")
    assert all(layer.name for layer in found.network.layers)


def test_cells_masks_and_directions_are_those_of_the_model():
    def of(name: str) -> tuple:
        return imported(f"written_{name}.onnx").network.layers

    assert of("tensorflow_masked")[0].mask_zero
    assert not of("tensorflow_simple_rnn")[0].mask_zero
    assert of("tensorflow_gru_before")[1].cell.name == "gru_reset_before"
    assert of("tensorflow_series")[1].cell.activation == "relu"
    assert of("torch_lstm")[1].cell.recurrent_activation == "hard_sigmoid"
    backwards, both = of("torch_gru")[1], of("torch_masked")[1]
    assert isinstance(backwards, Recurrent)
    assert isinstance(both, Bidirectional)
    assert backwards.go_backwards
    assert not backwards.restores_order
    assert both.forward.zero_output_for_mask
    assert of("jax_gru")[1].merge_mode == "sum"


def test_a_file_for_one_length_says_so_and_one_for_any_length_does_not():
    assert "4 timesteps" in imported("written_tensorflow_gru_before.onnx").assumed[0]
    assert not imported("written_tensorflow_masked.onnx").assumed


def test_a_layer_that_is_another_one_in_one_timestep_is_refused():
    data = (FILES / "written_torch_lstm.onnx").read_bytes()
    operation = message((4, "Tanh"))
    for place in range(data.count(operation)):
        *before, rest = data.split(operation, place + 1)
        other = operation.join(before) + message((4, "Relu")) + rest
        assert len(other) == len(data)
        with pytest.raises(Unsupported):
            read_model("x", memoryview(other))


def shaped(*sizes: int) -> bytes:
    dims = b"".join(message((1, message((1, size) if size else (2, "n")))) for size in sizes)
    return message((1, "X"), (2, message((1, message((1, 1), (2, dims))))))


def whole(name: str, *numbers: int) -> bytes:
    array = np.array(numbers, "<i8")
    return message((1, len(array)), (2, 7), (8, name), (9, array.tobytes()))


TRUE = message((2, 9), (8, "T"), (9, b"\x01"))


def looped(*nodes: bytes, trips: int, states: str = "S", constants: tuple[bytes, ...] = ()):
    """A model that is a loop over one state, which its nodes make O of."""
    inner = message(
        *((1, one) for one in nodes),
        *((5, one) for one in constants),
        *((11, message((1, name))) for name in ("i", "go", "s")),
        *((12, message((1, name))) for name in ("go", "o")),
    )
    body = message((1, "body"), (6, inner))
    loop = node("Loop", f"M,T,{states}", "Y", body)
    return model(
        loop, constants=(whole("M", trips), TRUE, tensor("S", np.ones((1, 2)))), x=shaped(1, 3, 2)
    )


WIDE = tensor("W", np.ones((2, 2)))
NESTED = node("If", "go", "o", message((1, "then_branch"), (6, message((12, message((1, "s")))))))


@pytest.mark.parametrize(
    "data",
    [
        looped(node("Identity", "s", "o"), trips=2**62),
        looped(node("Concat", "s,s", "o", message((1, "axis"), (3, 1))), trips=2**40),
        looped(node("Add", "X,s", "o"), trips=2**40),
        looped(node("MatMul", "s,W", "o"), trips=2**30, constants=(WIDE,)),
        looped(NESTED, trips=2**30),
        looped(node("Loop", "i,go,s", "o", message((1, "body"), (6, b""))), trips=5),
        looped(node("Expand", "s,E", "o"), trips=5, constants=(whole("E", 2**31, 2**31),)),
        looped(node("Tile", "s,E", "o"), trips=5, constants=(whole("E", 2**31, 2**31),)),
        looped(node("Range", "i,E,i", "o"), trips=5, constants=(whole("E", 2**62),)),
        looped(trips=5),
        looped(node("Gather", "X,s", "o"), trips=5),
        looped(node("Add", "o,s", "o"), trips=-1),
        model(node("Loop", "X,X,X", "Y", message((1, "body"), (6, b"\xff")))),
        model(node("Loop", "X,X,X", "Y", message((1, "body"), (3, 1)))),
    ],
)
def test_a_loop_that_does_not_end_or_makes_no_sense_is_refused_before_it_is_run(data):
    begun = time.process_time()
    with pytest.raises(UserError) as refused:
        read_model("x", data)
    assert time.process_time() - begun < 20  # all its rounds would take years
    assert "parts do not fit together" not in refused.value.detail


def test_an_output_of_no_numbers_is_refused():
    none = node("Slice", "X,0,0,2", "Y")
    constants = (whole("0", 0), whole("2", 2))
    with pytest.raises(Unsupported):
        read_model("x", model(none, constants=constants, x=shaped(1, 3, 2)))


def test_a_body_within_itself_and_chains_of_a_thousand_operations_are_refused():
    body = b""
    for _ in range(200):
        body = message((1, node("Loop", "i,go,s", "o", message((1, "body"), (6, body)))))
    with pytest.raises(UserError):
        read_model("x", model(node("Loop", "M,T,X", "Y", message((1, "body"), (6, body)))))
    relus = [node("Tanh", f"Y{i}", f"Y{i + 1}") for i in range(15_000)]
    first = node("MatMul", "X,W", "Y0")
    split = node("Split", "Y15000", "A,B", message((1, "axis"), (3, 2)))
    joined = node("Add", "A,B", "Y")
    constants = (tensor("W", np.ones((2, 4))),)
    begun = time.process_time()
    with pytest.raises((Unsupported, TooLarge)):
        read_model("x", model(first, *relus, split, joined, constants=constants, x=shaped(1, 3, 2)))
    assert time.process_time() - begun < 20  # all its rounds would take years


def test_a_model_of_any_length_without_a_loop_says_that_it_is_for_one():
    weights = tensor("W", np.ones((2, 2)))
    nodes = (node("MatMul", "X,W", "Z"), node("Tanh", "Z", "Y"))
    with pytest.raises(Unsupported, match=r"any number of timesteps.*fixed length"):
        read_model("x", model(*nodes, constants=(weights,), x=shaped(0, 0, 2)))


def test_what_is_recognised_but_computes_something_else_is_refused(monkeypatch):
    monkeypatch.setattr("app.importers.onnx.unrolled.reader.TOLERANCE", -1.0)
    with pytest.raises(Unsupported, match="does not compute the same numbers"):
        imported("written_jax_masked.onnx")
