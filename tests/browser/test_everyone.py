"""The page for those who do not see it, do not use a mouse, or see fewer colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import both

Visit = Callable[..., Page]
ROOT = Path(__file__).parent.parent.parent
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
PUNE = "I live in Pune but right now I stay in Hyderabad"
GRAVE = ("serious", "critical")

# a figure is an image, whose parts are told to nobody; which part may not be in one is asked of it
FINDINGS = """async ([where, rules]) => {
  const only = rules ? { runOnly: rules } : {};
  const seen = { include: where, exclude: ".plot[role=img] > *" };
  const { violations } = await axe.run(seen, { resultTypes: ["violations"], ...only });
  return violations.map(({ id, impact, nodes }) => [id, impact, nodes.map((one) => one.html)]);
}"""


def draw_all(page: Page) -> None:
    """Scroll through the page until every figure that has something to show is drawn."""
    for figure in page.locator("main [data-figure]:visible").element_handles():
        figure.evaluate("figure => figure.scrollIntoView({ behavior: 'instant' })")
        page.wait_for_function(
            "figure => !figure.checkVisibility() || figure.querySelector('.main-svg')", arg=figure
        )


def grave(page: Page, where: str = "html", rules: list[str] | None = None) -> list[object]:
    """What axe finds in a part of the page that hinders a reader, by all rules or by some."""
    return [found for found in page.evaluate(FINDINGS, [where, rules]) if found[1] in GRAVE]


def test_axe_finds_nothing_serious_anywhere_on_the_page(visit: Visit):
    page = visit(f"?sentence={PUNE}&theme=light", bypass_csp=True)
    page.evaluate(AXE)
    draw_all(page)
    page.locator("[data-figure=cell]").get_by_role("button", name="Table of numbers").click()
    page.locator("#cell-numbers button").first.click()
    expect(page.locator("#arithmetic")).to_be_visible()
    for theme, rules in (("light", None), ("dark", ["color-contrast"])):
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert grave(page, "html", rules) == []
        page.locator("#help-button").click()
        expect(page.locator("#help")).to_be_visible()
        assert grave(page, "#help", rules) == []
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()
        page.locator("#theme").click()


@both
def test_axe_finds_nothing_serious_on_a_phone(visit: Visit):
    page = visit(f"?sentence={PUNE}", width=390, height=844, bypass_csp=True)
    page.evaluate(AXE)
    page.locator("#more").click()
    draw_all(page)
    assert grave(page) == []


def test_a_walk_through_the_accessibility_tree_makes_sense(visit: Visit):
    page = visit(f"?sentence={PUNE}&timestep=4&unit=1")
    draw_all(page)
    expect(page.locator("body")).to_match_aria_snapshot(
        """
        - link "Skip to the picture"
        - banner "Sentence and controls":
          - heading "LSTM cell visualizer" [level=1]
          - search "Sentence":
            - textbox "Sentence"
          - combobox "Model"
          - link "Share"
          - button "Help"
        - region "Timeline":
          - slider "Timestep": "4"
          - group "Words":
            - button "Pune"
        - navigation "Lenses":
          - list:
            - listitem:
              - link "Cell"
        - main:
          - region "What happens at this word":
            - paragraph: /At “.*Pune.*” the forget gate (drops|stays)/
            - combobox "Unit"
          - region /The answer after/
          - group "Cell":
            - region /The cell/:
              - heading /The cell/ [level=2]
              - paragraph:
                - link "forget gate"
              - paragraph: /At “.*Pune.*” unit 1 keeps/
              - table "The equations of the cell and what they give now"
              - figure:
                - img /LSTM cell at timestep 4 of 11, “.*Pune.*”/
                - button "Table of numbers"
            - region /Six paths/:
              - region /Forget gate/:
                - figure:
                  - img /Bars. the forget gate at “.*Pune.*”/
                - figure:
                  - img /path of the forget gate lit/
            - region /One cell, worked through/:
              - figure:
                - img /One cell worked through at timestep 4, “.*Pune.*”/
          - group "Sentence":
            - region /The sentence, unrolled/:
              - figure:
                - img /The cursor is at (word 4, )?“.*Pune.*”/
            - region /What the layer returns/:
              - group "What the layer returns":
                - checkbox "return_sequences" [checked]
                - checkbox "return_state" [checked]
          - group "Memory":
            - region /Why an LSTM/
          - group "Weights":
            - region /The model/:
              - region "Model summary":
                - table "Model summary"
        - contentinfo
        """
    )

    # headings go down one level at a time
    levels = page.eval_on_selector_all(
        "h1, h2, h3, h4", "all => all.filter((h) => h.checkVisibility()).map((h) => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = pairwise(levels)
    assert all(after <= before + 1 for before, after in steps)


@both
def test_the_keyboard_alone_reads_a_word_opens_a_number_and_comes_back(visit: Visit):
    page = visit(f"?sentence={PUNE}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#unit")).to_have_value("1")
    expect(page.locator("#timestep")).to_have_attribute("aria-valuetext", "word 10 of 11: in")
    opener = page.locator("[data-equations] button").first
    for _ in range(120):
        page.keyboard.press("Tab")
        if opener.evaluate("one => one === document.activeElement"):
            break
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#arithmetic-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


@both
def test_focus_is_seen_wherever_it_goes(visit: Visit):
    page = visit(f"?sentence={PUNE}")
    for _ in range(40):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert (width, style) != ("0px", "none"), page.evaluate(
            "document.activeElement.outerHTML.slice(0, 80)"
        )


def test_a_figure_that_nobody_has_scrolled_to_is_named_by_what_it_shows_now(visit: Visit):
    page = visit("?sentence=Good+Day")
    bars = page.locator("[data-figure=hidden_state-units] .plot")
    expect(bars).to_have_attribute("aria-label", re.compile("at “.*Day"))
    page.locator("#timestep").press("Home")
    expect(bars).to_have_attribute("aria-label", re.compile("at “.*Good"), timeout=20_000)
    expect(bars).not_to_have_class(re.compile("js-plotly-plot"))
