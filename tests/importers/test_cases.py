"""Files of kinds that were once read wrongly, or refused for no good reason: what is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core import modelfile
from app.core.cells import Array
from app.core.modelfile import to_bytes
from app.importers import Imported, read_model
from app.importers.naming import as_model

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
NUMBERS = np.array(
    [[[0.5, -1, 0.25], [1, 0.5, -0.5], [-0.75, 0.25, 1], [0.1, -0.2, 0.3]]], np.float32
)
TOLERANCE = 1e-6


def case(name: str, **options: object) -> Imported:
    return read_model(name, memoryview((CASES / name).read_bytes()), options)


def answer(found: Imported, inputs: Array = NUMBERS) -> Array:
    """What the framework returns: the head's answer, or what leaves the last layer."""
    network = found.network
    run = network.run(inputs)
    if run.by_timestep is None:
        layer = next(reversed(network.recurrent.values()))
        rows = run.traces[layer.name][layer.gives][0]
        return rows if layer.return_sequences else rows[-1]
    return run.by_timestep[0] if network.predicts_every_timestep else run.by_timestep[0, -1]


RIGHT = {
    "k2_reads_cell_state.h5": [-1.238069],
    "k3_output_is_cell_state.keras": [0.357854, -0.230635],
    "regression.weights.h5": [-0.949186],
    "k20_sequential_list.h5": [-0.958406],
    "k3_last_by_index.keras": [-0.949186],
    "repeat_vector.keras": [0.223909, 0.180414, 0.140787, 0.112284],
    "k2_snippet_fails.h5": [-0.949186],
    "k2_windows.keras": [-0.949186],
    "onnx_negative_dim.onnx": [0.387056, 0.591821, 0.040376, 0.219322],
    "onnx_hard_sigmoid.onnx": [
        *(-0.290183, 0.315715, 0.332625, 0.123999, 0.021023, 0.482588, -0.044447, 0.379951),
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_answer_is_the_frameworks_own(name):
    given = answer(case(name)).ravel()
    assert np.abs(given - RIGHT[name]).max() <= TOLERANCE


@pytest.mark.parametrize("name", RIGHT)
def test_the_file_that_is_downloaded_gives_the_same(name):
    model = as_model(case(name), "brought", name)
    network = modelfile.read(to_bytes(model), "again").network
    again = answer(Imported("", network)).ravel()
    assert np.abs(again - RIGHT[name]).max() <= TOLERANCE


def test_what_is_read_in_place_of_the_usual_output_is_said():
    said = case("k2_reads_cell_state.h5").detected["what is read"]
    assert said == "the last cell state of lstm"
    assert "what is read" not in case("k3_last_by_index.keras").detected


def test_weights_of_a_series_with_one_output_are_a_regression_and_it_is_said():
    assumed = " ".join(case("regression.weights.h5").assumed)
    assert "linear (activations)" in assumed
    said = case("regression.weights.h5", activations=["sigmoid"])
    assert answer(said)[0] == pytest.approx(1 / (1 + np.exp(0.949186)), abs=TOLERANCE)


def test_what_weights_do_not_say_of_recurrent_layers_can_be_said():
    usual = case("regression.weights.h5")
    assert "(cell_activation). Their gates use sigmoid (gate_activation)" in " ".join(usual.assumed)
    options = {"cell_activation": "relu", "gate_activation": "hard_sigmoid", "backwards": ["lstm"]}
    layer = case("regression.weights.h5", **options).network.recurrent["lstm"]
    assert (layer.cell.activation, layer.cell.recurrent_activation) == ("relu", "hard_sigmoid")
    assert layer.go_backwards
    turned = answer(case("regression.weights.h5", backwards=["lstm"]))
    assert np.allclose(turned, answer(usual, NUMBERS[:, ::-1]))
