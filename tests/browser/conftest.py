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
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

from app.core.model import Model
from app.main import create_app
from app.settings import Settings

from .find_chromium import ARGUMENTS, find_chromium
from .one_page import one_page
from .windows import Windows

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page

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
    given = {model.id: model for model in models}
    app.state.registry.models |= given
    corpora = app.state.corpora  # a model that takes another's place did not make its corpus
    corpora.models = {made: name for made, name in corpora.models.items() if name not in given}
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
    watched: list[Page] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to a page's console, its errors and its requests."""
        page.on("console", self.say)
        page.on("pageerror", self.fail)
        page.on("request", self.ask)
        self.watched.append(page)

    def stop(self) -> None:
        """Listen no more: what comes now belongs to another test."""
        for page in self.watched:
            page.remove_listener("console", self.say)
            page.remove_listener("pageerror", self.fail)
            page.remove_listener("request", self.ask)
        self.watched.clear()

    def say(self, message: ConsoleMessage) -> None:
        self.found.append(f"console: {message.text}")

    def fail(self, error: Error) -> None:
        self.found.append(f"error: {error}")

    def ask(self, request: Request) -> None:
        url = request.url
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.found.append(f"request to another host: {url}")

    def unexpected(self) -> list[str]:
        return [text for text in self.found if not any(part in text for part in self.expected)]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Iterator[Windows]:
    windows = Windows(chromium)
    yield windows
    windows.close()


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
    windows: Windows,
    address: str,
    complaints: Complaints,
    tmp_path: Path,
) -> Iterator[Callable[..., Page]]:
    """Open the page at a query string and wait until it is drawn.

    One window serves test after test; a test that opens the page again opens it in the same window,
    and with ``alone=True`` it gets a window that nobody has used, without anything in its cache.
    """
    shared, alone = [], []
    saved = getattr(request, "param", "served") == "saved"

    def place_of(query: str) -> str:
        query = one_page(query)
        if not saved:
            return f"{address}/{query}"
        query, mark, section = query.partition("#")
        path = tmp_path / "saved.html"
        path.write_bytes(saved_page(address, query))
        complaints.address = tmp_path.as_uri()
        return f"{path.as_uri()}{mark}{section}"

    def window(**options) -> Page:
        if options.pop("alone", False):
            alone.append(page := windows.open(**options))
        else:
            page = windows.take(**options)
            if page in shared:
                return page
            shared.append(page)
        complaints.watch(page)
        if not saved:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        return page

    def visit(
        query: str = "", *, width: int = 1440, height: int = 900, drawn: str = DRAWN, **options
    ) -> Page:
        page = window(offline=saved, **options)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(place_of(query))
        read_on(page, drawn)
        return page

    yield visit
    complaints.stop()
    for page in shared:
        windows.give_back(page, f"{tmp_path.as_uri() if saved else address}/blank.html")
    for page in alone:
        page.context.close()
