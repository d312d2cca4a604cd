"""Files that people have: what PyTorch itself answered for each, kind by kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.core.errors import BadInput
from app.importers import read_model

CASES = Path(__file__).parents[1] / "fixtures" / "cases"
NUMBERS = np.array(
    [[[0.5, -1, 0.25], [1, 0.5, -0.5], [-0.75, 0.25, 1], [0.1, -0.2, 0.3]]], np.float32
)
LSTM = [-0.476595]
SUMMED = [0.387056, 0.591821, 0.040376, 0.219322]


def read(name: str, **options: object):
    return read_model(name, memoryview((CASES / name).read_bytes()), options)


def answer(found, features: int = 3) -> np.ndarray:
    rows = found.network.run(NUMBERS[..., :features]).by_timestep[0, :, 0]
    return rows if found.network.predicts_every_timestep else rows[-1:]


@pytest.mark.parametrize(
    ("name", "options", "right"),
    [
        ("pt_state_dict.pt", {}, LSTM),
        ("pt_checkpoint.pt", {}, LSTM),
        ("pt_whole_module.pt", {}, LSTM),
        ("pt_torchscript.pt", {}, LSTM),
        ("pt_lstmcell.safetensors", {}, LSTM),
        ("pt_sum_of_directions.safetensors", {"merge_mode": "sum", "reads": "every"}, SUMMED),
        ("pt_sum_of_directions.safetensors", {"reads": "every"}, SUMMED),
        ("pt_order_of_modules.safetensors", {}, [-0.149672]),
        ("pt_order_of_modules.safetensors", {"order": ["encoder", "decoder"]}, [-0.149672]),
        ("pt_relu_before_fc.safetensors", {"state_activation": "relu"}, [-0.474136]),
    ],
)
def test_a_file_gives_what_pytorch_gave(name, options, right):
    assert np.abs(answer(read(name, **options)) - right).max() < 1e-6


def test_the_states_of_all_layers_or_of_several_timesteps_is_asked():
    name = "pt_h_n_of_all_layers.safetensors"
    with pytest.raises(BadInput, match="in the option reads which: all_layers or flatten"):
        read(name)
    found = read(name, reads="all_layers", activations=["relu", "linear"])
    assert abs(answer(found, 1)[0] - 0.08446) < 1e-6
    assert "stands linear_1" in found.assumed[0]


def test_what_weights_do_not_say_is_named_with_the_option_that_changes_it():
    order = " ".join(read("pt_order_of_modules.safetensors").assumed)
    assert "computed as encoder, then decoder: by their names (order)" in order
    relu = " ".join(read("pt_relu_before_fc.safetensors").assumed)
    assert "Nothing stands between the hidden states and fc (state_activation: linear)" in relu
    summed = " ".join(read("pt_sum_of_directions.safetensors").assumed)
    assert "joined by their sum (merge_mode: sum)" in summed


def test_a_decoder_may_read_the_last_state_again_and_again():
    assumed = " ".join(read("pt_order_of_modules.safetensors").assumed)
    assert "decoder reads what encoder gives at each timestep" in assumed
    assert "(repeats)" in assumed
    repeated = read("pt_order_of_modules.safetensors", repeats=4, reads="every")
    right = [-0.12477666, -0.13245612, -0.13688964, -0.13959715]
    assert np.abs(answer(repeated) - right).max() < 1e-6
    with pytest.raises(BadInput, match="repeats must be the number of timesteps"):
        read("pt_order_of_modules.safetensors", repeats=0)


def test_it_is_said_that_nothing_was_run():
    for name in ("state_dict", "checkpoint", "whole_module", "torchscript"):
        assert "nothing in the file was run" in read(f"pt_{name}.pt").detected["container"]
    assert read("pt_checkpoint.pt").detected["part"] == "model_state_dict"
