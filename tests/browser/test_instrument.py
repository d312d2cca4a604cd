"""The instrument: cell, memory and answer on one screen, and lenses for what is on the stage."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FloatRect, Page, expect

from .conftest import Complaints
from .test_page import query_of

Visit = Callable[..., Page]

PARTS = ("#bar", "#lenses", "#stage", "#inspector", "#timeline", "#answer")
LENSES = ("cell", "sentence", "memory", "answer", "weights", "whatif", "units", "train", "own")
OPENING = "?lens=cell"


def box_of(page: Page, selector: str) -> FloatRect:
    box = page.locator(selector).bounding_box()
    assert box is not None, selector
    return box


def shown(page: Page) -> list[str]:
    """Lenses that are on the stage."""
    return page.eval_on_selector_all(
        ".lens", "all => all.filter((it) => it.checkVisibility()).map((it) => it.id.slice(5))"
    )


@pytest.mark.parametrize(("width", "height"), [(1024, 700), (1440, 900), (1920, 1080)])
def test_all_of_it_is_on_one_screen_that_never_scrolls(visit: Visit, width: int, height: int):
    page = visit(OPENING, width=width, height=height)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in PARTS:
        box = box_of(page, part)
        assert box["width"] > 150, part
        assert box["height"] > 30, part
        assert box["x"] >= 0, part
        assert box["y"] >= 0, part
        assert box["x"] + box["width"] <= width + 1, part
        assert box["y"] + box["height"] <= height + 1, part


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844)])
def test_a_phone_has_words_picture_sheet_and_tabs_from_above(visit: Visit, width: int, height: int):
    page = visit(OPENING, width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    order = [
        box_of(page, part)["y"] for part in ("#bar", "#timeline", "#stage", ".side", "#lenses")
    ]
    assert order == sorted(order)
    handle = page.locator(".sheet-handle")
    handle.click()
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(handle).to_have_attribute("aria-expanded", "false")


def test_it_opens_on_the_guides_sentence_where_the_answer_turns(visit: Visit):
    page = visit(OPENING)
    expect(page.locator("#sentence")).to_have_value(re.compile("^I live in Pune"))
    expect(page.locator("#timestep")).to_have_attribute(
        "aria-valuetext", "word 11 of 21: Hyderabad"
    )
    expect(page.locator("#inspector")).to_contain_text("44% dropped")
    expect(page.locator("#answer li").first).to_contain_text("Hyderabad")


def test_a_tab_shows_its_lens_alone_and_the_address_names_it(visit: Visit):
    page = visit(OPENING)
    assert shown(page) == ["cell"]
    for lens in LENSES[1:]:
        page.locator(f"[data-lens={lens}]").click()
        expect(page.locator(f"[data-lens={lens}]")).to_have_attribute("aria-current", "page")
        assert shown(page) == [lens]
        assert query_of(page)["lens"] == [lens]
    page.go_back()
    assert shown(page) == ["train"]


def test_only_the_lens_that_is_shown_is_fetched_and_drawn(visit: Visit):
    page = visit(OPENING)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.partition("/lenses/")[2]))
    page.locator("[data-lens=memory]").click()
    page.locator("[data-figure=remains] .main-svg").first.wait_for()
    assert "views/memory.js" in fetched
    assert "views/train.js" not in fetched


@pytest.mark.parametrize(
    ("place", "lens"), [("#memory", "memory"), ("#worked", "cell"), ("#scores", "answer")]
)
def test_an_old_link_opens_the_lens_that_holds_its_section(visit: Visit, place: str, lens: str):
    page = visit(f"?lens=cell{place}", drawn=f"#lens-{lens}")
    expect(page.locator(f"[data-lens={lens}]")).to_have_attribute("aria-current", "page")
    expect(page.locator(place)).to_be_in_viewport()
    assert page.evaluate("location.hash") == ""


def test_a_lens_that_there_is_not_is_the_cell(visit: Visit):
    page = visit("?lens=memori")
    assert shown(page) == ["cell"]


def test_nothing_that_is_done_moves_the_picture(visit: Visit, complaints: Complaints):
    complaints.expected.append("422")
    page = visit(OPENING)
    stays = ("#stage", "#timeline", "#answer", "[data-figure=cell] .plot")
    before = [box_of(page, part) for part in stays]
    page.locator("#inspector .number").first.click()
    expect(page.locator("#inspector #arithmetic")).to_be_visible()
    assert [box_of(page, part) for part in stays] == before
    page.locator("#sentence").fill("I live in Goa but now")
    expect(page.locator("#timestep")).to_have_attribute("max", "6")
    assert [box_of(page, part) for part in stays] == before
    page.locator("#sentence").fill("?!")
    expect(page.locator("#status")).to_contain_text("no words")
    assert [box_of(page, part) for part in stays] == before


def test_a_number_of_the_picture_opens_beside_it(visit: Visit):
    page = visit(OPENING)
    page.locator("[data-figure=cell]").get_by_role("button", name="Table of numbers").click()
    page.locator("[data-figure=cell] .numbers .number").first.click()
    opened = page.locator("#inspector #arithmetic")
    expect(opened).to_be_in_viewport()
    term = opened.locator(".number").first
    term.click()
    expect(opened.locator("[data-back]")).to_be_visible()


def test_share_is_a_menu_over_the_picture(visit: Visit):
    page = visit(OPENING)
    page.locator("#take-link").click()
    expect(page.locator("#take")).to_be_visible()
    page.locator("#copy-link").click()
    expect(page.locator("#copy-link")).to_have_text("Link copied")
    page.keyboard.press("Escape")
    expect(page.locator("#take")).to_be_hidden()


def test_without_scripts_all_lenses_stand_in_one_page(visit: Visit):
    page = visit("?lens=all")
    assert shown(page) == list(LENSES)
    assert page.evaluate("document.documentElement.scrollHeight > 3 * innerHeight")


def test_the_timeline_shows_answers_and_memory_and_its_playhead_is_the_cursor(visit: Visit):
    page = visit(OPENING)
    picture = page.get_by_role("img", name=re.compile("^The answer after each word"))
    expect(picture).to_be_visible()
    assert picture.locator("rect").count() == 21
    bands = picture.locator("path[data-hue]")
    assert {bands.nth(k).get_attribute("data-hue") for k in range(bands.count())} == {"1", "2"}
    page.locator("#words button").nth(3).click()
    slider = page.locator("#timestep")
    expect(slider).to_have_attribute("aria-valuetext", "word 4 of 21: Pune")
    word, head = box_of(page, "#words button:nth-child(4)"), box_of(page, ".playhead")
    assert head["x"] == pytest.approx(word["x"], abs=1)
    assert head["y"] <= box_of(page, ".timeline-picture")["y"]
    area = box_of(page, ".timeline-picture")
    page.mouse.move(word["x"] + 5, area["y"] + area["height"] / 2)
    page.mouse.down()
    target = box_of(page, "#words button:nth-child(11)")
    page.mouse.move(target["x"] + 5, area["y"] + area["height"] / 2, steps=4)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuetext", "word 11 of 21: Hyderabad")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_long_sentence_scrolls_in_the_timeline_which_follows_the_cursor(visit: Visit, width: int):
    words = "%20".join(f"w{k}" for k in range(385))
    page = visit(f"{OPENING}&sentence={words}&timestep=200", width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tracks, head = box_of(page, ".tracks"), box_of(page, ".playhead")
    assert tracks["x"] <= head["x"] <= tracks["x"] + tracks["width"] - head["width"]
    page.locator("#timestep").fill("1")
    expect(page.locator("#words button").first).to_be_in_viewport()
    assert box_of(page, ".playhead")["x"] == pytest.approx(tracks["x"], abs=1)


def test_words_are_selected_by_shift_and_let_go_by_escape(visit: Visit):
    page = visit(OPENING)
    said = page.locator("#range")
    expect(said).to_be_hidden()
    page.locator("#words button").nth(10).focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(said).to_contain_text("3 words: “\u2068stay\u2069” to “\u2068Hyderabad\u2069”")
    expect(page.locator("#spoken")).to_have_text(
        "Selected: “\u2068stay\u2069” to “\u2068Hyderabad\u2069”"
    )
    expect(said).to_contain_text("wrote most")
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()
    first, last = (box_of(page, f"#words button:nth-child({k})") for k in (2, 5))
    picture = box_of(page, ".timeline-picture")
    y = picture["y"] + picture["height"] / 2
    at = page.locator("#timestep").input_value()
    page.keyboard.down("Shift")
    page.mouse.move(first["x"] + 5, y)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, y, steps=3)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(said).to_contain_text("4 words: “\u2068live\u2069” to “\u2068but\u2069”")
    assert page.locator("#timestep").input_value() == at
    bracket = box_of(page, ".range")
    assert abs(bracket["x"] - first["x"]) < 2
