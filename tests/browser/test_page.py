"""The page in a real browser. Any console message, page error or foreign request fails a test."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Error, Page, Request, Route, expect

from app import load

from .conftest import both
from .settled import settle

Visit = Callable[..., Page]
PUNE = "I live in Pune but right now I stay in Hyderabad"
SLIDER = "#timestep"


def figures(page: Page) -> list[str]:
    """The figures that have something to show."""
    return page.eval_on_selector_all(
        "[data-figure]",
        "all => all.filter(one => one.checkVisibility()).map(one => one.dataset.figure)",
    )


def bring(page: Page, selector: str) -> None:
    """Scroll there and wait until what stands there is drawn."""
    page.locator(selector).scroll_into_view_if_needed()
    plot = page.locator(f"{selector} .main-svg").first
    plot.wait_for()


# what closes goes back in the history, and then to where it was opened
CLOSED = "document.querySelector('#arithmetic').hidden ? !history.state?.back : true"
REST = """async (plot) => {
  for (let [same, before] = [0, 0]; same < 3; ) {
    plot.scrollIntoView({ block: "center", behavior: "instant" });
    await new Promise(requestAnimationFrame);
    const { top } = plot.getBoundingClientRect();
    same = top === before ? same + 1 : 0;
    before = top;
  }
}"""


PLACE = """(plot, mark) => {
  const hits = plot.data.find((trace) => trace.customdata);
  const at = hits.customdata.findIndex((one) =>
    one && Object.keys(mark).every((key) => one[key] === mark[key]));
  const { left, top } = plot.getBoundingClientRect();
  return [left + hits.x[at], top + hits.y[at]];
}"""
MOST_CLICKS = 5
"""What is drawn or scrolled between a look and a click makes it miss: a visitor looks again."""


def click_mark(page: Page, figure: str, mark: dict[str, object]) -> None:
    """Click on the number of a figure that a mark names, once the page has come to rest."""
    page.wait_for_function(CLOSED)
    plot = page.locator(f"[data-figure={figure}] .plot")
    plot.scroll_into_view_if_needed()
    page.locator(f"[data-figure={figure}] .main-svg").first.wait_for()
    plot.evaluate("(plot) => plot.once('plotly_click', () => (plot.dataset.clicked = 'yes'))")
    clicked = page.locator(f"[data-figure={figure}] .plot[data-clicked]")
    for _ in range(MOST_CLICKS):
        plot.evaluate(REST)
        page.mouse.click(*plot.evaluate(PLACE, mark))
        with suppress(Error):
            clicked.wait_for(state="attached", timeout=2_000)
            break
    assert clicked.count(), f"no click reached {mark} of the figure {figure}"
    plot.evaluate("(plot) => delete plot.dataset.clicked")


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def last_digits(text: str) -> int:
    """A displayed number, counted in units of its fourth decimal."""
    return round(number(text) * 10_000)


def query_of(page: Page) -> dict[str, list[str]]:
    """What the address says, or in a saved page, which has none, its history."""
    query = page.evaluate("history.state?.query ?? location.search")
    return parse_qs(query.removeprefix("?"), keep_blank_values=True)


def test_opens_drawn_with_three_scripts_and_asks_for_nothing_before_the_first_figure(visit: Visit):
    page = visit(alone=True)
    entries = page.evaluate(
        """performance.getEntriesByType("resource").map(({ name, startTime }) =>
          [new URL(name).pathname, startTime])"""
    )
    # what comes after the first figure begins with this module
    (later,) = (start for path, start in entries if path.endswith("/after-first-figure.js"))
    for path, start in entries:
        if path.startswith("/api/") and not path.endswith("/weights"):
            assert start > later, path
    expect(page.locator("#cell .look")).to_contain_text("Day")
    expect(page.locator(SLIDER).first).to_have_attribute("aria-valuetext", "word 2 of 2: Day")
    assert page.locator("input[type=range]").first.get_attribute("id") == "timestep"
    scripts = [path.split("/")[-1] for path, _ in entries if path.endswith(".js")]
    first = set(scripts[: scripts.index("after-first-figure.js")])
    assert first == {"before-first-figure.js", "plotly-cartesian-4.1.1.min.js", "main.js"}
    assert page.locator("html[data-drawing]").count() == 0
    assert (
        page.locator("#own").evaluate("it => getComputedStyle(it).contentVisibility") == "visible"
    )


@both
def test_every_figure_is_drawn_named_and_valid_for_plotly(visit: Visit):
    page = visit()
    for name in figures(page):
        bring(page, f"[data-figure={name}]")
        plot = page.locator(f"[data-figure={name}] .plot")
        expect(plot).to_have_attribute("role", "img")
        assert len(plot.get_attribute("aria-label") or "") > 20
        wrong = plot.evaluate(
            """plot => (Plotly.validate(plot.data, plot.layout) ?? [])
              .filter(({ code }) => ["object", "array", "schema", "value"].includes(code))
              .filter(({ msg }) => !msg.includes("barmode")) // a figure may have no bars
              .map(({ msg }) => msg)"""
        )
        assert wrong == [], name


def test_typing_a_sentence_redraws_everything(visit: Visit):
    page = visit()
    page.get_by_role("textbox", name="Sentence").fill(PUNE)
    expect(page.locator("#cell .look")).to_contain_text("Hyderabad")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 11 of 11: Hyderabad")
    expect(page.locator("#words button")).to_have_count(11)
    assert query_of(page)["sentence"] == [PUNE]
    bring(page, "#model")
    expect(page.locator("#model [data-total]")).to_contain_text("250,142")


@both
def test_keys_and_clicks_move_through_the_words(visit: Visit):
    page = visit(f"?sentence={PUNE}", height=2400)  # with the figure of section 2 on screen
    slider = page.locator(SLIDER).first
    page.keyboard.press("ArrowLeft")  # nothing has the focus
    expect(slider).to_have_attribute("aria-valuetext", "word 10 of 11: in")
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "word 1 of 11: I")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "word 2 of 11: live")
    expect(page.locator("#cell .look")).to_contain_text("live")
    expect(page.locator("#spoken")).to_contain_text("Word 2 of 11: live.")
    expect(page.locator("[data-figure=cell] .plot")).to_have_attribute(
        "aria-label", re.compile("live")
    )
    assert query_of(page)["timestep"] == ["2"]
    page.keyboard.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "word 11 of 11: Hyderabad")
    assert "timestep" not in query_of(page)
    page.get_by_role("button", name="Pune", exact=True).click()
    expect(page.get_by_role("button", name="Pune", exact=True)).to_have_attribute(
        "aria-current", "step"
    )
    expect(page.locator("#cell .look")).to_contain_text("Pune")


@both
def test_play_runs_to_the_end_and_stops(visit: Visit):
    page = visit("?timestep=1")
    page.emulate_media(reduced_motion="no-preference")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 2 of 2: Day")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")


def test_play_takes_one_step_where_less_motion_is_wanted(visit: Visit):
    page = visit(f"?sentence={PUNE}&timestep=1")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Next word")
    page.locator("#play").click()
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 2 of 11: live")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Next word")
    settle(page)  # Play rests at a word for less than a second
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 2 of 11: live")


@both
def test_an_opened_number_adds_up_as_displayed(visit: Visit):
    page = visit()
    trace = load("article").trace("Good Day")
    panel = page.locator("#arithmetic")
    for gate in ("input_gate", "forget_gate", "candidate", "output_gate"):
        click_mark(page, "worked", {"quantity": gate, "timestep": 2, "unit": 1})
        expect(page.locator("#arithmetic-title")).to_contain_text(gate.replace("_", " "))
        expect(panel.locator("[data-sum-total]")).to_be_visible()
        terms = panel.locator("[data-term]").all_inner_texts()
        assert len(terms) >= 9
        total = panel.locator("[data-sum-total]").inner_text()
        assert sum(map(last_digits, terms)) == last_digits(total)
        shown = number(panel.locator(".sum-result b").inner_text())
        assert shown == pytest.approx(getattr(trace, gate)[1, 1], abs=5.1e-5), gate
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


@both
def test_terms_open_in_turn_closing_leads_back_and_tables_open_by_key(visit: Visit):
    page = visit()
    opener = page.locator("#path-hidden_state [data-equation] button").first
    opener.focus()
    page.keyboard.press("Enter")
    title = page.locator("#arithmetic-title")
    expect(title).to_be_focused()
    expect(title).to_contain_text("output gate")
    page.locator("#arithmetic .number", has_text=re.compile(r"\d")).nth(5).click()
    expect(title).to_contain_text("hidden state")
    page.get_by_role("button", name="← Back").click()
    expect(title).to_contain_text("output gate")
    page.keyboard.press("Escape")
    expect(page.locator("#arithmetic")).to_be_hidden()
    expect(opener).to_be_focused()

    # the table behind a figure opens by key, and its numbers open too
    button = page.locator("[data-figure=cell]").get_by_role("button", name="Table of numbers")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    cell = page.locator("#cell-numbers button").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#arithmetic")).to_be_visible()


def test_a_reload_restores_the_state_of_the_address(visit: Visit):
    page = visit(f"?sentence={PUNE}&timestep=4&unit=2&return_sequences=false&theme=dark")

    def state() -> dict[str, object]:
        return {
            "word": page.locator(SLIDER).first.get_attribute("aria-valuetext"),
            "unit": page.locator("#unit").input_value(),
            "sentence": page.locator("#sentence").input_value(),
            "sequences": page.locator("#return_sequences").is_checked(),
            "states": page.locator("#return_state").is_checked(),
            "theme": page.locator("html").get_attribute("data-theme"),
            "look": page.locator("#cell .look").inner_text(),
        }

    before = state()
    assert before["word"] == "word 4 of 11: Pune"
    assert before["unit"] == "2"
    assert (before["sequences"], before["states"]) == (False, True)
    page.reload()
    page.locator("[data-figure=cell] .main-svg").first.wait_for()
    assert state() == before


def test_back_and_forward_step_through_the_sentences(visit: Visit):
    home = "I live in Pune and now stay in Delhi"
    # at a word that is neither its last nor where its answer turns, but the last of the other
    page = visit(f"?sentence={home}&model=place&timestep=7")
    page.locator(".examples summary").click()
    page.get_by_role("button", name=re.compile("film")).click()
    # at the word that turns the answer
    expect(page.locator("#cell .look")).to_contain_text("good")
    page.go_back()
    expect(page.locator("#sentence")).to_have_value(home)
    expect(page.locator("#cell .look")).to_contain_text("stay")
    page.go_forward()
    expect(page.locator("#sentence")).to_have_value("the film was not good at all")
    expect(page.locator("#cell .look")).to_contain_text("good")


@both
def test_a_link_to_a_section_lands_there_and_stays_while_figures_are_drawn(visit: Visit):
    page = visit("?sentence=Good+Day#memory")
    page.locator("#memory .main-svg").first.wait_for()
    bar, section = (page.locator(where).bounding_box() for where in (".head", "#memory"))
    assert bar is not None
    assert section is not None
    assert 0 <= section["y"] - bar["height"] <= 32
    before = page.evaluate("scrollY")
    page.keyboard.press("End")  # and lets go of whoever moves on
    page.wait_for_function("before => scrollY > before + innerHeight", arg=before)
    settle(page)
    assert page.evaluate("scrollY") > before


def test_a_link_within_the_page_keeps_the_word_that_the_page_chose(visit: Visit):
    page = visit("?sentence=I+live+in+Pune+but+now+I+stay+in+Hyderabad+for+good&model=place")
    chosen = page.locator("#words [aria-current]")
    expect(chosen).to_contain_text("Hyderabad")
    page.locator("#lenses a[href='#cell']").click()
    expect(page).to_have_url(re.compile("timestep=10.*#cell"))
    expect(chosen).to_contain_text("Hyderabad")


def test_a_refused_sentence_is_kept_and_the_figures_stay(visit: Visit, complaints):
    complaints.expected.append("status of 422")
    page = visit("?sentence=%3F%21")  # a link that leads to one says why
    expect(page.locator("#status")).to_contain_text("no words left")
    expect(page.locator("#sentence")).to_have_value("?!")
    page.locator("#sentence").fill("Good Day")
    expect(page.locator("#cell .look")).to_contain_text("Day")
    page.locator("#sentence").fill("?!")
    expect(page.locator("#status")).to_contain_text("no words left")
    expect(page.locator("#sentence")).to_have_value("?!")
    expect(page.locator("#sentence")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#cell .look")).to_contain_text("Day")
    page.locator("#sentence").fill("Good night")
    expect(page.locator("#status")).to_be_hidden()
    expect(page.locator("#cell .look")).to_contain_text("night")


def test_a_slow_answer_never_overwrites_a_newer_one(visit: Visit):
    page = visit()
    held: list[Route] = []

    def answer(route: Route, request: Request) -> None:
        sentence = json.loads(request.post_data or "{}").get("sentence")
        held.append(route) if sentence == "slow words" else route.continue_()

    page.route("**/api/step", answer)
    with page.expect_request("**/api/step"):
        page.locator("#sentence").fill("slow words")
    page.locator("#sentence").fill("quick ones")
    expect(page.locator("#cell .look")).to_contain_text("ones")
    assert held
    held[0].continue_()
    settle(page)
    expect(page.locator("#cell .look")).to_contain_text("ones")


def test_a_server_that_is_gone_is_said_and_comes_back_by_itself(visit: Visit, complaints):
    complaints.expected.append("ERR_CONNECTION_REFUSED")
    page = visit()
    page.evaluate(
        """() => {
          window.told = [];
          const spoken = document.querySelector("#spoken");
          const tell = () => window.told.push(spoken.textContent);
          new MutationObserver(tell).observe(spoken, { childList: true });
        }"""
    )
    page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    page.locator("#sentence").fill("Good night")
    expect(page.locator("#status")).to_contain_text("does not answer")
    expect(page.locator("#sentence")).to_have_value("Good night")
    page.wait_for_function("window.told.length > 0")
    with page.expect_request("**/api/step"):
        pass  # another attempt
    settle(page)
    told = [line for line in page.evaluate("window.told") if not line.startswith("Reading")]
    assert len(told) == 1, told  # a busy machine may first say that it reads
    page.unroute("**/api/**")
    expect(page.locator("#cell .look")).to_contain_text("night")
    expect(page.locator("#status")).to_be_hidden()


def test_a_section_that_nobody_answered_comes_by_itself(visit: Visit, complaints):
    complaints.expected.append("ERR_CONNECTION_REFUSED")
    page = visit()
    page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    page.locator("#memory").scroll_into_view_if_needed()
    expect(page.locator("#memory .look")).to_contain_text("Trying again by itself")
    page.unroute("**/api/**")
    expect(page.locator("#memory .look")).to_contain_text("is left")


@both
def test_the_layer_returns_what_the_switches_say_and_its_parameters_are_counted(visit: Visit):
    page = visit()
    bring(page, "#returns")
    shapes = page.locator("#returns [data-shapes]")
    expect(shapes).to_contain_text("(None, 2, 3)")
    page.locator("#return_sequences").uncheck()
    expect(shapes).not_to_contain_text("(None, 2, 3)")
    page.locator("#return_state").uncheck()
    expect(shapes).not_to_contain_text("cell_state")
    expect(page.locator("#returns [data-code=keras]")).to_contain_text("return_sequences=False")
    expect(page.locator("#returns [data-code=pytorch]")).to_contain_text("output[:, -1]")
    assert query_of(page)["return_state"] == ["false"]

    # the summary counts the guide's parameters
    rows = page.locator("#model [data-summary] tr").all_inner_texts()
    counts = [row.split()[-1] for row in rows]
    assert counts == ["250,000", "108", "0", "7"]
    expect(page.locator("#model [data-total]")).to_contain_text("250,115")
    expect(page.locator("#model [data-formula]")).to_contain_text("108")
    page.get_by_role("radio", name=re.compile("PyTorch")).check()
    expect(page.locator("#model [data-formula]")).to_contain_text("120")


@both
def test_a_click_in_a_heatmap_moves_the_cursor_without_drawing_anew(visit: Visit):
    page = visit(f"?sentence={PUNE}")
    bring(page, "[data-figure=glance-cell_state]")
    plot = page.locator("[data-figure=glance-cell_state] .plot")
    box = plot.bounding_box()
    column = plot.locator(".cursor-column").bounding_box()
    assert box is not None
    assert column is not None
    before = plot.evaluate("plot => { window.drawn = plot.querySelector('image'); return true }")
    page.mouse.click(column["x"] - 1.5 * column["width"], column["y"] + 10)
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "word 9 of 11: stay")
    expect(page.locator("#unit")).to_have_value("0")
    page.wait_for_function(
        """([plot, x]) => {
          const moved = plot.querySelector(".cursor-column").getBoundingClientRect();
          return Math.abs(moved.x - x) <= 1;
        }""",
        arg=[plot.element_handle(), column["x"] - 2 * column["width"]],
    )
    assert before
    assert plot.evaluate("plot => window.drawn === plot.querySelector('image')")


@both
def test_a_link_that_names_a_gate_lights_its_path(visit: Visit):
    page = visit()
    shown = "plot => JSON.stringify([plot.data, plot.layout.shapes])"
    plot = page.locator("[data-figure=cell] .plot")
    plain = plot.evaluate(shown)
    page.locator("a[data-lights=forget_gate]").focus()
    same = f"([plot, plain]) => ({shown})(plot) === plain"
    given = [plot.element_handle(), plain]
    page.wait_for_function(same.replace("===", "!=="), arg=given)
    page.locator("#sentence").focus()
    page.wait_for_function(same, arg=given)


def test_copy_link_says_that_it_did_and_the_link_is_the_state(visit: Visit, address: str):
    page = visit("?timestep=1")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#copy-link")).to_have_text("Link copied")
    expect(page.locator("#spoken")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"{address}/?sentence=Good+Day&timestep=1&lens=all"
    )


@both
def test_hidden_sections_are_gone_from_the_page_and_its_contents(visit: Visit):
    page = visit("?hide=why,model")
    expect(page.locator("#why")).to_be_hidden()
    expect(page.locator("#lenses a[href='#model']")).to_be_hidden()
    expect(page.locator("#cell")).to_be_visible()


def test_the_page_wears_the_figures_colours(visit: Visit):
    page = visit("?theme=light")
    for theme in ("light", "dark"):
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        pairs = colours(page, theme)
        assert len(pairs) == 19
        assert [key for key, ours, figures in pairs if ours != figures] == []
        page.locator("#theme").click()


def colours(page: Page, theme: str) -> list[tuple[str, str, str]]:
    """The names of a theme's colours, each with what the style sheet and what the figures use."""
    return page.evaluate(
        """async (name) => {
          const script = document.querySelector("script[type=module]").src;
          const { THEMES } = await import(new URL("core/theme.js", script));
          const { quantity, paper, panel, ink, muted, line, bands, on_band } = THEMES[name];
          const numbered = Object.fromEntries(bands.map((band, k) => [`band-${k + 1}`, band]));
          const wanted = { paper, panel, ink, muted, line, on_band, ...quantity, ...numbered };
          const probe = document.body.appendChild(document.createElement("i"));
          const computed = (value) => {
            probe.style.color = value;
            return getComputedStyle(probe).color;
          };
          return Object.entries(wanted).map(([key, value]) =>
            [key, computed(`var(--${key.replace("_", "-")})`), computed(value)]);
        }""",
        theme,
    )


@pytest.mark.parametrize("sentence", ["Good Day", "W" * 60 + " لا أحب هذا الفيلم أبدا" * 8])
def test_nothing_is_wider_than_the_window(visit: Visit, sentence: str):
    page = visit(f"?sentence={sentence}", width=1920)
    for width in (1920, 1440, 1024, 768, 390, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for name in ("worked", "unrolled", "returns", "matrices"):
            bring(page, f"[data-figure={name}]")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@both
def test_the_bar_stays_in_view_and_covers_no_heading(visit: Visit):
    page = visit()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("location.hash = '#why'")
        page.evaluate("location.hash = '#returns'")
        page.wait_for_function(
            """() => {
              const [bar, heading] = [".head", "#returns h2"].map((one) =>
                document.querySelector(one).getBoundingClientRect());
              return bar.y === 0 && bar.bottom <= heading.y && heading.y < innerHeight;
            }"""
        )


def test_without_scripts_the_words_are_there_and_the_page_says_what_is_missing(
    chromium, address: str
):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/?sentence=Good%20night")
    expect(page.locator("#words")).to_contain_text("night")
    expect(page.locator(".notice")).to_contain_text("need JavaScript")
    expect(page.locator(".notice")).to_be_visible()
    context.close()
