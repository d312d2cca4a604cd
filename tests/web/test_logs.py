"""What an operator sees, and never sees."""

import json

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

SECRET = "my secret sentence"


@pytest.fixture
def watched(capsys):
    """A client whose requests are logged, and the lines so far."""
    app = create_app(Settings(log_requests=True, metrics=True))

    @app.get("/broken")
    async def broken():
        raise RuntimeError(SECRET)

    client = TestClient(app, raise_server_exceptions=False)
    return client, lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_request_is_one_line_with_its_route_status_and_duration(watched):
    client, lines = watched
    answer = client.get("/api/models/article", params={"timesteps": 3})
    (line,) = lines()
    assert line["method"] == "GET"
    assert line["route"] == "/api/models/{id}"
    assert line["status"] == 200
    assert 0 < line["milliseconds"] < 10_000
    assert line["bytes"] > 0
    assert line["request_id"] == answer.headers["x-request-id"]


def test_head_and_pages_and_files_have_their_routes_too(watched):
    client, lines = watched
    client.head("/api/models")
    client.get("/")
    client.get("/static/x/nothing.js")
    client.get(f"/{SECRET}")
    assert [line["route"] for line in lines()] == ["/api/models", "/", "/static", "none"]


def test_no_line_holds_what_the_visitor_typed(watched):
    client, lines = watched
    client.get("/", params={"sentence": SECRET})
    client.get("/api/step", params={"sentence": SECRET})
    client.post("/api/step", json={"sentence": SECRET})
    client.post("/api/step", json={"sentence": "a", "model": SECRET})
    client.request(SECRET.replace(" ", "-").upper(), "/")
    client.get("/broken")
    found = lines()
    assert [line["status"] for line in found] == [200, 200, 200, 404, 405, 500]
    assert "secret" not in json.dumps(found).lower()
    assert "secret" not in client.get("/metrics").text.lower()


def test_a_request_keeps_the_id_of_the_proxy_unless_it_could_forge_a_line(watched):
    client, lines = watched
    client.get("/healthz", headers={"x-request-id": "abc-123_X"})
    client.get("/healthz", headers={"x-request-id": 'a"}\t{"status": 200'})
    client.get("/healthz", headers={"x-request-id": "a" * 65})
    first, second, third = (line["request_id"] for line in lines())
    assert first == "abc-123_X"
    assert len(second) == len(third) == 32


def test_each_method_of_ours_is_logged_by_its_name_and_others_as_one(watched):
    client, lines = watched
    for method in ("PATCH", "DELETE", "BREW"):
        client.request(method, "/api/models/nothing", json={"title": "a"})
    assert [line["method"] for line in lines()] == ["PATCH", "DELETE", "OTHER"]


def test_prometheus_reads_how_often_and_how_long(watched):
    client, _ = watched
    client.get("/api/models/article")
    client.get("/api/models/nothing")
    text = client.get("/metrics").text
    counted = (
        'lstm_viz_request_seconds_count{method="GET",route="/api/models/{id}",status="%d"} 1.0'
    )
    assert counted % 200 in text
    assert counted % 404 in text
    assert "lstm_viz_requests_open 1.0" in text
    assert "process_resident_memory_bytes" in text


def test_nothing_is_logged_or_counted_unless_asked_for(client, capsys):
    answer = client.get("/healthz")
    assert "x-request-id" not in answer.headers
    assert client.get("/metrics").status_code == 404
    assert capsys.readouterr().out == ""
