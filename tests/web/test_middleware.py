import asyncio
import json

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from app.web.errors import add_errors
from app.web.middleware import BodyLimit, SecurityHeaders

LIMITS = {"": 100, "/api/import": 1000}


def make_app():
    app = FastAPI()
    add_errors(app)

    @app.post("/api/step")
    @app.post("/api/import")
    async def length(request: Request):
        return {"length": len(await request.body())}

    @app.post("/api/parsed")
    def parsed(body: dict):
        return body

    @app.get("/api/step")
    def read():
        return {}

    return app


@pytest.fixture
def client():
    return TestClient(BodyLimit(make_app(), LIMITS))


def pieces(size, count):
    """A body of unknown length."""
    return (b"x" * size for _ in range(count))


def talk(app, messages, path="/api/parsed", headers=()):
    """Send raw ASGI messages, the last of which never ends, and return status and answer."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *headers],
    }
    sent = []
    waiting = list(messages)

    async def receive():
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("an event that nobody sets")

    async def send(message):
        sent.append(message)

    with start_blocking_portal() as portal:
        portal.call(app, scope, receive, send)
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    return starts[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("content", [b"x" * 100, b""])
def test_body_within_its_limit_passes(client, content):
    assert client.post("/api/step", content=content).json() == {"length": len(content)}


def test_body_over_its_limit_is_refused_by_its_declared_length(client):
    response = client.post("/api/step", content=b"x" * 101)
    assert response.status_code == 413
    assert set(response.json()) == {"detail"}
    assert "at most 100 bytes" in response.json()["detail"]
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("path", ["/api/step", "/api/parsed"])
def test_body_of_unknown_length_is_refused_while_it_arrives(client, path):
    response = client.post(
        path, content=pieces(60, 2), headers={"content-type": "application/json"}
    )
    assert response.status_code == 413
    assert set(response.json()) == {"detail"}


def test_body_of_unknown_length_over_its_limit_is_told_the_limit(client):
    response = client.post("/api/import", content=pieces(600, 2))
    assert "at most 1,000 bytes" in response.json()["detail"]
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("length", [b"9" * 5_000, b"0" * 4_400 + b"1001"])
def test_a_length_of_thousands_of_digits_is_too_large(length):
    headers = [(b"content-length", length)]
    status, answer = talk(BodyLimit(make_app(), LIMITS), [], "/api/import", headers)
    assert status == 413
    assert len(answer) < 200


def test_body_that_lies_about_its_length_is_refused_too():
    message = {"type": "http.request", "body": b"x" * 101, "more_body": False}
    status, _ = talk(BodyLimit(make_app(), LIMITS), [message], headers=[(b"content-length", b"5")])
    assert status == 413


def test_body_of_unknown_length_within_its_limit_passes(client):
    assert client.post("/api/step", content=pieces(50, 2)).json() == {"length": 100}


def test_longest_beginning_of_the_path_chooses_the_limit(client):
    assert client.post("/api/import", content=b"x" * 1000).json() == {"length": 1000}
    assert client.post("/api/import", content=b"x" * 1001).status_code == 413


@pytest.mark.parametrize("path", ["/api/step", "/api/parsed"])
def test_body_that_stops_arriving_is_refused(path):
    app = BodyLimit(make_app(), LIMITS, timeout=0.01)
    message = {"type": "http.request", "body": b'{"a"', "more_body": True}
    status, answer = talk(app, [message], path, headers=[(b"content-length", b"10")])
    assert status == 408
    assert set(json.loads(answer)) == {"detail"}


def test_complete_body_starts_no_clock_for_the_answer():
    async def slow(scope, receive, send):
        await receive()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.05)  # a client that has not gone away
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    message = {"type": "http.request", "body": b"{}", "more_body": False}
    app = BodyLimit(slow, LIMITS, timeout=0.01)
    assert talk(app, [message], headers=[(b"content-length", b"2")])[0] == 200


def test_visitor_who_leaves_in_the_middle_of_a_body_is_no_error_of_ours():
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/step",
        "raw_path": b"/api/step",
        "query_string": b"",
        "headers": [(b"content-length", b"10")],
    }
    with start_blocking_portal() as portal:
        portal.call(BodyLimit(make_app(), LIMITS), scope, receive, send)
    assert sent[0]["status"] == 400  # which nobody reads


def test_request_without_a_body_passes_untouched(client):
    assert client.get("/api/step").status_code == 200


def test_error_of_a_route_is_not_swallowed():
    async def broken(scope, receive, send):
        await receive()
        raise ZeroDivisionError

    client = TestClient(BodyLimit(broken, LIMITS))
    with pytest.raises(ZeroDivisionError):
        client.post("/", content=b"x")


def test_every_answer_carries_the_security_headers():
    client = TestClient(SecurityHeaders(make_app()))
    for response in (client.get("/api/step"), client.get("/missing"), client.put("/api/step")):
        assert response.headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; "
            "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"


def test_operator_says_who_may_frame_the_page():
    client = TestClient(SecurityHeaders(make_app(), "'self' https://school.example"))
    policy = client.get("/api/step").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://school.example")


def test_scripts_and_styles_carry_no_policy_of_their_own():
    client = TestClient(SecurityHeaders(make_app()))
    for name in ("/static/x/main.js", "/static/x/main.css"):
        headers = client.get(name).headers
        assert "content-security-policy" not in headers
        assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in client.get("/static/x/icon.svg").headers
