"""What is said of every brought model, for its owner to check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.importers import read_model
from app.importers.fidelity import NOT_COMPARED
from app.importers.naming import detected
from tests.imports import FILES, cases, imported

FIXTURES = Path(__file__).parents[1] / "fixtures"
CARDS = json.loads((FIXTURES / "cards.json").read_text())
UNSHOWN = ("snippet", "choices")
LABELS = ("activations", "biases", "masking", "initial state", "padding", "left out", "compared")


@pytest.mark.parametrize("name", CARDS)
def test_the_card_says_what_it_said(name):
    path = next(p for p in (FIXTURES / "cases" / name, FILES / name) if p.exists())
    card = detected(read_model(name, memoryview(path.read_bytes())))
    assert {label: text for label, text in card.items() if label not in UNSHOWN} == CARDS[name]


@pytest.mark.parametrize("name", cases(".keras", ".h5", ".onnx", ".safetensors"))
def test_every_card_has_every_line(name):
    card = detected(imported(name))
    assert all(card[label] for label in LABELS)
    assert card["compared"] == NOT_COMPARED


def test_which_hard_sigmoid_it_is_stands_on_the_card():
    assert "0.2 x + 0.5" in CARDS["k20_sequential_list.h5"]["activations"]
    assert "x / 6 + 0.5" in CARDS["rectified.keras"]["activations"]


def test_masks_states_and_padding_are_those_of_the_model():
    assert "token 0 is padding" in detected(imported("lstm.keras"))["masking"]
    assert "nothing but 0 is padding" in detected(imported("rectified.keras"))["masking"]
    assert "filled up with token 0" in detected(imported("flatten.keras"))["padding"]
    assert "the file's own" in detected(imported("node_lstm_reverse.onnx"))["initial state"]
    assert detected(imported("graph_last.keras"))["left out"] == "nothing"
