"""A model that writes goes on from the text, and what it writes can be chosen and taken back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .conftest import Complaints

Visit = Callable[..., Page]

BEGINNING = '{"open":tr'
QUERY = f"?model=writer&lens=cell&sentence={quote(BEGINNING)}"


def test_it_writes_on_token_by_token_and_alternatives_can_be_taken(visit: Visit):
    page = visit(QUERY, alone=True)
    page.emulate_media(reduced_motion="no-preference")
    text, write = page.locator("#sentence"), page.locator("[data-write]")
    page.locator("[data-temperature] input").fill("0")  # the likeliest every time
    first = page.locator("#answer .take").first
    expect(first).to_have_text("u")
    expect(page.locator("#answer li").first.locator(".amount")).to_have_text("100%")
    write.click()
    expect(text).to_have_value(f"{BEGINNING}ue}}↵", timeout=60_000)
    expect(page.locator("#words .word").nth(12)).to_have_text("}")
    if write.inner_text() == "Pause":
        write.click()
    expect(write).to_have_text("Write on")

    page.locator("#words .word").nth(9).click()
    page.locator("#answer .take").nth(1).click()  # in place of the u, and of all after it
    taken = page.locator("#words .word").nth(10)
    expect(page.locator("#words .word")).to_have_count(11)
    expect(text).to_have_value(f"{BEGINNING}{taken.inner_text().strip()}")
    page.locator("[data-write-on] [data-back]").click()
    expect(text).to_have_value(BEGINNING)


def test_whoever_prefers_less_motion_gets_one_for_each_press(visit: Visit):
    page = visit("?model=series&lens=cell")
    steps = page.locator("#words .word")
    expect(steps).to_have_count(40)
    write = page.locator("[data-write]")
    expect(write).to_have_text("Forecast on")
    expect(page.locator("[data-temperature]")).to_be_hidden()
    write.click()
    expect(steps).to_have_count(41)
    expect(write).to_have_text("Forecast on")


def test_what_went_wrong_is_said_and_it_stops(visit: Visit, complaints: Complaints):
    complaints.expected.append("status of 503")
    page = visit(QUERY, alone=True)
    answer = '{"detail": "Too busy just now. Try again."}'
    page.route("**/api/generate", lambda route: route.fulfill(status=503, body=answer))
    page.locator("[data-write]").click()
    expect(page.locator("[data-write-on] [data-says]")).to_have_text(
        "Too busy just now. Try again."
    )
    expect(page.locator("[data-write]")).to_have_text("Write on")
    expect(page.locator("#sentence")).to_have_value(BEGINNING)


def test_a_series_is_drawn_forecast_rolled_out_and_drawn_by_hand(visit: Visit):
    page = visit("?model=series&lens=answer&timestep=28", drawn="[data-figure=forecast] .main-svg")
    figure = page.locator("[data-figure=forecast]")
    expect(page.locator("[data-figure=prediction]")).to_be_hidden()
    expect(figure).to_contain_text("24 steps from its own forecasts")
    expect(page.locator("#prediction .look")).to_contain_text("does more than echo")
    page.locator("[data-forecast] > label input").fill("60")
    expect(figure).to_contain_text("60 steps from its own forecasts")
    strip = page.locator("[data-strokes] .stroke").last
    expect(strip).to_have_attribute("aria-valuetext", "timestep 1 of 40: 0.6")
    strip.press("ArrowUp")
    expect(strip).not_to_have_attribute("aria-valuetext", "timestep 1 of 40: 0.6")
    expect(figure.locator("g.scatterlayer .trace")).to_have_count(3)


@pytest.mark.parametrize("visit", ["saved"], indirect=True)
def test_a_saved_page_shows_alternatives_and_forecasts_and_says_what_it_cannot(visit: Visit):
    page = visit("?model=series&lens=answer", drawn="[data-figure=forecast] .main-svg")
    expect(page.locator("[data-forecast]")).to_contain_text("this is a saved page")
    expect(page.locator("[data-figure=forecast]")).to_contain_text("forecast one step ahead")
    expect(page.locator("[data-write-on]")).to_have_count(0)
    page = visit(f"{QUERY}")
    expect(page.locator("#answer li")).to_have_count(4)
    expect(page.locator("#answer .take")).to_have_count(0)
    expect(page.locator("#answer li").first).to_contain_text("u")
