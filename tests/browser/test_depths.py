"""The Cell lens from far and near, and the knobs in it that hold a gate."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import both
from .test_page import query_of

Visit = Callable[..., Page]
PLOT = "[data-figure=cell] .plot"
PUNE = "I%20live%20in%20Pune%20but%20right%20now%20I%20stay%20in%20Hyderabad"
FORGET = ".gate-knob.forget_gate input"


@both
def test_keys_and_the_control_go_nearer_and_farther_and_back_goes_back(visit: Visit):
    page = visit("?lens=cell&depth=unit&unit=1")
    assert "Unit 1 worked through" in (page.locator(PLOT).get_attribute("aria-label") or "")
    page.keyboard.press("-")
    pressed = page.locator(".depths [aria-pressed=true]")
    expect(pressed).to_have_text("Cell")
    assert "depth" not in query_of(page)
    page.keyboard.press("-")
    expect(pressed).to_have_text("Sentence")
    assert query_of(page)["depth"] == ["sentence"]
    page.go_back()
    expect(pressed).to_have_text("Cell")
    page.locator(".depths [data-depth=unit]").click()
    expect(pressed).to_have_text("Unit")
    expect(page.locator("#spoken")).to_have_text("Unit 1")


def test_a_click_on_a_cell_of_the_sentence_goes_to_that_cell(visit: Visit):
    page = visit("?lens=cell&model=place&depth=sentence&timestep=11&unit=5&sentence=" + PUNE)
    x, y = page.locator(PLOT).evaluate(
        """plot => {
          const hits = plot.data.find((trace) => trace.customdata);
          const at = hits.customdata.findIndex((mark) =>
            mark?.quantity === "cell_state" && mark.timestep === 10);
          const { left, top, width } = plot.getBoundingClientRect();
          const zoom = width / plot.offsetWidth;
          return [left + hits.x[at] * zoom, top + (hits.y[at] + 30) * zoom];
        }"""
    )
    page.mouse.click(x, y)
    expect(page.locator(".depths [aria-pressed=true]")).to_have_text("Cell")
    expect(page.locator("#timestep")).to_have_value("10")
    expect(page.locator("#arithmetic")).to_be_hidden()


def test_a_knob_holds_a_gate_and_the_inspector_lets_it_go(visit: Visit):
    page = visit("?model=place&timestep=11&unit=5&sentence=" + PUNE + "&lens=cell")
    before = page.locator(PLOT).bounding_box()
    page.locator(FORGET).focus()
    page.keyboard.press("End")
    forget = page.locator("#gates li[data-quantity=forget_gate]")
    expect(forget).to_contain_text("Unit 5 is held at 1.00.")
    expect(page.locator(FORGET)).to_have_attribute("aria-valuetext", "1.00, held")
    assert page.locator(PLOT).bounding_box() == before
    forget.get_by_role("button", name="Let it go").click()
    expect(forget).to_contain_text("44% dropped")
    assert "pins" not in query_of(page)


def test_a_gates_name_keeps_its_path_lit_in_the_list_and_in_the_picture(visit: Visit):
    page = visit("?lens=cell")
    name = page.locator("#gates [data-lights=forget_gate]")
    picture = page.locator(PLOT)
    lit = re.compile("with the path of the forget gate lit")
    name.click()
    page.mouse.move(5, 5)
    expect(name).to_have_attribute("aria-pressed", "true")
    expect(picture).to_have_attribute("aria-label", lit)
    x, y = picture.evaluate(
        """plot => {
          const hits = plot.data.find((trace) => trace.customdata);
          const at = hits.customdata.findIndex((mark) =>
            mark?.lights && mark.quantity === "forget_gate");
          const { left, top, width } = plot.getBoundingClientRect();
          const zoom = width / plot.offsetWidth;
          return [left + hits.x[at] * zoom, top + hits.y[at] * zoom];
        }"""
    )
    page.mouse.click(x, y)
    expect(name).to_have_attribute("aria-pressed", "false")
    page.mouse.move(5, 5)
    expect(picture).not_to_have_attribute("aria-label", lit)
    page.mouse.click(x, y)
    expect(name).to_have_attribute("aria-pressed", "true")
