"""What is asked most goes past the router, and is answered as it would be through it."""

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Router

from app.main import create_app
from app.settings import Settings
from app.web.middleware.direct import Direct

REQUESTS = [
    ("GET", "/api/step?sentence=Good+Day", None),
    ("POST", "/api/step", b'{"sentence": "Good Day"}'),
    ("POST", "/api/step", b'{"sentence": ""}'),
    ("POST", "/api/step", b"nothing"),
    ("POST", "/api/step", b'{"sentence": "a", "model": "nothing"}'),
    ("POST", "/api/step", b" " * 5_000_000),
    ("GET", "/api/step?format=csv&sentence=a", None),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_the_answer_is_that_of_the_route(monkeypatch, method, path, body):
    def ask() -> tuple:
        client = TestClient(create_app(Settings()), raise_server_exceptions=False)
        answer = client.request(method, path, content=body)
        return answer.status_code, answer.content, dict(answer.headers)

    past = ask()

    async def through(direct, scope, receive, send):
        await direct.app(scope, receive, send)

    monkeypatch.setattr(Direct, "__call__", through)
    assert ask() == past


def test_the_router_is_not_asked(monkeypatch):
    async def router(*_):
        raise AssertionError("the router was asked")

    client = TestClient(create_app(Settings()))
    client.get("/healthz")
    monkeypatch.setattr(Router, "__call__", router)
    assert client.get("/api/step?sentence=a").status_code == 200
    assert client.post("/api/step", json={"sentence": "a"}).status_code == 200


def test_another_method_is_the_routers(client):
    answer = client.put("/api/step")
    assert answer.status_code == 405
    assert list(answer.json()) == ["detail"]


def test_a_fault_of_ours_is_a_500(monkeypatch):
    def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr("app.web.routes.step.read_query", broken)
    answer = TestClient(create_app(Settings()), raise_server_exceptions=False).get("/api/step")
    assert answer.status_code == 500
    assert "secret" not in answer.text
