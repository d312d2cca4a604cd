"""Cells other than an LSTM, in a real browser: their own pictures, words and arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import serve
from .test_explain import bring, check, model, open_page

Visit = Callable[..., Page]
CELLS = {
    "gated": "gru",
    "before": "gru_reset_before",
    "place-rnn": "simple_rnn",
    "coupled": "lstm_coupled",
    "minimal": "mgu",
}
FIGURES = {
    "cell": "#cell",
    "hidden_state-cell": "#paths",
    "hidden_state-units": "#paths",
    "worked": "#worked",
    "unrolled": "#unrolled",
    "returns": "#returns",
    "matrices": "#model",
    "glance-hidden_state": "#glance",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    others = [model(name, cell, 5) for name, cell in CELLS.items()]
    with serve([model("place", "lstm", 5), *others]) as address:
        yield address


@pytest.mark.parametrize("name", CELLS)
def test_every_figure_is_drawn_named_tabled_and_valid_for_plotly(visit: Visit, name: str):
    page = open_page(visit, name)
    for figure, section in FIGURES.items():
        bring(page, section, figure)
        check(page, figure)


OPEN_ALL = """async () => {
  const buttons = [...document.querySelectorAll("#cell-numbers tbody button")];
  const panel = document.querySelector("#arithmetic");
  const shut = [];
  for (const button of buttons) {
    panel.querySelector(".sum")?.remove();
    button.click();
    for (let k = 0; k < 2000 && !panel.querySelector(".sum")?.checkVisibility(); k++) {
      await new Promise((done) => setTimeout(done, 10));
    }
    if (!panel.querySelector(".sum")?.checkVisibility()) shut.push(button.textContent);
  }
  return { opened: buttons.length, shut };
}"""


@pytest.mark.parametrize("name", CELLS)
def test_every_number_of_the_cell_opens_its_arithmetic(visit: Visit, name: str):
    page = open_page(visit, name)
    page.locator("[data-figure=cell] button", has_text="Table of numbers").click()
    expect(page.locator("#cell-numbers tbody button").first).to_be_visible()
    found = page.evaluate(OPEN_ALL)
    assert found["shut"] == []
    assert found["opened"] > 5


def test_the_words_and_panels_change_with_the_cell_and_come_back(visit: Visit):
    page = open_page(visit)
    title, paths = page.locator("#cell h2"), page.locator("#paths .path:visible")
    for name, count, words in (
        ("gated", 4, "two gates around one state"),
        ("place-rnn", 1, "no gate"),
        ("coupled", 6, "two gates and a half"),
        ("minimal", 3, "one gate around one state"),
        ("place", 6, "three gates around one memory"),
    ):
        page.locator("select").evaluate_all(
            """(all, id) => {
              const select = all.find((one) => [...one.options].some(({value}) => value === id));
              select.value = id;
              select.dispatchEvent(new Event("change", {bubbles: true}));
            }""",
            name,
        )
        expect(title).to_contain_text(words)
        expect(paths).to_have_count(count)


@pytest.mark.parametrize(("name", "open", "said"), [("coupled", "open", 1), ("minimal", "shut", 0)])
def test_the_gate_that_keeps_is_held_where_it_keeps_everything(visit, name, open, said):
    page = open_page(visit, name)
    hold = page.locator("#hold")
    hold.scroll_into_view_if_needed()
    expect(hold.locator("[data-open-here]")).to_contain_text(f"forget gate had stayed {open}")
    hold.locator("[data-open-all]").click()
    expect(hold.locator(".look")).to_contain_text(f"the forget gate stayed {open} at every word")
    held = page.locator("[data-figure=forget_gate-units] .knob").first
    held.scroll_into_view_if_needed()
    expect(held).to_have_attribute("aria-valuenow", f"{said:.4f}")
    assert page.locator("[data-figure=input_gate-units] .knob:visible").count() == 0


@pytest.mark.parametrize("visit", ["saved"], indirect=True)
@pytest.mark.parametrize("name", ["coupled", "minimal"])
def test_a_saved_page_has_every_section_of_it(visit: Visit, name: str):
    page = open_page(visit, name)
    for figure, section in FIGURES.items():
        bring(page, section, figure)
    for figure in ("remains", "ledger"):
        bring(page, "#memory", figure)


def test_a_cell_is_chosen_trained_and_shown(visit: Visit):
    page = open_page(visit, "place")
    form = page.locator("#train-form")
    form.scroll_into_view_if_needed()
    form.get_by_label("Cell").select_option("mgu")
    form.get_by_role("spinbutton", name="Epochs").fill("1")
    form.get_by_role("spinbutton", name="Sentences").fill("100")
    form.get_by_role("button", name="Train").click()
    expect(page.locator("[data-gates=gate] h4")).to_have_text("Forget gate f", timeout=30_000)
    expect(page.locator("[data-gates=memory] h4")).to_have_text("Hidden state h")
    expect(page.locator("#cell h2")).to_contain_text("one gate around one state")
