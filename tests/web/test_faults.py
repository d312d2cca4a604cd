"""What breaks around the server: a full disk, a crash in the middle of a write, a spoilt file."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import app.storage.directory
from app.core.modelfile import read_file
from app.main import create_app
from app.settings import Settings
from app.storage.directory import ABANDONED
from app.storage.names import reading_name
from app.storage.shipped import article
from app.storage.visitor_models import VisitorModels

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from app.storage.visitor_models import VisitorModels
from app.storage.shipped import article
kept = VisitorModels(Path(sys.argv[1]), limit=10_000, memory=2**20)
while True:
    print(kept.add(article()), flush=True)
"""
SERVER = """
import sys
from fastapi.testclient import TestClient
from app.main import create_app
from app.settings import Settings
from tests.training_plans import SHORT
client = TestClient(create_app(Settings(model_dir=sys.argv[1], model_count=100_000)))
file = {"file": ("mine.safetensors", client.get("/api/models/article/file").content)}
while True:
    job = client.post("/api/train", json=SHORT | {"epochs": 40}).json()["job"]
    said, state = 0, {"model": None}
    while not state["model"]:
        print(client.post("/api/models", files=file).json()["id"], flush=True)
        state = client.get(f"/api/train/{job}").json()
        for row in state["epochs"][said:]:
            print(f"{job}@{row['epoch']}", flush=True)
        said = len(state["epochs"])
    print(state["model"]["id"], flush=True)
"""


@pytest.fixture
def server(tmp_path):
    return TestClient(create_app(Settings(model_dir=str(tmp_path))), raise_server_exceptions=False)


def model_file(server):
    return {"file": ("mine.safetensors", server.get("/api/models/article/file").content)}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_507_and_the_server_goes_on(server, monkeypatch, number):
    def full(*_):
        raise OSError(number, "no room", "/secret/path")

    files = model_file(server)
    monkeypatch.setattr(app.storage.directory.os, "replace", full)
    answer = server.post("/api/models", files=files)
    assert answer.status_code == 507
    assert list(answer.json()) == ["detail"]
    assert "secret" not in answer.text
    assert server.get("/api/step?sentence=a").status_code == 200


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EROFS, errno.EMFILE])
def test_another_fault_of_the_disk_is_503_and_names_neither_place_nor_model(
    server, monkeypatch, number, caplog, capfd
):
    def broken(source, target):
        raise OSError(number, "broken", str(target))

    files = model_file(server)
    monkeypatch.setattr(app.storage.directory.os, "replace", broken)
    answer = server.post("/api/models", files=files)
    assert answer.status_code == 503
    assert "cannot reach its store" in answer.json()["detail"]
    said = answer.text + caplog.text + "".join(capfd.readouterr())
    assert "safetensors" not in said


def test_a_spoilt_file_is_no_model_and_hurts_no_other(server, tmp_path):
    good, bad = (server.post("/api/models", files=model_file(server)).json()["id"] for _ in "ab")
    (tmp_path / f"{reading_name(bad)}.safetensors").write_bytes(b"spoilt")
    fresh = TestClient(create_app(Settings(model_dir=str(tmp_path))), raise_server_exceptions=False)
    answer = fresh.get(f"/api/step?sentence=a&model={bad}")
    assert answer.status_code == 503
    assert "can still be deleted" in answer.json()["detail"]
    assert fresh.get(f"/?model={bad}").status_code == 503
    assert fresh.get(f"/api/step?sentence=a&model={good}").status_code == 200
    assert fresh.delete(f"/api/models/{bad}").status_code == 204
    assert fresh.get(f"/api/step?sentence=a&model={bad}").status_code == 404


def by_chance(kills: int, longest: float) -> list[float]:
    """Moments to kill at, drawn anew in every run, in seconds after the first model is written."""
    return [random.uniform(0, longest) for _ in range(kills)]


def acknowledged_before_kills(program: str, directory: Path, moments: list[float]) -> set[str]:
    """Run a program that writes models and says so, and kill it and its children at each moment."""
    acknowledged = set()
    for moment in moments:
        writer = subprocess.Popen(
            [sys.executable, "-c", program, str(directory)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert writer.stdout
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(moment)
        os.killpg(writer.pid, signal.SIGKILL)
        *whole, _ = writer.stdout.read().split("\n")
        acknowledged |= set(whole)
        writer.wait()
        writer.stdout.close()
    return acknowledged


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([0.002, 0.02], id="twice"),
        pytest.param(by_chance(100, 0.05), id="by chance", marks=pytest.mark.soak),
    ],
)
def test_no_model_is_lost_or_half_there_wherever_a_writer_is_killed(tmp_path, moments):
    acknowledged = acknowledged_before_kills(WRITER, tmp_path, moments)
    kept = VisitorModels(tmp_path, limit=10_000, memory=2**20)
    for model_id in acknowledged:
        assert kept.get(model_id) is not None
    for path in tmp_path.glob("*.safetensors"):
        assert kept.get(path.stem) is not None


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([0.5], id="once"),
        pytest.param(by_chance(20, 3.0), id="by chance", marks=pytest.mark.soak),
    ],
)
def test_no_model_is_lost_wherever_a_server_is_killed_that_trains_and_takes_models_in(
    tmp_path, moments
):
    acknowledged = acknowledged_before_kills(SERVER, tmp_path, moments)
    registry = create_app(Settings(model_dir=str(tmp_path), model_count=100_000)).state.registry
    for model_id in acknowledged:
        assert registry.get(model_id).network.layers
    files = list(tmp_path.rglob("*.safetensors"))
    assert len(files) >= len(acknowledged)
    for path in files:
        read_file(path)


def test_a_spoilt_file_is_named_in_the_log_at_the_start_and_skipped(tmp_path, caplog):
    (tmp_path / f"{'spoilt' * 5}12.safetensors").write_bytes(b"spoilt")
    VisitorModels(tmp_path, limit=10, memory=2**20).add(article())
    with TestClient(create_app(Settings(model_dir=str(tmp_path)))) as fresh:
        deadline = time.monotonic() + 60
        while not caplog.messages and time.monotonic() < deadline:
            time.sleep(0.01)
        assert fresh.get("/healthz").status_code == 200
    (message,) = caplog.messages
    assert message.startswith("spoilt… is skipped: This is not a whole .safetensors file")


def test_what_killed_writers_left_is_swept_once_nobody_can_be_writing_it(tmp_path):
    folder = tmp_path / "epochs" / "training"
    folder.mkdir(parents=True)
    whole = [tmp_path / "a.safetensors", folder / "training@1.safetensors"]
    fresh = [path.with_name(f".{path.name}.fresh") for path in whole]
    left = [path.with_name(f".{path.name}.left") for path in whole]
    for path in (*whole, *fresh, *left):
        path.write_bytes(b"")
    long_ago = time.time() - 2 * ABANDONED
    for path in (*whole, *left):
        os.utime(path, (long_ago, long_ago))
    VisitorModels(tmp_path, limit=10, memory=2**20).check()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {*whole, *fresh}
