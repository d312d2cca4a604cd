"""Every cell, whole: stacked, in both directions, masked, explained, held, saved, and as files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.core.cells import CELLS, Cell
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.modelfile import read, to_bytes
from app.core.network import Bidirectional, Dense, Embedding, Network, Recurrent
from app.core.text import WordList
from app.main import create_app
from app.notebook.opened import OpenedModel
from app.settings import Settings
from tests.saved import boot_of, questions_of

WORDS = ("", "?", "not", "good", "bad", "but", "day")
IDS = [2, 3, 0, 5, 4, 6]  # 0 is padding
LAYERS = ("both/forward", "both/backward", "top")
UNITS = 4
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS.keys())
every_layer = pytest.mark.parametrize("layer", LAYERS)


def model_of(cell: Cell) -> Model:
    """Both directions of a cell, another layer of it on top, and a head."""
    random = np.random.RandomState(11)

    def numbers(*shape: int) -> np.ndarray:
        return random.uniform(-2, 2, shape).astype(np.float32)

    def layer(name: str, features: int, **options: Any) -> Recurrent:
        return Recurrent(name, cell, draw_weights(cell, features, UNITS, random), **options)

    both = {"return_sequences": True, "zero_output_for_mask": True}
    network = Network(
        (
            Embedding("embedding", numbers(len(WORDS), 3), mask_zero=True),
            Bidirectional(
                "both",
                layer("both/forward", 3, **both),
                layer("both/backward", 3, go_backwards=True, **both),
            ),
            layer("top", 2 * UNITS, return_sequences=False),
            Dense("dense", numbers(UNITS, 3), numbers(3), "softmax"),
        )
    )
    seeded = {"kind": "seeded", "seed": 11}
    return Model(cell.name, cell.name, "", seeded, network, WordList.of(WORDS), ("a", "b", "c"))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Settings())
    app.state.registry.models |= {name: model_of(cell) for name, cell in CELLS.items()}
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ask(client: TestClient, cell: Cell, **body) -> dict:
    answer = client.post("/api/step", json={"model": cell.name, "token_ids": IDS} | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@every_cell
@every_layer
def test_every_step_carries_what_the_cell_declares(client, cell, layer):
    answer = ask(client, cell, layer=layer, include=["preactivations"])
    row = answer["layer"]
    assert (row["cell"], row["gates"], row["states"]) == (cell.name, [*cell.gates], [*cell.states])
    names = {*cell.gates, *cell.derived, *cell.states}
    for step in answer["steps"]:
        assert names | {"timestep", "token", "input", "preactivations"} == {*step} - {"masked"}
        assert set(step["preactivations"]) == set(cell.blocks)
        for name, factor in cell.derived.items():
            gates = {gate: np.array(step[gate]) for gate in cell.gates}
            assert step[name] == pytest.approx(factor.of(gates), abs=1e-6)
    assert answer["state"].keys() == set(cell.states)
    assert answer["steps"][2]["masked"] is True


@every_cell
@every_layer
def test_the_memory_of_every_cell_that_has_one_adds_up_to_its_state(client, cell, layer):
    if cell.memory is None:
        body = {"model": cell.name, "token_ids": IDS, "layer": layer, "include": ["memory"]}
        refused = client.post("/api/step", json=body)
        assert refused.status_code == 422
        assert cell.class_name in refused.json()["detail"]
        return
    answer = ask(client, cell, layer=layer, include=["memory"], unit=1)
    for row, step in zip(answer["memory"]["contributions"], answer["steps"], strict=True):
        assert sum(row) == pytest.approx(step[cell.memory.state][1], abs=1e-5)


@every_cell
def test_scores_and_gradients_are_there_and_the_scores_add_up(client, cell):
    parts = ["gradients", "updates"] + ["attributions"] * (cell.memory is not None)
    answer = ask(client, cell, layer="top", include=parts)
    assert set(cell.states) <= answer["gradients"].keys()
    assert ("direct" in answer["gradients"]) == (cell.memory is not None)
    if cell.memory is not None:
        found = answer["attributions"]
        shares = sum(found["scores"]) + found["initial_state"]
        assert shares == pytest.approx(found["logit"] - found["bias"], abs=1e-5)


@every_cell
@every_layer
def test_a_gate_can_be_held_and_one_without_weights_leads_to_its_source(client, cell, layer):
    for gate in cell.gates:
        pin = {"timestep": 2, "gate": gate, "unit": 0, "value": 0.5}
        answer = ask(client, cell, layer=layer, pins=[pin])
        assert answer["steps"][1][gate][0] == 0.5
    for gate, factor in cell.derived.items():
        pin = {"timestep": 2, "gate": gate, "unit": 0, "value": 0.5}
        body = {"model": cell.name, "token_ids": IDS, "layer": layer, "pins": [pin]}
        refused = client.post("/api/step", json=body)
        assert refused.status_code == 422
        assert f"Hold the {factor.gate}" in refused.json()["detail"]


@every_cell
def test_a_state_goes_on_where_it_was(client, cell):
    whole = ask(client, cell, layer="both/forward")
    begun = ask(client, cell, layer="both/forward", token_ids=IDS[:4])
    rest = ask(client, cell, layer="both/forward", token_ids=IDS[4:], initial_state=begun["state"])
    for name in cell.states:
        assert rest["state"][name] == pytest.approx(whole["state"][name], abs=1e-6)


@every_cell
def test_weights_have_a_block_for_each_gate_and_the_summary_counts_them(client, cell):
    blocks = client.get(f"/api/models/{cell.name}/weights?layer=top").json()
    assert tuple(blocks) == cell.blocks
    summary = client.get(f"/api/models/{cell.name}").json()
    row = next(row for row in summary["layers"] if row["name"] == "top")
    counted = sum(np.array(a).size for block in blocks.values() for a in block.values())
    assert (row["type"], row["parameters"]) == (cell.class_name, counted)
    lacking = f"top: {cell.noun}, which Keras does not have"
    assert (lacking in summary["code"]) == ("keras" not in cell.layouts)


@every_cell
def test_files_of_numbers_have_every_gate(client, cell):
    query = {"model": cell.name, "sentence": "not good", "layer": "top"}
    table = client.get("/api/step", params=query | {"format": "csv"}).text
    data = client.get("/api/step", params=query | {"format": "npz"}).content
    with np.load(io.BytesIO(data)) as arrays:
        for name in (*cell.gates, *cell.derived, *cell.states):
            assert arrays[name].shape == (2, UNITS)
            assert f",{name}," in table


@every_cell
def test_a_notebook_reads_it_back_from_its_file(cell):
    model = read(to_bytes(model_of(cell)), cell.name)
    trace = OpenedModel(model).trace("not good but bad", layer="top")
    assert {*cell.gates, *cell.derived, *cell.states} | {"input"} == set(trace)
    if cell.memory is not None:
        shares = trace.memory(unit=2)["contributions"]
        state = getattr(trace, cell.memory.state)[:, 2]
        assert shares.sum(axis=1) == pytest.approx(state, abs=1e-5)


@every_cell
def test_a_saved_page_holds_it_with_its_memory(client, cell):
    page = client.get("/api/export", params={"model": cell.name, "sentence": "not good"}).text
    assert boot_of(page)["trace"]["layer"]["cell"] == cell.name
    answers = [said for *_, said in questions_of(page) if not isinstance(said, str)]
    units = {said["memory"]["unit"] for said in answers if "memory" in said}
    assert units == ({None, *range(UNITS)} if cell.memory is not None else set())
