"""`/api/train`, with real processes on little data."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.training_plans import CSV, LONG, ROWS, SHORT

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trainer() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def start(client, plan: dict) -> str:
    answer = client.post("/api/train", json=plan)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/train/{answer.json()['job']}"
    return answer.json()["job"]


def events_of(text: str) -> list[tuple[int, str, dict]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\nid: (\d+)\n\n", text)
    return [(int(number), name, json.loads(data)) for name, data, number in found]


def test_a_training_from_start_to_model(trainer):
    job = start(trainer, SHORT | {"title": "Moods"})
    answer = trainer.get(f"/api/train/{job}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: ")
    events = events_of(answer.text)
    assert [(number, name) for number, name, _ in events] == [
        *((k, "epoch") for k in range(1, 5)),
        (5, "done"),
    ]
    assert set(events[0][2]) == {
        *("epoch", "epochs", "loss", "accuracy", "val_loss", "val_accuracy", "seconds_left")
    }
    model = events[-1][2]["model"]
    assert model["id"] == job
    assert (model["title"], model["provenance"]["kind"]) == ("Moods", "trained")
    state = trainer.get(f"/api/train/{job}").json()
    assert (state["state"], state["model"]["id"], state["place"]) == ("done", job, None)
    assert [row["epoch"] for row in state["epochs"]] == [0, 1, 2, 3]


def test_the_cell_can_be_chosen_and_is_an_lstm_if_it_is_not(trainer):
    for plan, cell in (({"cell": "mgu"}, "mgu"), ({}, "lstm")):
        job = start(trainer, SHORT | plan)
        assert "event: done" in trainer.get(f"/api/train/{job}/events").text
        state = trainer.get(f"/api/train/{job}").json()
        assert (state["settings"]["cell"], state["model"]["layers"][0]["cell"]) == (cell, cell)


def test_the_model_answers_and_so_does_every_epoch_but_no_list_has_them(trainer):
    job = start(trainer, SHORT)
    trainer.get(f"/api/train/{job}/events")
    seen = set()
    for model in (job, *(f"{job}@{epoch}" for epoch in range(4))):
        answer = trainer.post("/api/step", json={"sentence": "a lovely quark", "model": model})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert [token["known"] for token in body["tokens"]] == [True, True, False]
        assert body["prediction"]["labels"] == ["happy", "sad"]
        seen.add(json.dumps(body["prediction"]["by_timestep"]))
        assert trainer.get(f"/api/models/{model}").json()["card"]["task"]
        assert trainer.get(f"/api/models/{model}/weights").status_code == 200
    assert len(seen) == 4
    assert job not in trainer.get("/api/models").text
    assert trainer.get("/", params={"model": f"{job}@1", "sentence": "a day"}).status_code == 200
    assert trainer.get(f"/api/models/{job}@9").status_code == 404


def test_a_broken_connection_goes_on_where_it_was(trainer):
    job = start(trainer, SHORT)
    trainer.get(f"/api/train/{job}/events")
    again = trainer.get(f"/api/train/{job}/events", headers={"last-event-id": "3"})
    assert [number for number, _, _ in events_of(again.text)] == [4, 5]
    over = trainer.get(f"/api/train/{job}/events", headers={"last-event-id": "5"})
    assert (over.status_code, over.content) == (204, b"")
    odd = trainer.get(f"/api/train/{job}/events", headers={"last-event-id": "x"})
    assert len(events_of(odd.text)) == 5


@pytest.mark.parametrize(
    "part", [{"file": ("mood.csv", CSV.encode("utf-8-sig"))}, {"csv": (None, CSV)}]
)
def test_csv_comes_in_a_form_as_a_file_or_as_text(trainer, part):
    fields = {"epochs": "1", "units": "2", "title": "From a form", "seed": ""}
    answer = trainer.post("/api/train", data=fields, files=part)
    assert answer.status_code == 202, answer.text
    state = trainer.get(f"/api/train/{answer.json()['job']}").json()
    assert (state["title"], state["settings"]["sentences"]) == ("From a form", len(ROWS))
    assert (state["settings"]["units"], state["settings"]["seed"]) == (2, 0)


@pytest.mark.parametrize(
    ("fields", "parts", "fragment"),
    [
        ({}, {"file": ("a.csv", CSV), "csv": (None, CSV)}, "either file or csv, not both"),
        ({}, {"file": (None, CSV)}, "file must be a file"),
        ({"sentences": "x"}, {"csv": (None, CSV)}, "A form has no sentences"),
        ({"units": "many"}, {"csv": (None, CSV)}, "units"),
        ({"hats": "3"}, {"csv": (None, CSV)}, "there is no such field"),
        ({}, [("csv", (None, CSV)), ("csv", (None, CSV))], "'csv' is given twice"),
        ({}, [("file", ("a", CSV)), ("file", ("b", CSV))], "Too many files"),
    ],
)
def test_a_form_that_makes_no_sense_says_why(trainer, fields, parts, fragment):
    answer = trainer.post("/api/train", data=fields, files=parts)
    assert answer.status_code == 422
    assert fragment in answer.json()["detail"]


def test_csv_comes_as_text_in_json(trainer):
    state = trainer.get(f"/api/train/{start(trainer, {'csv': CSV, 'epochs': 1})}").json()
    assert state["settings"]["sentences"] == len(ROWS)


def test_the_same_seed_gives_the_same_numbers(trainer):
    losses = []
    for _ in range(2):
        text = trainer.get(f"/api/train/{start(trainer, SHORT | {'seed': 7})}/events").text
        losses.append([data["loss"] for _, name, data in events_of(text) if name == "epoch"])
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    ("body", "status", "fragment"),
    [
        ({}, 422, "one of grammar, sentences, csv, text and series; none of them came"),
        ({"grammar": "place", "csv": CSV}, 422, "grammar and csv came"),
        ({"grammar": "nope"}, 422, "The grammars are: place, sentiment"),
        ({"csv": "a,b\n1,2"}, 422, "must name the columns text and label"),
        ({"csv": "text,label\na,x\nb,x"}, 422, "every one has the label 'x'"),
        ({"csv": "text,label\na,x\n,y"}, 422, "Sentence 2 has no words"),
        ({"csv": "text,label\n" + "a,b\n" * 1_000_000}, 413, "more than 20,000 rows"),
        ({"csv": "text,label\na,x\n" + "w " * 10_000 + ",y"}, 413, "10,000 words"),
        (
            {
                "csv": "text,label\n"
                + "".join(
                    " ".join(f"w{k}x{i}" for i in range(50)) + f",{k % 2}\n" for k in range(1000)
                )
            },
            413,
            "50,000 different words",
        ),
        ({"sentences": [{"text": "a", "label": "x"}] * 20_001}, 413, "20,001 sentences"),
        ({"sentences": [{"text": "a"}]}, 422, "sentences.0.label"),
        ({"sentences": "x"}, 422, "sentences"),
        ({"grammar": "place", "cell": "transformer"}, 422, "The cells are: lstm, gru"),
        ({"grammar": "place", "units": 0}, 422, "units"),
        ({"grammar": "place", "units": 65}, 422, "units"),
        ({"grammar": "place", "epochs": 201}, 422, "epochs"),
        ({"grammar": "place", "learning_rate": 0}, 422, "learning_rate"),
        ({"grammar": "place", "learning_rate": "fast"}, 422, "learning_rate"),
        ({"grammar": "place", "seed": -1}, 422, "seed"),
        ({"grammar": "place", "layers": 2}, 422, "there is no such field"),
        ({"grammar": "place", "title": ""}, 422, "title"),
    ],
    ids=range(21),
)
def test_what_cannot_be_learned_is_refused_with_the_reason(trainer, body, status, fragment):
    answer = trainer.post("/api/train", json=body)
    assert answer.status_code == status
    assert list(answer.json()) == ["detail"]
    assert fragment in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        ("text,label\nschön,a\n".encode("latin-1"), "not UTF-8: line 2 has the byte 0xf6"),
        ("text,label\nschön,a\n".encode("utf-16"), "not UTF-8: line 1"),
        (bytes(range(256)), "not UTF-8"),
        (b"text,label\na,x\n\x00,y", "NUL"),
    ],
)
def test_a_file_that_is_not_utf_8_says_so(trainer, content, fragment):
    answer = trainer.post("/api/train", files={"file": ("data.csv", content)})
    assert answer.status_code == 422
    assert fragment in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b'{"grammar": "place"', "application/json"),
        (b'{"grammar": "place", "grammar": "sentiment"}', "application/json"),
        (b"\xff", "application/json"),
        (b"grammar=place", "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
    ],
)
def test_what_is_no_request_is_refused(trainer, content, kind):
    answer = trainer.post("/api/train", content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 422), answer.text
    assert list(answer.json()) == ["detail"]


def test_bodies_may_be_larger_here_but_not_for_ever(trainer):
    text = "text,label\n" + "x" * (17 * 2**20)
    assert trainer.post("/api/train", json={"csv": text}).status_code == 413
    rows = "".join(f"{'word ' * 100}{k % 9},{k % 2}\n" for k in range(5_000))
    assert len(rows) > 2 * 2**20
    job = start(trainer, {"csv": "text,label\n" + rows, "epochs": 1})
    assert trainer.delete(f"/api/train/{job}").status_code == 200


def test_an_absurd_learning_rate_fails_and_keeps_what_made_sense(trainer):
    job = start(trainer, SHORT | {"learning_rate": 1e9})
    *_, (_, name, data) = events_of(trainer.get(f"/api/train/{job}/events").text)
    assert name == "failed"
    assert "diverged" in data["detail"]
    state = trainer.get(f"/api/train/{job}").json()
    assert (state["state"], state["model_epoch"]) == ("failed", 0)
    answer = trainer.get("/api/step", params={"sentence": "a day", "model": f"{job}@0"})
    assert answer.status_code == 200


def test_unknown_trainings_are_404_on_every_route(trainer):
    for method, path in [("GET", ""), ("DELETE", ""), ("GET", "/events")]:
        answer = trainer.request(method, f"/api/train/nope{path}")
        assert answer.status_code == 404
        assert "There is no training 'nope'" in answer.json()["detail"]


def test_the_eleventh_training_is_one_too_many_and_cancelling_makes_room(trainer):
    jobs = [start(trainer, LONG) for _ in range(10)]
    refused = trainer.post("/api/train", json=SHORT)
    assert refused.status_code == 429
    assert "2 trainings are running and 8 are waiting" in refused.json()["detail"]
    assert trainer.get(f"/api/train/{jobs[-1]}").json()["place"] == 8
    # whoever reads a sentence does not wait for a training: all of them go on meanwhile
    for _ in range(10):
        assert trainer.get("/api/step", params={"sentence": "Good Day"}).status_code == 200
    states = [trainer.get(f"/api/train/{job}").json()["state"] for job in jobs]
    assert states == ["running"] * 2 + ["waiting"] * 8
    for job in reversed(jobs):
        states = [trainer.delete(f"/api/train/{job}").json()["state"] for _ in range(2)]
        assert states == ["cancelled", "cancelled"]
    assert trainer.delete(f"/api/train/{start(trainer, SHORT)}").status_code == 200


def test_a_foreign_page_can_start_nothing(trainer):
    headers = {"origin": "https://elsewhere.example"}
    assert trainer.post("/api/train", json=SHORT, headers=headers).status_code == 403


def test_training_can_be_switched_off():
    with TestClient(create_app(Settings(training=False))) as client:
        answer = client.post("/api/train", json=SHORT)
        assert answer.status_code == 403
        assert "switched off" in answer.json()["detail"]
        page = client.get("/").text
        assert "Training is switched off on this server" in page
        assert 'id="train-form"' not in page


@pytest.fixture
def server(tmp_path) -> Iterator[tuple[subprocess.Popen, str]]:
    """The server as people start it, with a directory for its models."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    process = serve(port, tmp_path)
    yield process, f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()


def serve(port: int, directory: Path) -> subprocess.Popen:
    environment = os.environ | {"LSTM_VIZ_MODEL_DIR": str(directory)}
    command = [sys.executable, "-m", "app", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
            return process
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server does not start")


def test_a_server_stopped_in_mid_training_ends_at_once_and_loses_no_finished_model(
    server, tmp_path
):
    process, address = server
    with httpx.Client(base_url=address, timeout=30) as client:
        done = start(client, SHORT)
        client.get(f"/api/train/{done}/events")
        running = start(client, LONG)
        streams = [
            threading.Thread(
                target=lambda: httpx.get(f"{address}/api/train/{running}/events", timeout=60)
            )
            for _ in range(2)
        ]
        for stream in streams:
            stream.start()
        end = time.monotonic() + 120
        while not client.get(f"/api/train/{running}").json()["epochs"]:
            assert time.monotonic() < end
            time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)  # the training would go on for minutes
    for stream in streams:
        stream.join(timeout=30)
        assert not stream.is_alive()
    with TestClient(create_app(Settings(model_dir=str(tmp_path)))) as client:
        for model in (done, f"{done}@2"):
            answer = client.get("/api/step", params={"sentence": "a lovely day", "model": model})
            assert answer.status_code == 200, answer.text
        assert client.get(f"/api/train/{done}").status_code == 404


def test_an_event_number_of_thousands_of_digits_is_none(trainer):
    job = start(trainer, SHORT)
    trainer.get(f"/api/train/{job}/events")
    for digits in ("9" * 5_000, "9" * 12, "-1", "1.0"):
        headers = {"last-event-id": digits}
        events = events_of(trainer.get(f"/api/train/{job}/events", headers=headers).text)
        assert events[0][0] == 1
