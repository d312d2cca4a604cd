"""Of an ONNX graph that is not read whole the recurrent part is opened, and the rest is named."""

from __future__ import annotations

import pytest

from app.core.errors import BadInput
from app.importers.assumed import Undecided
from app.importers.naming import as_model
from tests.imports import assert_close, expected, imported, output, run


def test_what_a_convolution_gives_is_fed_and_the_answer_stays():
    found, right = imported("part_convolved.onnx"), expected("part_convolved.onnx")
    assert [name.partition(" (")[2] for name in found.left_out] == ["Conv)"]
    assert "5 numbers a timestep" in found.assumed[0]
    done = run(found, right["shown0"])
    assert_close(output(found, done), right["output"])
    (trace,) = done.traces.values()
    assert_close(trace["hidden_state"], right["states0"])
    model = as_model(found, "brought", "convolved.onnx")
    assert len(model.provenance["left_out"]) == 1


def test_of_layers_with_something_between_one_is_chosen():
    with pytest.raises(Undecided, match=r"Say in the option layer .*: /low/LSTM, /high/LSTM"):
        imported("part_attending.onnx")
    with pytest.raises(BadInput, match="must be one of /low/LSTM, /high/LSTM"):
        imported("part_attending.onnx", layer="low")
    right = expected("part_attending.onnx")
    low = imported("part_attending.onnx", layer="/low/LSTM")
    assert low.network.embedding is not None
    assert "It reads token ids." in low.assumed[0]
    (trace,) = run(low, right["inputs"]).traces.values()
    assert_close(trace["hidden_state"], right["states0"])
    high = imported("part_attending.onnx", layer="/high/LSTM")
    assert any("LayerNormalization" in left for left in high.left_out)
    assert any("Softmax" in left for left in high.left_out)
    (trace,) = run(high, right["shown1"]).traces.values()
    assert_close(trace["hidden_state"], right["states1"])


def test_the_code_beside_a_part_shows_what_it_reads_and_gives():
    snippet = imported("part_convolved.onnx").snippet
    compile(snippet, "snippet", "exec")
    assert "onnx.ValueInfoProto(name=name)" in snippet
    assert "np.zeros((1, 6, 3), np.float32)" in snippet


def test_a_graph_that_is_read_whole_has_no_part_to_choose():
    with pytest.raises(BadInput, match="layer would change nothing: the model is read whole"):
        imported("joined_cell_state.onnx", layer="lstm")
