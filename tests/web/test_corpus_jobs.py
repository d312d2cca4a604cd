"""A visitor's own texts, from the request to the corpus."""

import json
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.corpus.conftest import place_texts


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    place = tmp_path_factory.mktemp("models")
    with TestClient(create_app(Settings(model_dir=str(place)))) as client:
        yield client


def events(client: TestClient, job: str) -> list[tuple[str, dict]]:
    """All that happens, to the end."""
    text = client.get(f"/api/corpora/jobs/{job}/events").text
    blocks = [dict(line.split(": ", 1) for line in b.splitlines()) for b in text.split("\n\n") if b]
    return [(b["event"], json.loads(b["data"])) for b in blocks if "event" in b]


def start(client: TestClient, **sent) -> dict:
    answer = client.post("/api/corpora", **sent)
    assert answer.status_code == 202, answer.text
    return answer.json()


def test_texts_become_a_private_corpus(client):
    told = start(client, json={"model": "place", "texts": place_texts(30), "title": "Mine"})
    happened = events(client, told["job"])
    assert [name for name, _ in happened][-1] == "done"
    assert {data["stage"] for name, data in happened if name == "progress"} == {
        "reading",
        "looking",
    }
    row = client.get(f"/api/corpora/{told['corpus']}").json()
    assert (row["title"], row["sentences"], row["model"]["served_as"]) == ("Mine", 30, "place")
    assert client.get(f"/api/corpora/{told['corpus']}/units/3").json()["highest"]
    listed = client.get("/api/corpora").json()["corpora"]
    assert told["corpus"] not in [each["id"] for each in listed]
    # its reading name reads, its owner's name removes
    assert client.delete(f"/api/corpora/{told['corpus']}").status_code == 403
    assert client.delete(f"/api/corpora/{told['job']}").status_code == 204
    assert client.get(f"/api/corpora/{told['corpus']}").status_code == 404


def test_a_file_comes_in_a_form(client):
    rows = "\n".join(f"{text},{len(text) % 2}" for text in place_texts(20))
    told = start(
        client,
        files={"file": ("reviews.csv", f"words,kind\n{rows}\n")},
        data={"model": "place", "text": "words", "label": "kind"},
    )
    assert events(client, told["job"])[-1][0] == "done"
    row = client.get(f"/api/corpora/{told['corpus']}").json()
    assert row["title"] == "reviews.csv"
    assert sum(each["sentences"] for each in row["labels"]) == 20


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"words\none\n", "has no column called text or sentence"),
        ("a.parquet", b"not one", "cannot be read as PARQUET"),
        ("a.txt", b"\xff\xfe\xff", "is not text in UTF-8"),
        ("a.txt", b"\n\n", "None of 2 texts has a word left"),
        ("a.txt", b"", "There are no texts"),
        ("a.jsonl", b'{"text": 3}\n', "is of type BIGINT, but the model place reads texts"),
    ],
)
def test_what_cannot_be_read_fails_with_a_reason_and_leaves_nothing(client, name, data, said):
    told = start(client, files={"file": (name, data)}, data={"model": "place"})
    happened, detail = events(client, told["job"])[-1]
    assert happened == "failed"
    assert said in detail["detail"]
    assert "/" not in detail["detail"]
    assert client.get(f"/api/corpora/{told['corpus']}").status_code == 404
    state = client.get(f"/api/corpora/jobs/{told['job']}").json()
    assert (state["state"], state["detail"]) == ("failed", detail["detail"])


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"json": {"model": "place"}}, 422, "Send texts, or in a form a file"),
        ({"json": {"model": "none", "texts": ["a"]}}, 404, "There is no model"),
        ({"json": {"model": "place", "texts": ["a"], "color": 1}}, 422, "there is no such field"),
        ({"data": {"model": "place", "file": "text"}, "files": {}}, 422, ""),
        ({"content": b" " * (5 * 2**20 + 1)}, 413, "The body is too large"),
    ],
)
def test_a_request_that_is_none_is_refused(client, sent, status, said):
    answer = client.post("/api/corpora", **sent)
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_a_corpus_that_is_cancelled_leaves_nothing(client):
    told = start(client, json={"model": "place", "texts": place_texts(50) * 40})
    state = client.delete(f"/api/corpora/jobs/{told['job']}").json()
    assert state["state"] in ("cancelled", "done")
    deadline = time.monotonic() + 20
    while state["state"] == "cancelled" and time.monotonic() < deadline:
        if client.get(f"/api/corpora/{told['corpus']}").status_code == 404:
            return
    assert state["state"] == "done"


def test_uploads_that_are_switched_off_bring_no_texts():
    with TestClient(create_app(Settings(uploads=False))) as client:
        answer = client.post("/api/corpora", json={"model": "place", "texts": ["a"]})
    assert answer.status_code == 403
