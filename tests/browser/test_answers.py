"""What a newcomer reads first, and the sums behind the answers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import both
from .test_page import SLIDER, bring, click_mark, last_digits, query_of

Visit = Callable[..., Page]
ORDER = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)


@both
def test_the_page_opens_at_the_word_that_changes_the_answer(visit: Visit):
    page = visit(f"?sentence={ORDER}&model=place")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 11 of 21: Hyderabad")
    says = page.locator("#headline [data-says]")
    expect(says).to_contain_text(re.compile("At .*Hyderabad.* the forget gate .*Pune"))
    expect(page.locator("#headline [data-shows]")).to_contain_text("turns from")
    page.locator("#headline [data-shows] .number").first.click()
    expect(page.locator("#arithmetic-title")).to_contain_text("unit")
    page.keyboard.press("Escape")
    expect(page.locator("#headline [data-shows] .number").first).to_be_focused()
    page.locator(SLIDER).press("End")
    page.locator("#headline [data-most] button").click()
    expect(says).to_contain_text("Hyderabad")


def test_who_types_follows_the_words_and_an_example_opens_where_the_answer_turns(visit: Visit):
    page = visit(f"?sentence={ORDER}&model=place")
    page.locator("#sentence").fill(f"{ORDER} today")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 22 of 22: today")
    page.locator(".examples summary").click()
    page.locator(".examples button[data-model=place]").click()
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 11 of 21: Hyderabad")
    assert query_of(page)["timestep"] == ["11"]


@both
def test_a_percentage_opens_the_sum_behind_it_back_to_the_hidden_states(visit: Visit):
    page = visit("#prediction")
    bring(page, "[data-figure=prediction]")
    page.locator("[data-figure=prediction]").get_by_role("button", name="Table of numbers").click()
    shown = page.locator("#prediction-numbers .number").last
    shown.click()
    panel = page.locator("#arithmetic")
    expect(panel.locator("tbody tr")).not_to_have_count(0)
    terms = panel.locator("[data-term]").all_inner_texts()
    total = panel.locator("[data-sum-total]").inner_text()
    assert sum(map(last_digits, terms)) == last_digits(total)
    p = panel.locator(".sum-result b").inner_text()
    assert f"{100 * float(p):.1f}%" == shown.inner_text()
    panel.locator("button.number").first.click()
    expect(page.locator("#arithmetic-title")).to_contain_text("hidden state")
    page.keyboard.press("Escape")
    expect(shown).to_be_focused()


@both
def test_a_second_click_on_an_answer_opens_it(visit: Visit):
    page = visit()
    first = {"quantity": "answer", "timestep": 1, "unit": 1}
    click_mark(page, "prediction", first)
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 1 of 2: Good")
    expect(page.locator("#arithmetic")).to_be_hidden()
    click_mark(page, "prediction", first)
    expect(page.locator("#arithmetic-title")).to_contain_text("probability of")
