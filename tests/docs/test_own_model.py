"""What the guide to one's own model shows is what happens."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core.errors import BadInput
from app.importers import inferred
from app.notebook import load
from tests.imports import FILES

GUIDE = (Path(__file__).parents[2] / "docs" / "own-model.md").read_text("utf-8")
FILE = FILES / "torch_lstm.safetensors"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def answer(client) -> dict:
    words = "\n".join(["[UNK]", *(f"word{k}" for k in range(8))])
    fields = {"vocabulary": ("words.txt", words), "file": ("model.safetensors", FILE.read_bytes())}
    response = client.post("/api/models", files=fields)
    assert response.status_code == 201, response.text
    return response.json()


def test_the_answer_shown_is_the_answer_given(answer):
    shown = json.loads(block("json"))
    answer["detected"].pop("snippet")
    choices = answer["detected"].pop("choices")
    assert ("reads", "last_state") in [(x["option"], x["chosen"]) for x in choices]
    assert shown == {name: answer[name] for name in shown}


def test_the_lines_that_read_pytorch_give_the_weights_that_are_served(
    client, answer, tmp_path, monkeypatch
):
    (tmp_path / "model.safetensors").write_bytes(FILE.read_bytes())
    monkeypatch.chdir(tmp_path)
    found: dict[str, np.ndarray] = {}
    exec(block("python"), found)
    served = client.get(f"/api/models/{answer['id']}/weights").json()
    gates = ("input_gate", "forget_gate", "candidate", "output_gate")
    for name in ("kernel", "recurrent_kernel", "bias"):
        parts = np.split(found[name], 4, axis=-1)
        for gate, part in zip(gates, parts, strict=True):
            np.testing.assert_array_equal(np.float32(served[gate][name]), part)


def test_a_file_of_ours_refuses_options_since_it_says_everything_itself(client, answer, tmp_path):
    path = tmp_path / "own.safetensors"
    path.write_bytes(client.get(f"/api/models/{answer['id']}/file").content)
    assert load(path).model.labels
    said: tuple[dict[str, Any], ...] = ({"mask_zero": False}, {"reads": "banana"})
    for options in said:
        with pytest.raises(BadInput, match=r"would change nothing: a file of ours says everything"):
            load(path, **options)


def test_every_way_to_read_the_hidden_states_is_named():
    named = re.search(r"\| `reads` \|[^|]*hidden states: ([^|]*)\|", GUIDE)
    assert named
    assert tuple(re.findall(r"`(\w+)`", named[1])) == inferred.READS
