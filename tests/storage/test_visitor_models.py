"""Visitors' models are kept whole, found by their names alone, and the longest unused go first."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import NotFound, TooLarge, Unavailable
from app.core.model import Model
from app.core.modelfile import read_file
from app.core.network import Dense, Network
from app.storage import directory as directory_module
from app.storage.directory import DELETED
from app.storage.names import OWNER, READING, new_owner, reading_name
from app.storage.size import size_of
from app.storage.visitor_models import VisitorModels
from tests.imports import imported

MIB = 2**20


def model_of(name: str = "stacked.keras") -> Model:
    network = imported(name).network
    return Model("x", "A model", "", {"kind": "imported"}, network, None, ("a", "b"))


def file_of(directory: Path, owner: str) -> Path:
    return directory / f"{reading_name(owner)}.safetensors"


@pytest.fixture(params=["directory", "memory"])
def kept(request, tmp_path) -> VisitorModels:
    return VisitorModels(tmp_path if request.param == "directory" else None, 3, 64 * MIB)


def test_a_model_comes_back_under_both_of_its_names_and_under_no_other(kept):
    owner = kept.add(model_of())
    name = reading_name(owner)
    assert OWNER.fullmatch(owner)
    assert READING.fullmatch(name)
    model = kept.get(owner)
    assert model is not None
    assert model.id == name
    assert kept.get(name) is model
    assert kept.get(owner[:-1] + ("a" if owner[-1] != "a" else "b")) is None
    assert kept.get(name[:-1] + ("a" if name[-1] != "a" else "b")) is None


def test_owners_names_are_never_the_same_and_reading_names_follow_from_them():
    owners = {new_owner() for _ in range(1000)}
    assert len(owners) == len({reading_name(owner) for owner in owners}) == 1000
    for owner in owners:
        name = reading_name(owner)
        assert reading_name(name) == name
        assert reading_name(f"{owner}@12") == f"{name}@12"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a" * 15, "a" * 65, "é" * 22, "a\0" * 11, "../" * 7 + "x"],
)
def test_an_id_that_could_lead_elsewhere_is_no_id(kept, name):
    assert kept.get(name) is None
    assert not kept.remove(name)
    assert kept.rename(name, "x") is None


def test_a_removed_model_is_gone(kept):
    owner = kept.add(model_of())
    assert kept.remove(owner)
    assert kept.get(owner) is None
    assert kept.get(reading_name(owner)) is None
    assert not kept.remove(owner)
    assert kept.rename(owner, "Again") is None
    assert kept.get(owner) is None


def test_a_reading_name_neither_renames_nor_deletes(kept):
    owner = kept.add(model_of())
    name = reading_name(owner)
    assert kept.rename(name, "Taken over") is None
    assert not kept.remove(name)
    found = kept.get(owner)
    assert found is not None
    assert found.title == "A model"


def test_no_name_of_an_owner_is_written_anywhere(tmp_path):
    kept = VisitorModels(tmp_path, 3, 64 * MIB)
    owner = kept.add(model_of())
    assert kept.rename(owner, "Another") is not None
    gone = kept.add(model_of())
    assert kept.remove(gone)
    for path in tmp_path.rglob("*"):
        for name in (owner, gone):
            assert name not in str(path)
            assert not path.is_file() or name.encode() not in path.read_bytes()


def test_what_an_older_server_kept_under_owners_names_is_found_by_both(tmp_path):
    owner = new_owner()
    older = VisitorModels(tmp_path, 3, 64 * MIB)
    older.add(replace(model_of(), id=owner))
    file_of(tmp_path, owner).rename(tmp_path / f"{owner}.safetensors")
    kept = VisitorModels(tmp_path, 3, 64 * MIB)
    assert kept.get(owner) is not None
    assert kept.get(reading_name(owner)) is not None
    assert kept.remove(owner)


def test_the_model_that_was_not_used_for_the_longest_time_goes_first(tmp_path):
    for directory in (tmp_path, None):
        kept = VisitorModels(directory, 3, 64 * MIB)
        owners = []
        for place in range(3):
            owners.append(kept.add(model_of()))
            if directory:
                past = time.time() - 100 + place
                os.utime(file_of(tmp_path, owners[-1]), (past, past))
        assert kept.get(owners[0])
        kept.add(model_of())
        assert kept.get(owners[0])
        assert kept.get(owners[1]) is None
        assert kept.get(owners[2])


def test_memory_has_a_limit_of_its_own(tmp_path):
    in_memory, on_disk = VisitorModels(None, 9, 1), VisitorModels(tmp_path, 9, 1)
    first, second = in_memory.add(model_of()), in_memory.add(model_of())
    assert in_memory.get(first) is None
    assert in_memory.get(second)
    first, second = on_disk.add(model_of()), on_disk.add(model_of())
    assert on_disk.get(first)
    assert on_disk.get(second)


def test_the_directory_has_a_limit_of_bytes(tmp_path):
    VisitorModels(tmp_path, 9, 64 * MIB).add(model_of())
    (one,) = tmp_path.glob("*.safetensors")
    kept = VisitorModels(tmp_path, 9, 64 * MIB, disk=3 * one.stat().st_size)
    owners = [kept.add(model_of()) for _ in range(4)]
    assert len(list(tmp_path.glob("*.safetensors"))) == 3
    assert kept.get(owners[-1])


@pytest.mark.parametrize("in_directory", [True, False])
def test_whoever_brings_many_pushes_out_their_own(tmp_path, in_directory):
    kept = VisitorModels(tmp_path if in_directory else None, 4, 64 * MIB)
    others = [kept.add(model_of(), "someone"), kept.add(model_of(), "another")]
    many = [kept.add(model_of(), "greedy") for _ in range(9)]
    assert all(kept.get(owner) for owner in others)
    assert [kept.get(owner) is not None for owner in many] == [False] * 7 + [True] * 2


def test_a_model_is_counted_with_its_words_its_labels_and_what_its_cells_make_of_it():
    model = model_of()
    weights = sum(
        array.nbytes
        for layer in model.network.recurrent.values()
        for array in vars(layer.weights).values()
        if array is not None
    )
    assert size_of(model) > 2 * weights
    longer = replace(model, labels=("a" * 1000, "b"))
    assert size_of(longer) == size_of(model) + 999


def test_what_no_server_could_read_back_is_not_kept(kept):
    *layers, dense = model_of().network.layers
    assert isinstance(dense, Dense)
    many = replace(
        dense, kernel=np.zeros((len(dense.kernel), 10_001), "f4"), bias=np.zeros(10_001, "f4")
    )
    labels = tuple(map(str, range(10_001)))
    with pytest.raises(TooLarge, match="10,001 outputs; the limit is 10,000"):
        kept.add(replace(model_of(), network=Network((*layers, many)), labels=labels))


def test_a_file_that_does_not_read_back_is_refused_and_leaves_nothing(kept, tmp_path):
    written = kept.unfinished(new_owner())
    written.write_bytes(b"half a mod")
    with pytest.raises(Exception, match="not a whole"):
        kept.take(written, new_owner())
    assert not written.exists()
    assert list(tmp_path.glob("*.safetensors")) == []


def two_servers(directory: Path) -> tuple[VisitorModels, VisitorModels]:
    return VisitorModels(directory, 9, 64 * MIB), VisitorModels(directory, 9, 64 * MIB)


def test_a_directory_survives_a_restart_and_is_shared(tmp_path):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    again = there.get(owner)
    assert again is not None
    assert again.network.summary(4) == model_of().network.summary(4)
    assert VisitorModels(tmp_path, 9, 64 * MIB).get(owner) is not None


def test_a_deletion_is_final_on_all_servers_at_once(tmp_path):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    assert there.get(owner) is not None  # in its memory from now on
    assert there.remove(owner)
    assert here.get(owner) is None
    assert here.get(reading_name(owner)) is None
    assert not here.remove(owner)


def test_a_renaming_is_seen_by_all_servers_at_once(tmp_path):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    for title in ("One", "Two", "Three"):
        assert there.rename(owner, title) is not None
        found = here.get(owner)
        assert found is not None
        assert found.title == title


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_renaming_that_a_deletion_overtakes_brings_nothing_back(tmp_path, monkeypatch, moment):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    place = os.replace

    def replace_while_there(source, target):
        if moment == "before":
            assert there.remove(owner)
            place(source, target)
        else:
            place(source, target)
            assert there.remove(owner)

    monkeypatch.setattr(directory_module.os, "replace", replace_while_there)
    assert here.rename(owner, "Back from the dead") is None
    monkeypatch.undo()
    for server in (here, there, VisitorModels(tmp_path, 9, 64 * MIB)):
        assert server.get(owner) is None
        assert server.rename(owner, "Again") is None
    assert list(tmp_path.glob("*.safetensors")) == []


def test_a_deleted_model_is_not_kept_anew(kept, tmp_path):
    owner = kept.add(model_of())
    assert kept.remove(owner)
    if list(tmp_path.iterdir()):
        with pytest.raises(NotFound):
            kept.add(replace(model_of(), id=owner))
        assert kept.get(owner) is None


def test_what_a_killed_renaming_left_under_a_mark_is_not_served_and_is_swept(tmp_path):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    content = file_of(tmp_path, owner).read_bytes()
    assert there.remove(owner)
    file_of(tmp_path, owner).write_bytes(content)  # and here the process was killed
    assert here.get(owner) is None
    here.check()
    assert not file_of(tmp_path, owner).exists()


def test_marks_of_deletions_go_in_time(tmp_path):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    assert kept.remove(kept.add(model_of()))
    (mark,) = (tmp_path / DELETED).iterdir()
    kept.check()
    assert mark.exists()
    os.utime(mark, (1e9, 1e9))
    kept.check()
    assert not mark.exists()


def test_a_full_disk_takes_deletions(tmp_path, monkeypatch):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    owner = kept.add(model_of())
    opened, left = os.open, [OSError(errno.ENOSPC, "full")]

    def full_once(path, *rest, **more):
        if DELETED in str(path) and left:
            raise left.pop()
        return opened(path, *rest, **more)

    monkeypatch.setattr(directory_module.os, "open", full_once)
    assert kept.remove(owner)
    assert kept.get(owner) is None


def test_a_damaged_file_is_there_but_cannot_be_read_and_can_be_deleted(tmp_path):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    owner = kept.add(model_of())
    file_of(tmp_path, owner).write_bytes(b"half a mod")
    with pytest.raises(Unavailable, match="damaged on the server"):
        kept.get(owner)
    assert kept.remove(owner)
    assert kept.get(owner) is None


def refusing(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied", "/secret/place")


def test_a_file_of_another_owner_is_unavailable_and_names_no_place(tmp_path, monkeypatch):
    here, there = two_servers(tmp_path)
    owner = here.add(model_of())
    monkeypatch.setattr(directory_module, "read_file", refusing)
    with pytest.raises(Unavailable) as refused:
        there.get(owner)
    assert "secret" not in refused.value.detail
    assert owner not in refused.value.detail


@pytest.mark.parametrize("act", ["add", "rename", "remove"])
def test_a_store_that_cannot_be_written_is_unavailable_and_names_no_place(
    tmp_path, monkeypatch, act
):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    owner = kept.add(model_of())
    monkeypatch.setattr("app.storage.visitor_models.write_synced", refusing)
    monkeypatch.setattr(directory_module.ModelDirectory, "_mark", refusing)
    acts = {
        "add": lambda: kept.add(model_of()),
        "rename": lambda: kept.rename(owner, "x"),
        "remove": lambda: kept.remove(owner),
    }
    with pytest.raises(Unavailable) as refused:
        acts[act]()
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__
    assert kept.get(owner) is not None


def test_the_names_in_the_directory_are_on_the_disk_before_a_model_is_acknowledged(
    tmp_path, monkeypatch
):
    kept = VisitorModels(tmp_path, 9, 64 * MIB)
    done = []
    place, sync = os.replace, directory_module.sync_directory
    monkeypatch.setattr(
        directory_module.os, "replace", lambda *a: (done.append("renamed"), place(*a))[1]
    )
    monkeypatch.setattr(
        directory_module, "sync_directory", lambda at: (done.append("synced"), sync(at))[1]
    )
    kept.add(model_of())
    assert done == ["renamed", "synced"]


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
