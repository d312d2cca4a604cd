"""A server on a free port, a browser, and pages that may not complain."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.main import create_app
from app.model import Model
from app.settings import Settings

from .find_chromium import ARGUMENTS, find_chromium

DRAWN = "[data-figure=cell] .main-svg"
"""What shows that a page is there: its first figure, where the model is an LSTM."""


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


@pytest.fixture
def visit(chromium: Browser, address: str, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """Open the page at a query string, in a window of its own, and wait until it is drawn."""
    contexts = []

    def visit(
        query: str = "", *, width: int = 1440, height: int = 900, drawn: str = DRAWN, **options
    ) -> Page:
        viewport = ViewportSize(width=width, height=height)
        context = chromium.new_context(viewport=viewport, reduced_motion="reduce", **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page)
        page.goto(f"{address}/{query}")
        page.evaluate("dispatchEvent(new Event('scroll'))")  # as who reads on
        page.locator("body[data-mounted]").wait_for()
        page.locator(drawn).first.wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
