"""A server on a free port, a browser, and pages that may not complain."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.core.model import Model
from app.main import create_app
from app.settings import Settings

from .find_chromium import ARGUMENTS, find_chromium
from .one_page import one_page

DRAWN = "[data-figure=cell] .main-svg"
"""What shows that a page is there: its first figure, where the model is an LSTM."""

both = pytest.mark.parametrize("visit", ["served", "saved"], indirect=True)
"""For a test that visits the page on the server, and as the file that is saved there, opened from
the disk without a network. Who needs a server stays with the served one alone: another sentence,
another model, a gate that is held anew, another run to compare with, training, bringing a model,
files of numbers, and the link to copy."""


@contextmanager
def serve(models: Iterable[Model] = ()) -> Iterator[str]:
    """Run the application on a free port, with more models if given; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(Settings())
    app.state.registry.models |= {model.id: model for model in models}
    config = uvicorn.Config(app, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def launch() -> Iterator[Browser]:
    """Start the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What a page did that no page of ours may do.

    Attributes
    ----------
    expected : texts of complaints that the test provokes on purpose
    """

    address: str
    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page's console, its errors and its requests."""
        page.on("console", lambda message: self.found.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.found.append(f"error: {error}"))
        page.on("request", lambda request: self.request(request.url))

    def request(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.found.append(f"request to another host: {url}")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(part in text for part in self.expected)]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def complaints(address: str) -> Iterator[Complaints]:
    complaints = Complaints(address)
    yield complaints
    assert complaints.unexpected() == []


@cache
def saved_page(address: str, query: str) -> bytes:
    """The page at a query string as the server saves it."""
    with urlopen(f"{address}/api/export{quote(query, safe='?&=+%')}") as answer:
        return answer.read()


def read_on(page: Page, drawn: str = DRAWN) -> None:
    """Wait until a page is drawn that somebody moves through."""
    page.locator("#words button").first.wait_for(state="attached")  # now it listens
    page.evaluate("dispatchEvent(new Event('scroll'))")
    page.locator("body[data-mounted]").wait_for()
    page.locator(drawn).first.wait_for()


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    chromium: Browser,
    address: str,
    complaints: Complaints,
    tmp_path: Path,
) -> Iterator[Callable[..., Page]]:
    """Open the page at a query string, in a window of its own, and wait until it is drawn."""
    contexts = []
    saved = getattr(request, "param", "served") == "saved"

    def place_of(query: str) -> str:
        query = one_page(query)
        if not saved:
            return f"{address}/{query}"
        query, mark, section = query.partition("#")
        path = tmp_path / f"{len(contexts)}.html"
        path.write_bytes(saved_page(address, query))
        complaints.address = tmp_path.as_uri()
        return f"{path.as_uri()}{mark}{section}"

    def visit(
        query: str = "", *, width: int = 1440, height: int = 900, drawn: str = DRAWN, **options
    ) -> Page:
        viewport = ViewportSize(width=width, height=height)
        context = chromium.new_context(
            viewport=viewport, reduced_motion="reduce", offline=saved, **options
        )
        if not saved:
            context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        page.goto(place_of(query))
        read_on(page, drawn)
        return page

    yield visit
    for context in contexts:
        context.close()
