"""A first visit, what is pointed at, and the steps one can go back through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import both, serve
from .scratch import scratch_models
from .settled import next_click, next_step, settle
from .test_page import PUNE, SLIDER, bring, click_mark, query_of

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that has the wide model too."""
    with serve(scratch_models()) as address:
        yield address


@both
def test_a_word_that_is_pointed_at_shows_everywhere_and_selects_nothing(visit: Visit):
    page = visit(f"?sentence={PUNE}", height=2400)  # with the figure of section 2 on screen
    page.get_by_role("button", name="Pune", exact=True).hover()
    expect(page.locator("#cell .look")).to_contain_text("Pune")
    expect(page.locator("#headline")).to_contain_text("Pune")
    plot = page.locator("[data-figure=cell] .plot")
    expect(plot).to_have_attribute("aria-label", re.compile("Pune"))
    assert "timestep" not in query_of(page)
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 11 of 11: Hyderabad")
    page.locator("h1").hover()
    expect(page.locator("#cell .look")).to_contain_text("Hyderabad")


def test_a_unit_that_is_pointed_at_in_one_figure_is_shown_in_the_others(visit: Visit):
    page = visit()
    bring(page, "[data-figure=forget_gate-units]")
    plot = page.locator("[data-figure=forget_gate-units] .plot")
    plot.evaluate("plot => plot.scrollIntoView({ block: 'center', behavior: 'instant' })")
    x, y = plot.evaluate(
        """plot => {
          const hits = plot.data.find((trace) => trace.customdata);
          const at = hits.customdata.findIndex(({ unit }) => unit === 2);
          return [hits.x[at], hits.y[at]];
        }"""
    )
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.move(box["x"] + x + 1, box["y"] + y)
    shown = page.locator("[data-figure=forget_gate-cell] .plot")
    expect(page.locator("[data-equations] [data-unit]")).to_have_text("2")
    expect(shown).to_have_attribute("aria-label", re.compile("unit 2"))
    expect(page.locator("#unit")).to_have_value("0")


@both
def test_a_second_click_in_a_heatmap_opens_the_number(visit: Visit):
    page = visit()
    bring(page, "[data-figure=glance-forget_gate]")
    plot = page.locator("[data-figure=glance-forget_gate] .plot")
    column = plot.locator(".cursor-column").bounding_box()
    assert column is not None
    page.mouse.click(column["x"] + column["width"] / 2, column["y"] + 36)
    expect(page.locator("#unit")).to_have_value("1")
    expect(page.locator("#arithmetic")).to_be_hidden()
    next_click(plot)
    page.mouse.click(column["x"] + column["width"] / 2, column["y"] + 36)
    expect(page.locator("#arithmetic-title")).to_contain_text("forget gate")


def test_a_finger_moves_by_one_tap_in_a_heatmap_and_opens_by_the_next(visit: Visit):
    page = visit(width=390, height=844, has_touch=True)
    bring(page, "[data-figure=glance-forget_gate]")
    plot = page.locator("[data-figure=glance-forget_gate] .plot")
    column = plot.locator(".cursor-column").bounding_box()
    assert column is not None
    page.touchscreen.tap(column["x"] + column["width"] / 2, column["y"] + 36)
    expect(page.locator("#unit")).to_have_value("1")
    next_click(plot)
    expect(page.locator("#arithmetic")).to_be_hidden()
    page.touchscreen.tap(column["x"] + column["width"] / 2, column["y"] + 36)
    expect(page.locator("#arithmetic-title")).to_contain_text("forget gate")


def test_a_weight_opens_the_sum_it_takes_part_in_at_this_word(visit: Visit):
    page = visit("?timestep=2")
    click_mark(page, "matrices", {"quantity": "output_gate", "unit": 2})
    expect(page.locator("#arithmetic-title")).to_contain_text("output gate")
    expect(page.locator("#arithmetic-title")).to_contain_text("Day")


def test_a_number_that_is_clicked_before_its_view_is_there_opens_when_it_is(visit: Visit, address):
    page = visit(alone=True)
    held: list[Route] = []
    page.route("**/after-first-figure.js", lambda route: held.append(route))
    with page.expect_request("**/after-first-figure.js"):
        page.goto(f"{address}/?sentence=Good+Day&lens=all", wait_until="commit")
    page.locator("#headline .number").first.click()
    assert page.locator("body[data-mounted]").count() == 0
    expect(page.locator("#arithmetic")).to_be_hidden()
    held[0].continue_()
    expect(page.locator("#arithmetic-title")).to_contain_text("dropped of what")
    expect(page.locator("#arithmetic-title")).to_be_focused()


def test_back_in_a_sum_stays_where_one_is_whatever_section_the_address_ends_with(visit: Visit):
    page = visit("#whatif")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.locator("#headline .number").last.click()
    page.locator("#arithmetic [data-sum] button.number").first.click()
    settle(page)  # the browser has kept where this is
    page.locator("#arithmetic [data-back]").click()
    expect(page.locator("#arithmetic [data-back]")).to_be_hidden()
    settle(page)
    assert page.evaluate("scrollY") < 900
    expect(page.locator("#arithmetic-title")).to_be_focused()


@both
def test_back_steps_through_words_units_and_what_was_open(visit: Visit):
    page = visit(f"?sentence={PUNE}")
    page.get_by_role("button", name="Pune", exact=True).click()
    expect(page.locator("#cell .look")).to_contain_text("Pune")
    next_step(page)  # what comes faster than a hand can follow counts as one step
    page.locator("#unit").select_option("2")
    expect(page.locator("#cell .look")).to_contain_text("unit 2")
    click_mark(page, "worked", {"quantity": "forget_gate", "timestep": 4, "unit": 2})
    title = page.locator("#arithmetic-title")
    expect(title).to_contain_text("forget gate, unit 2")
    page.locator("#arithmetic .factor button").first.click()
    expect(title).to_contain_text("input, feature")
    page.go_back()
    expect(title).to_contain_text("forget gate, unit 2")
    page.go_back()
    expect(page.locator("#arithmetic")).to_be_hidden()
    page.go_forward()
    expect(title).to_contain_text("forget gate, unit 2")
    page.go_forward()
    expect(title).to_contain_text("input, feature")
    page.keyboard.press("Escape")  # from however deep one was
    expect(page.locator("#arithmetic")).to_be_hidden()
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    page.go_back()
    expect(page.locator("#unit")).to_have_value("0")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 4 of 11: Pune")
    page.go_back()
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 11 of 11: Hyderabad")
    page.go_forward()
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 4 of 11: Pune")


def test_a_model_that_is_gone_keeps_the_sentence_and_offers_another(visit: Visit, complaints):
    complaints.expected.append("status of 404")
    page = visit("?sentence=Good%20night&model=gone")
    expect(page.locator("#status")).to_contain_text("no model")
    expect(page.locator("#sentence")).to_have_value("Good night")
    page.get_by_role("button", name="Read it with").click()
    expect(page.locator("#status")).to_be_hidden()
    expect(page.locator("#cell .look")).to_contain_text("night")
    expect(page.locator("#model-picker")).to_have_value("article")


@pytest.mark.parametrize(
    ("fault", "way"), [("layer=gone", "first layer"), ("pins=gone", "with no gate held")]
)
def test_an_address_that_asks_for_what_is_not_there_offers_what_is(
    visit: Visit, complaints, fault: str, way: str
):
    complaints.expected.append("status of 4")
    page = visit(f"?sentence=Good%20night&model=place&{fault}")
    expect(page.locator("#status")).to_contain_text("show another model: The guide's model.")
    page.get_by_role("button", name=way).press("Enter")
    expect(page.locator("#status")).to_be_hidden()
    expect(page.locator("#theme")).to_be_focused()
    expect(page.locator("#cell .look")).to_contain_text("night")


def test_a_teachers_link_hides_sections_and_controls(visit: Visit):
    page = visit("?hide=memory,paths,model-picker,badge,examples,invitation")
    expect(page.locator("#memory")).to_be_hidden()
    expect(page.locator("#model-picker")).to_be_hidden()
    expect(page.locator(".examples")).to_be_hidden()
    expect(page.locator("#invitation")).to_be_hidden()
    expect(page.locator("#sentence")).to_be_visible()
    expect(page.locator("#hold")).to_contain_text("the six paths")
    expect(page.locator("#hold a[href='#paths']")).to_have_count(0)
    page.locator("#sentence").fill("Good night")
    expect(page.locator("#cell .look")).to_contain_text("night")
    expect(page.locator("#badge")).to_be_hidden()  # whatever comes with another run


def test_a_wide_model_is_drawn_in_windows_and_strips(visit: Visit):
    words = " ".join(f"word{k}" for k in range(40))
    page = visit(f"?sentence={words}&model=wide&timestep=20&unit=40")
    expect(page.locator("#cell .look")).to_contain_text("unit 40")
    for name in ("cell", "worked", "unrolled", "returns", "glance-cell_state"):
        bring(page, f"[data-figure={name}]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
