"""Visitors' models are kept whole, found by their id alone, and the longest unused go first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.model import Model
from app.core.modelfile import read_file
from app.storage.visitor_models import ID, VisitorModels, new_id
from tests.imports import imported

MIB = 2**20


def model_of(name: str = "stacked.keras") -> Model:
    network = imported(name).network
    return Model("x", "A model", "", {"kind": "imported"}, network, None, ("a", "b"))


@pytest.fixture(params=["directory", "memory"])
def kept(request, tmp_path) -> VisitorModels:
    return VisitorModels(tmp_path if request.param == "directory" else None, 3, 64 * MIB)


def test_a_model_comes_back_under_an_id_that_cannot_be_guessed(kept):
    model = kept.add(model_of())
    assert ID.fullmatch(model.id)
    assert len(model.id) >= 22
    assert kept.get(model.id) is model
    assert kept.get(model.id[:-1] + ("a" if model.id[-1] != "a" else "b")) is None


def test_ids_are_never_the_same():
    assert len({new_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "a" * 15, "a" * 65, "é" * 22, "a\0" * 11]
)
def test_an_id_that_could_lead_elsewhere_is_no_id(kept, name):
    assert kept.get(name) is None
    assert not kept.remove(name)


def test_a_removed_model_is_gone(kept):
    model = kept.add(model_of())
    assert kept.remove(model.id)
    assert kept.get(model.id) is None
    assert not kept.remove(model.id)


def test_the_model_that_was_not_used_for_the_longest_time_goes_first(tmp_path):
    for directory in (tmp_path, None):
        kept = VisitorModels(directory, 3, 64 * MIB)
        models = []
        for place in range(3):
            models.append(kept.add(model_of()))
            if directory:
                past = time.time() - 100 + place
                os.utime(tmp_path / f"{models[-1].id}.safetensors", (past, past))
        assert kept.get(models[0].id)
        kept.add(model_of())
        assert kept.get(models[0].id)
        assert kept.get(models[1].id) is None
        assert kept.get(models[2].id)


def test_memory_has_a_limit_of_its_own(tmp_path):
    one = model_of()
    in_memory, on_disk = VisitorModels(None, 9, 1), VisitorModels(tmp_path, 9, 1)
    first, second = in_memory.add(one), in_memory.add(replace(one, id="y"))
    assert in_memory.get(first.id) is None
    assert in_memory.get(second.id)
    first, second = on_disk.add(one), on_disk.add(replace(one, id="y"))
    assert on_disk.get(first.id)
    assert on_disk.get(second.id)


def test_a_directory_survives_a_restart_and_is_shared(tmp_path):
    here, there = VisitorModels(tmp_path, 9, 64 * MIB), VisitorModels(tmp_path, 9, 64 * MIB)
    model = here.add(model_of())
    again = there.get(model.id)
    assert again is not None
    assert again.network.summary(4) == model.network.summary(4)
    assert VisitorModels(tmp_path, 9, 64 * MIB).get(model.id) is not None
    assert there.remove(model.id)
    here._touched.clear()  # a minute later
    assert here.get(model.id) is None


def test_a_model_that_another_server_has_renamed_is_read_again(tmp_path):
    here, there = VisitorModels(tmp_path, 9, 64 * MIB), VisitorModels(tmp_path, 9, 64 * MIB)
    model = here.add(model_of())
    assert there.get(model.id) is not None
    there.add(replace(model, title="Another"))
    here._touched.clear()  # a minute later
    found = here.get(model.id)
    assert found is not None
    assert found.title == "Another"


def test_a_damaged_file_is_no_model(tmp_path):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    name = new_id()
    (tmp_path / f"{name}.safetensors").write_bytes(b"half a mod")
    assert kept.get(name) is None


WRITER = """
import sys
from tests.storage.test_visitor_models import VisitorModels, MIB, Path, model_of
kept, model = VisitorModels(Path(sys.argv[1]), 9, 64 * MIB), model_of()
kept.add(model)
print("ready", flush=True)
while True:
    kept.add(model)
"""


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([1, 20], id="twice"),
        pytest.param(list(range(100)), id="at every millisecond", marks=pytest.mark.soak),
    ],
)
def test_a_kill_at_any_moment_leaves_every_stored_model_whole(tmp_path, moments):
    stored: list[Path] = []
    for milliseconds in moments:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        with process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(milliseconds / 1000)
            process.send_signal(signal.SIGKILL)
        stored = list(tmp_path.glob("*.safetensors"))
        for path in stored:
            read_file(path)
    assert stored
    assert all(path.name.startswith(".") for path in set(tmp_path.iterdir()) - set(stored))
