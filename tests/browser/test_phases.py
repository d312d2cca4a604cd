"""The order of computation: phases by keys, by the scale and by playing, and what travels."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import both
from .test_page import query_of

Visit = Callable[..., Page]
PUNE = "I%20live%20in%20Pune%20but%20right%20now%20I%20stay%20in%20Hyderabad"
TURN = "?lens=cell&model=place&timestep=11&unit=5&sentence=" + PUNE


@both
def test_keys_go_through_the_phases_and_the_inspector_speaks_of_each(visit: Visit):
    page = visit(TURN)
    phase = page.locator("#phase")
    expect(phase).to_be_hidden()
    page.keyboard.press(".")
    expect(phase).to_contain_text("1 of 8")
    expect(page.locator("#headline")).to_be_hidden()
    for _ in range(2):
        page.keyboard.press(".")
    expect(phase).to_contain_text("Forget gate × memory")
    expect(phase).to_contain_text("0.07 × −0.91 = −0.06")
    expect(page.locator(".phase-caption")).to_have_text("3. Forget gate × memory")
    expect(page.locator("#spoken")).to_contain_text("Forget gate × memory")
    phase.locator("[data-says] button").click()
    expect(page.locator("#arithmetic")).to_contain_text("−0.06")
    page.keyboard.press("Escape")
    page.keyboard.press(",")
    expect(phase).to_contain_text("2 of 8")
    page.keyboard.press("ArrowLeft")
    expect(phase).to_be_hidden()
    expect(page.locator("#headline")).to_be_visible()


def test_the_scale_shows_a_phase_and_at_its_end_the_whole_cell(visit: Visit):
    page = visit(TURN)
    scale = page.get_by_role("slider", name="Phase of the word")
    expect(scale).to_have_attribute("aria-valuetext", "all of the cell")
    scale.focus()
    page.keyboard.press("Home")
    expect(scale).to_have_attribute("aria-valuetext", "1. The word and the past arrive")
    page.keyboard.press("End")
    expect(scale).to_have_attribute("aria-valuetext", "all of the cell")
    page.keyboard.press("Home")
    page.locator(".depths [data-depth=unit]").click()
    expect(page.locator("#phase")).to_contain_text("1 of 8")
    page.locator(".depths [data-depth=sentence]").click()
    expect(page.locator(".phases")).to_be_hidden()
    expect(page.locator("#phase")).to_be_hidden()


def test_values_travel_and_a_key_always_wins(visit: Visit):
    page = visit(TURN)
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate(
        """() => {
          window.sent = [];
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes)
              window.sent.push(...[...addedNodes].map((dot) => dot.textContent));
          }).observe(document.querySelector(".pulses"), { childList: true });
        }"""
    )
    page.keyboard.press(".")
    expect(page.locator("#phase")).to_contain_text("1 of 8")
    page.keyboard.press(".")
    expect(page.locator("#phase")).to_contain_text("2 of 8")
    numbers = 'JSON.stringify(window.sent.filter(Boolean)) === \'["0.07","0.32","0.50","1.00"]\''
    page.wait_for_function(numbers)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#position")).to_have_text("10/11")
    before = page.evaluate("window.sent.length")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#position")).to_have_text("11/11")
    page.wait_for_function("(before) => window.sent.length > before + 8", arg=before)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#position")).to_have_text("10/11")
    expect(page.locator(".pulse")).to_have_count(0)


def test_playing_goes_through_the_phases_and_on_to_the_next_word(visit: Visit):
    page = visit("?lens=cell&model=place-rnn&timestep=1&sentence=Hello%20Pune")
    page.emulate_media(reduced_motion="no-preference")
    page.clock.install()
    page.locator("#play").click()
    seen = []
    for _ in range(60):
        page.clock.run_for(500)
        now = (
            page.locator("#position").inner_text(),
            page.locator("#phase [data-place]").inner_text(),
        )
        if now not in seen:
            seen.append(now)
        if now == ("2/2", "2 of 3"):
            break
    phases = ["1 of 3", "2 of 3", "3 of 3"]
    assert seen == [("1/2", place) for place in phases] + [("2/2", place) for place in phases[:2]]
    page.keyboard.press(",")
    page.clock.run_for(500)
    expect(page.locator("#phase")).to_contain_text("1 of 3")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_who_prefers_less_motion_sees_the_same_phases_and_nothing_moves(visit: Visit):
    page = visit(TURN)
    page.keyboard.press(".")
    page.keyboard.press(".")
    expect(page.locator("#phase")).to_contain_text("2 of 8")
    assert page.locator(".pulse").count() == 0


def test_the_guide_has_a_step_on_the_order_that_is_finished_by_going_through_it(visit: Visit):
    page = visit("?lens=cell&guide=10")
    expect(page.locator("#guide-title")).to_have_text("In which order?")
    for _ in range(5):
        page.keyboard.press(".")
    expect(page.locator("#phase")).to_contain_text("5 of 8")
    expect(page.locator(".guide-doing")).to_contain_text("Unit 5 held −0.91, and holds 0.10 now")
    page.keyboard.press("Space")
    expect(page.locator("#phase")).to_be_hidden()


def test_a_link_opens_a_phase_and_one_that_a_cell_has_not_opens_all_of_it(visit: Visit):
    page = visit(TURN + "&phase=3")
    expect(page.locator("#phase")).to_contain_text("3 of 8")
    page.keyboard.press(".")
    expect(page.locator("#phase")).to_contain_text("4 of 8")
    assert query_of(page)["phase"] == ["4"]
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#phase")).to_be_hidden()
    assert "phase" not in query_of(page)
    page = visit("?lens=cell&model=place-rnn&sentence=Hello%20Pune&phase=7")
    expect(page.locator("#phase")).to_be_hidden()
