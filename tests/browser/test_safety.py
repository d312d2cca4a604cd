"""What a visitor writes is text, and no page loads anything from outside or breaks its policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hostile import SENTENCE, WORDS, hostile_model

from .conftest import Complaints, serve
from .settled import WATCH, settle
from .test_everyone import draw_all

Visit = Callable[..., Page]
HARMLESS = " ".join(f"word{place}" for place in range(len(WORDS)))
KINDS = """() => [...document.querySelectorAll(
  "script, img, iframe, object, embed, link, base, b, i")].map((one) => one.localName)"""
HANDLERS = """() => [...document.querySelectorAll("*")].flatMap((one) =>
  one.getAttributeNames().filter((name) => name.startsWith("on")))"""
REPORT = """addEventListener("securitypolicyviolation", (event) =>
  (globalThis.violations ??= []).push(`${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve([hostile_model()]) as address:
        yield address


def test_words_labels_and_titles_that_mean_harm_are_text_everywhere(visit: Visit):
    kinds = []
    for sentence in (HARMLESS, SENTENCE):
        page = visit(f"?model=hostile&sentence={quote(sentence)}&timestep=1&unit=0")
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        draw_all(page)
        page.locator("[data-figure=cell]").get_by_role("button", name="Table of numbers").click()
        page.locator("#cell-numbers button").first.click()
        expect(page.locator("#arithmetic .sum")).to_be_visible()
        kinds.append(Counter(page.evaluate(KINDS)))
        assert page.evaluate(HANDLERS) == []
    assert kinds[0] == kinds[1]
    expect(page.locator("#sentence")).to_have_value(SENTENCE)
    drawn = " ".join(page.locator(".main-svg text").all_text_contents())
    for word in WORDS[:1] + WORDS[2:6]:
        assert word[:12] in drawn, word
    said = page.locator("body").inner_text()
    for word in WORDS:
        assert word in said, word
    assert "49" not in page.locator("#words").inner_text()


@pytest.mark.parametrize("path", ["", "docs"])
def test_no_page_loads_from_outside_or_breaks_its_policy(
    chromium: Browser, address: str, complaints: Complaints, path: str
):
    context = chromium.new_context(reduced_motion="reduce")
    context.add_init_script(REPORT)
    context.add_init_script(WATCH)
    page = context.new_page()
    complaints.watch(page)
    page.goto(f"{address}/{path}")
    if path == "docs":
        page.locator(".opblock-summary-path").first.click()
        page.locator(".opblock-body").first.wait_for()
    else:
        page.evaluate("dispatchEvent(new Event('scroll'))")  # as who reads on
        page.locator("body[data-mounted]").wait_for()
        draw_all(page)
        for section in page.locator("main > section:visible").all():
            section.scroll_into_view_if_needed()
        page.locator("#theme").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        draw_all(page)
    settle(page)
    assert page.evaluate("globalThis.violations ?? []") == []
    context.close()
