"""What breaks around the server: a full disk, a crash in the middle of a write, a spoilt file."""

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import app.kept
from app.kept import Kept
from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("LSTM_VIZ_TEST_KILLS", "5"))
WRITER = """
import sys
from pathlib import Path
from app.kept import Kept
from app.registry import article
kept = Kept(Path(sys.argv[1]), limit=10_000, memory=2**20)
while True:
    print(kept.add(article()).id, flush=True)
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
    monkeypatch.setattr(app.kept, "write", full)
    answer = server.post("/api/models", files=files)
    assert answer.status_code == 507
    assert list(answer.json()) == ["detail"]
    assert "secret" not in answer.text
    assert server.get("/api/step?sentence=a").status_code == 200


def test_another_fault_of_the_disk_is_ours(server, monkeypatch):
    def broken(*_):
        raise OSError(errno.EIO, "broken")

    files = model_file(server)
    monkeypatch.setattr(app.kept, "write", broken)
    assert server.post("/api/models", files=files).status_code == 500


def test_a_spoilt_file_is_no_model_and_hurts_no_other(server, tmp_path):
    good, bad = (server.post("/api/models", files=model_file(server)).json()["id"] for _ in "ab")
    (tmp_path / f"{bad}.safetensors").write_bytes(b"spoilt")
    fresh = TestClient(create_app(Settings(model_dir=str(tmp_path))), raise_server_exceptions=False)
    assert fresh.get(f"/api/step?sentence=a&model={bad}").status_code == 404
    assert fresh.get(f"/api/step?sentence=a&model={good}").status_code == 200


def test_no_model_is_lost_or_half_there_wherever_a_writer_is_killed(tmp_path):
    acknowledged = set()
    for _ in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path)]
        writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert writer.stdout
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(random.uniform(0, 0.05))
        writer.kill()
        *whole, _ = writer.stdout.read().split("\n")
        acknowledged |= set(whole)
        writer.wait()
        writer.stdout.close()
    kept = Kept(tmp_path, limit=10_000, memory=2**20)
    for model_id in acknowledged:
        assert kept.get(model_id) is not None
    for path in tmp_path.glob("*.safetensors"):
        assert kept.get(path.stem) is not None
