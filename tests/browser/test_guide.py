"""The guide in the inspector: its steps, questions and keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .test_page import query_of

Visit = Callable[..., Page]

STEPS = json.loads(
    (Path(__file__).parents[2] / "static" / "guide" / "steps.json").read_text("utf-8")
)["steps"]


def number_of(step: str) -> int:
    return [one["id"] for one in STEPS].index(step) + 1


def place(page: Page) -> re.Pattern[str]:
    return re.compile(rf"· {query_of(page)['guide'][0]} of {len(STEPS)}")


def test_it_opens_in_the_inspector_and_each_step_is_a_link(visit: Visit):
    page = visit("?lens=cell")
    page.locator("[data-lens=guide]").click()
    expect(page.locator("#guide-title")).to_be_focused()
    assert query_of(page)["guide"] == ["1"]
    page.locator("#guide [data-next]").click()
    assert query_of(page)["guide"] == ["2"]
    expect(page.locator("#guide [data-place]")).to_have_text(place(page))
    page.go_back()
    expect(page.locator("#guide [data-place]")).to_contain_text("1 of")
    page.locator("[data-lens=guide]").click()
    expect(page.locator("#guide")).to_be_hidden()
    expect(page.locator("#headline")).to_be_visible()


def test_space_goes_on_and_shift_space_back_but_not_in_a_field(visit: Visit):
    page = visit("?lens=cell&guide=2")
    page.locator("#guide-title").focus()
    page.keyboard.press("Space")
    expect(page.locator("#guide-title")).to_have_text(STEPS[2]["title"])
    expect(page.locator("#guide-title")).to_be_focused()
    page.keyboard.press("Shift+Space")
    expect(page.locator("#guide-title")).to_have_text(STEPS[1]["title"])
    page.locator("#sentence").press("Space")
    expect(page.locator("#guide-title")).to_have_text(STEPS[1]["title"])


def test_a_value_is_shown_once_it_has_been_predicted(visit: Visit):
    page = visit(f"?lens=cell&guide={number_of('forget-pune')}")
    assert query_of(page)["timestep"] == ["10"]
    said = page.locator("#guide [data-said]").first
    expect(said).to_be_empty()
    page.locator("#guide [data-choices] button", has_text="near 1").click()
    expect(page.locator("#guide [data-verdict]")).to_have_text("Not quite:")
    expect(said).to_contain_text("0.07")
    expect(page.locator("#spoken")).to_contain_text("Not quite: 0.07")
    assert query_of(page)["timestep"] == ["11"]
    page.locator("#guide [data-choices] button", has_text="near 0").dispatch_event("click")
    expect(page.locator("#guide [data-verdict]")).to_have_text("Not quite:")


def test_a_number_can_be_typed_with_any_sign_and_comma(visit: Visit):
    page = visit(f"?lens=cell&guide={number_of('new-memory')}")
    page.locator("#guide-guess").fill("about")
    page.keyboard.press("Enter")
    expect(page.locator("#guide [data-said]")).to_contain_text("Type a number")
    page.locator("#guide-guess").fill("−0,27")
    page.keyboard.press("Enter")
    expect(page.locator("#guide [data-verdict]")).to_have_text("Right:")
    page.locator("#guide [data-said] .number", has_text="−0.27").first.click()
    expect(page.locator("#inspector #arithmetic")).to_be_visible()


def test_a_step_is_finished_by_doing(visit: Visit):
    page = visit(f"?lens=cell&guide={number_of('hold-open')}")
    expect(page.locator("#gates")).to_be_visible()
    page.locator("#gates [data-ask]").click()
    expect(page.locator("#guide [data-result]")).to_contain_text("back to “⁨Pune⁩”, with 88%")
    page.locator("#guide [data-next]").click()
    expect(page.locator("#gates")).to_be_hidden()
    assert "pins" not in query_of(page)


def test_another_sentence_leads_back_by_one_press(visit: Visit):
    page = visit("?lens=cell&guide=2")
    expect(page.locator("#guide [data-again]")).to_be_hidden()
    page.locator("#sentence").fill("I live in Goa")
    page.locator("#guide [data-again]").click()
    expect(page.locator("#sentence")).to_have_value(re.compile("^I live in Pune"))
    expect(page.locator("#guide [data-again]")).to_be_hidden()


def test_it_remembers_the_step_and_begins_anew_after_the_last(visit: Visit):
    page = visit("?lens=cell&guide=3")
    page.locator("[data-lens=guide]").click()
    expect(page.locator("[data-lens=guide]")).to_have_text("Go on with the guide")
    page.locator("[data-lens=guide]").click()
    expect(page.locator("#guide-title")).to_have_text(STEPS[2]["title"])
    page.locator("#guide-step").select_option(str(len(STEPS)))
    expect(page.locator("#guide [data-next]")).to_contain_text("Done")
    page.locator("#guide [data-next]").click()
    expect(page.locator("#guide")).to_be_hidden()
    expect(page.locator("[data-lens=guide]")).to_have_text("Learn it step by step")


def test_the_help_has_it_too(visit: Visit):
    page = visit("?lens=cell")
    page.locator("#help-button").click()
    page.locator("#help [data-guide]").click()
    expect(page.locator("#guide-title")).to_have_text(STEPS[0]["title"])


@pytest.mark.parametrize("visit", ["saved"], indirect=True)
def test_a_saved_page_has_the_steps_whose_sentence_it_holds(visit: Visit):
    page = visit("?lens=cell")
    held = [one for one in STEPS if one["scene"] == "pune" and "shows" not in one]
    page.locator("[data-lens=guide]").click()
    expect(page.locator("#guide-step option")).to_have_count(len(held))
    page.locator("#guide-step").select_option(label=f"{len(held)}. {held[-1]['title']}")
    expect(page.locator("#guide-title")).to_have_text(held[-1]["title"])
    page.go_back()
    expect(page.locator("#guide-title")).to_have_text(held[0]["title"])


def test_on_a_phone_it_stands_in_the_raised_sheet(visit: Visit):
    page = visit("?lens=cell&guide=6", width=390, height=844)
    expect(page.locator(".sheet-handle")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#guide [data-next]")).to_be_in_viewport()
    page.locator("#guide [data-next]").click()
    expect(page.locator("#guide-title")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
