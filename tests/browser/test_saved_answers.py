"""Whatever a served page asks in a long session, the page saved in that state can answer itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, Request

from app.core.model import Model
from app.importers.naming import as_model
from tests.imports import imported
from tests.saved import questions_of

from .conftest import read_on, serve
from .settled import next_step, settle
from .windows import Windows

FILED = {
    "gru": "gru.keras",
    "gru-reset-before": "gru_reset_before.keras",
    "stacked": "stacked.keras",
    "bidirectional": "bidirectional_concat.keras",
    "numbers": "series.keras",
    "ids": "lstm.keras",
}
PINS = quote('[{"timestep": 2, "gate": "forget_gate", "unit": null, "value": 1}]')
PAGES = {
    "lstm": "?model=place&sentence=I%20live%20in%20Pune&swaps=Goa,Delhi&compare=model,sentiment",
    "held": f"?model=sentiment&sentence=not%20bad&pins={PINS}&compare=free",
    "simple-rnn": "?model=place-rnn&sentence=I%20live%20in%20Pune",
} | {name: f"?model={name}" for name in FILED}


def models() -> list[Model]:
    """One of each kind of file, named after its kind."""
    read = {name: imported(file) for name, file in FILED.items()}
    return [as_model(found, name, FILED[name]) for name, found in read.items()]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve(models()) as address:
        yield address


def key_of(path: str, body: object) -> str:
    """A text that two questions share where the page takes them for the same: 1 is 1.0, 0 is -0."""

    def number(text: str) -> float:
        return float(text) + 0.0

    numbers = json.loads(json.dumps(body), parse_int=number, parse_float=number)
    return f"{path} {json.dumps(numbers, sort_keys=True)}"


def asked(requests: list[Request]) -> list[str]:
    """What was asked for that a saved page has to know."""
    keys = []
    for request in requests:
        parts = urlsplit(request.url)
        if parts.path.startswith("/api/") and parts.path != "/api/export":
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            keys.append(key_of(address, json.loads(request.post_data or "null")))
    return keys


def look_around(page: Page) -> None:
    """Bring every section on the screen, choose a unit and a label, open numbers, take steps."""
    for section in page.locator("main section[id]").all():
        if section.is_visible():
            section.scroll_into_view_if_needed()
            settle(page)
    if page.locator("[name=ledger][value=unit]").is_visible():
        page.locator("[name=ledger][value=unit]").check()
        settle(page)
    label = page.locator("#score-label")
    if label.is_visible() and label.locator("option").count() > 1:
        label.select_option(index=1)
        settle(page)
    if page.locator("#neutral").is_visible():
        page.locator("#neutral").fill("20")
        settle(page)
    for button in page.locator(".number:visible").all()[:6]:
        button.click()
        next_step(page)
    page.keyboard.press("Escape")
    for key in ("ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        next_step(page)
    settle(page)


@pytest.mark.parametrize("kind", PAGES)
def test_a_saved_page_holds_all_that_the_served_one_asks_for(windows: Windows, site: str, kind):
    page = windows.take()
    requests: list[Request] = []

    def hear(request: Request) -> None:
        requests.append(request)

    page.on("request", hear)
    page.goto(f"{site}/{PAGES[kind]}")
    read_on(page)
    look_around(page)
    page.remove_listener("request", hear)
    windows.give_back(page, f"{site}/blank.html")
    with urlopen(f"{site}/api/export{PAGES[kind]}") as answer:
        saved = answer.read().decode()
    known = {key_of(path, body) for path, body, _ in questions_of(saved)}
    wanted = set(asked(requests))
    assert wanted, "nothing was asked, and nothing is held by this"
    assert wanted <= known, sorted(wanted - known)
