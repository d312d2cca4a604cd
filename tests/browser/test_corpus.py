"""The units over many texts: cards, a unit's page, a word, a range, and back to the stage."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Complaints
from .test_page import query_of

Visit = Callable[..., Page]
PUNE = "I%20live%20in%20Pune%20but%20right%20now%20I%20stay%20in%20Hyderabad"


def test_a_units_page_says_what_it_does_and_its_places_open_on_the_stage(visit: Visit):
    page = visit("?lens=units&model=place&unit=5&sentence=" + PUNE, drawn="#corpus .unit-card")
    corpus = page.locator("#corpus")
    expect(corpus.locator(".unit-card")).to_have_count(8)
    expect(corpus.locator("[data-about]")).to_contain_text("texts of")
    expect(corpus.get_by_role("heading", name="Unit 5")).to_be_visible()
    corpus.locator(".unit-card").nth(2).click()
    expect(corpus.get_by_role("heading", name="Unit 2")).to_be_visible()
    assert query_of(page)["unit"] == ["2"]
    page.locator("#corpus-quantity").select_option("forget_gate")
    expect(corpus.locator("[data-page] .look")).to_contain_text("Unit 2’s forget gate")
    passage = corpus.locator("[data-page] .passage").first
    text = passage.locator(".about").inner_text()
    passage.click()
    expect(page.locator("#lens-cell")).to_be_visible()
    expect(page.locator("#words [aria-current]")).to_have_text(text)
    assert query_of(page)["unit"] == ["2"]


def test_a_word_and_a_selected_range_are_looked_for(visit: Visit, complaints: Complaints):
    complaints.expected.append("status of 404")  # of a word that is not there
    page = visit("?lens=units&model=place&unit=5&sentence=" + PUNE, drawn="#corpus .unit-card")
    corpus = page.locator("#corpus")
    expect(corpus.locator(".unit-card")).to_have_count(8)
    page.locator("#corpus-word").fill("pune")
    page.keyboard.press("Enter")
    expect(corpus.locator("[data-match]")).to_contain_text("“pune”")
    expect(corpus.locator("[data-match] .passage .about").first).to_have_text("pune")
    page.locator("#corpus-word").fill("xyzzy")
    page.keyboard.press("Enter")
    expect(corpus.locator("[data-match]")).to_contain_text("xyzzy")
    expect(corpus.locator("[data-match] .passage")).to_have_count(0)
    page.locator("#words button").nth(2).click()
    page.keyboard.press("Shift+ArrowRight")
    corpus.get_by_role("button", name="More like").click()
    expect(corpus.locator("[data-match]")).to_contain_text("On in these words")


def test_a_model_without_a_corpus_says_how_to_build_one(visit: Visit):
    page = visit("?lens=units&model=place&sentence=" + PUNE, drawn="#corpus .unit-card")
    expect(page.locator("#corpus .unit-card").first).to_be_visible()
    page.route("**/api/corpora", lambda route: route.fulfill(json={"corpora": [], "install": None}))
    page.reload()
    expect(page.locator("#corpus [data-about]")).to_contain_text("lstm-viz corpus build")
    expect(page.locator("#corpus [data-cards]")).to_be_hidden()
