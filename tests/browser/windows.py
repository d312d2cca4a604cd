"""Windows of one browser, which the tests use one after the other.

A page that follows another in the same window takes a third of the processor's time that it takes
in a window of its own: the browser keeps the compiled scripts. So a window goes from test to test,
and between two of them it forgets what the page has stored, heard and been told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from .settled import WATCH

# with an icon of its own: a browser would ask the server for one, and the next test hear of it
NOTHING = '<!doctype html><title>Nothing</title><link rel="icon" href="data:,">'

Kind = tuple[tuple[str, object], ...]


@dataclass
class Windows:
    """The windows of a browser: one of each kind, and those that a test wants for itself."""

    browser: Browser
    shared: dict[Kind, Page] = field(default_factory=dict)

    def open(self, **options: Any) -> Page:
        """Give a new window, with a context of its own; whoever asks for it closes the context."""
        context = self.browser.new_context(reduced_motion="reduce", **options)
        context.add_init_script(WATCH)
        return context.new_page()

    def take(self, **options: Any) -> Page:
        """Give the window that has these options and no page in it."""
        kind = tuple(sorted(options.items()))
        if kind not in self.shared:
            self.shared[kind] = self.open(**options)
        return self.shared[kind]

    def give_back(self, page: Page, blank: str) -> None:
        """Leave nothing of a test to the next one.

        `blank` is an address of the page's own origin; no server need answer it.
        """
        page.unroute_all(behavior="ignoreErrors")
        page.route(blank, lambda route: route.fulfill(content_type="text/html", body=NOTHING))
        page.goto(blank)
        page.unroute(blank)
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.emulate_media(reduced_motion="reduce")
        page.mouse.move(0, 0)

    def close(self) -> None:
        """Close what all use."""
        for page in self.shared.values():
            page.context.close()
