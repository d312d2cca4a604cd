"""The guides are pages of the server, and what refers to them leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.importers.assumed import GUIDE
from app.main import create_app
from app.settings import Settings
from app.web.help import GUIDES


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_a_page(server, name):
    page = server.get(f"/help/{name}")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>" in page.text
    assert server.get(f"/help/{name}.md").text == page.text


def test_what_a_refusal_points_to_is_there(server):
    (path,) = re.findall(r"/help/[a-z-]+", GUIDE)
    assert "A model with more in it" in server.get(path).text
    assert "<table>" in server.get(path).text


def test_another_name_is_not_found_and_the_guides_are_named(server):
    for name in ("nothing", "..%2f..%2fREADME", "deploy"):
        refused = server.get(f"/help/{name}")
        assert refused.status_code == 404
    assert "own-model" in server.get("/help/nothing").json()["detail"]
