"""No link of the page, of the guides, or of what the server says leads nowhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.help import GUIDES

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"""<(?:a|link|script|img)\b[^>]*?\b(?:href|src)=["']?([^"'\s>]+)""")
IDENTIFIER = re.compile(r"""\bid=["']?([^"'\s>]+)""")
ADDRESS = re.compile(r"(?<![\w.])/(?:help/[a-z-]+|docs)(?:#[\w-]+)?\b")


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def links_of(text: str, page: str) -> set[str]:
    """The addresses on this server that a page links to."""
    found = {urljoin(page, html.unescape(link)) for link in LINK.findall(text)}
    return {link for link in found if link.startswith("/") and not link.startswith("//")}


def test_every_link_that_can_be_reached_from_the_page_leads_somewhere(server):
    waiting, seen = ["/", *(f"/help/{name}" for name in GUIDES)], dict[str, str]()
    wanted = set[tuple[str, str, str]]()
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        answer = server.get(page)
        assert answer.status_code == 200, page
        is_page = answer.headers["content-type"].startswith("text/html")
        seen[page] = answer.text if is_page else ""
        for link in links_of(seen[page], page):
            path, fragment = urldefrag(link)
            waiting.append(path)
            if fragment:
                wanted.add((page, path, fragment))
    assert len(seen) > 10
    for page, path, fragment in wanted:
        assert fragment in IDENTIFIER.findall(seen[path]), (page, path, fragment)


def test_what_the_server_and_the_page_say_in_words_leads_somewhere_too(server):
    sources = [*(ROOT / "app").rglob("*.py"), *(ROOT / "static").rglob("*.js")]
    said = {
        address
        for source in sources
        if "vendor" not in source.parts
        for address in ADDRESS.findall(source.read_text(encoding="utf-8"))
    }
    assert "/help/own-model" in said
    for address in said:
        assert server.get(address).status_code == 200, address


def test_a_refusal_names_no_document_that_is_not_served():
    for source in (ROOT / "app").rglob("*.py"):
        said = re.findall(r'"[^"\n]*\bdocs/[\w-]+\.md[^"\n]*"', source.read_text(encoding="utf-8"))
        assert not said, source
