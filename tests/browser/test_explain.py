"""The sections that explain, in a real browser, on small models of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList

from .conftest import both, serve
from .settled import settle
from .test_page import query_of

Visit = Callable[..., Page]
PUNE = "I live in Pune but now I stay in Hyderabad"
LABELS = ("Pune", "Hyderabad", "Delhi", "not said yet")
WORDS = ("", "?", *sorted({*PUNE.lower().split(), "delhi", "and", "the", "weather", "is", "nice"}))


def model(name: str, cell: str, units: int) -> Model:
    """A small model of the task that the shipped ones have learned; this one has not."""
    random = np.random.RandomState(4)
    layers = (
        Embedding("embedding", random.uniform(-2, 2, (len(WORDS), 4)).astype(np.float32)),
        Recurrent("layer", CELLS[cell], draw_weights(CELLS[cell], 4, units, random), True),
        Dense(
            "dense",
            random.uniform(-3, 3, (units, 4)).astype(np.float32),
            np.zeros(4, np.float32),
            "softmax",
        ),
    )
    kind = {"kind": "trained", "on": "nothing"}
    return Model(name, name, name, kind, Network(layers), WordList.of(WORDS), LABELS)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    models = [
        model("place", "lstm", 5),
        model("place-rnn", "simple_rnn", 5),
        model("gated", "gru", 5),
    ]
    with serve(models) as address:
        yield address


def open_page(visit: Visit, name: str = "place", query: str = "", **options) -> Page:
    return visit(f"?sentence={quote(PUNE)}&model={name}{query}", **options)


def bring(page: Page, section: str, figure: str) -> None:
    """Scroll to a section, wait for what it asks for, and until a figure of it is drawn."""
    page.locator(section).scroll_into_view_if_needed()
    page.locator(f"[data-figure={figure}]").scroll_into_view_if_needed()
    page.locator(f"[data-figure={figure}] .main-svg").first.wait_for()


def plain(text: str) -> str:
    """A sentence without the signs that hold a word's direction."""
    return re.sub("[\u2066-\u2069]", "", text)


def pins_of(page: Page) -> list[dict[str, object]]:
    query = query_of(page)
    return json.loads(query["pins"][0]) if "pins" in query else []


def answer_of(address: str, **request: object) -> dict:
    """What the server says of the sentence, or of another request."""
    body = json.dumps({"sentence": PUNE, "model": "place"} | request).encode()
    asked = Request(f"{address}/api/step", body, {"content-type": "application/json"})
    with urlopen(asked) as answer:
        return json.load(answer)


def predicted(answer: dict) -> tuple[str, str]:
    prediction = answer["prediction"]
    best = int(np.argmax(prediction["probabilities"]))
    return prediction["labels"][best], f"{100 * prediction['probabilities'][best]:.0f}%"


FIGURES = {
    "vanishing": "#why",
    "saturation": "#units",
    "remains": "#memory",
    "ledger": "#memory",
    "scores": "#scores",
}


@both
def test_every_figure_is_drawn_named_tabled_and_valid_for_plotly(visit: Visit):
    page = open_page(visit)
    for figure, section in FIGURES.items():
        bring(page, section, figure)
        check(page, figure)


def check(page: Page, figure: str) -> None:
    plot = page.locator(f"[data-figure={figure}] .plot")
    assert len(plot.get_attribute("aria-label") or "") > 20
    wrong = plot.evaluate(
        """plot => (Plotly.validate(plot.data, plot.layout) ?? [])
          .filter(({ code }) => ["object", "array", "schema", "value"].includes(code))
          .filter(({ msg }) => !msg.includes("barmode")) // a figure may have no bars
          .map(({ msg }) => msg)"""
    )
    assert wrong == []
    page.locator(f"[data-figure={figure}]").get_by_role("button", name="Table of numbers").click()
    assert page.locator(f"#{figure}-numbers tbody tr").count() > 1


@both
def test_the_ledger_on_the_page_is_the_servers_and_its_words_can_be_walked_along(
    visit: Visit, address: str
):
    page = open_page(visit)
    bring(page, "#memory", "ledger")
    z = page.locator("[data-figure=ledger] .plot").evaluate("plot => plot.data[0].z")
    memory = answer_of(address, include=["memory"])["memory"]["magnitude"]
    for t, row in enumerate(z):
        assert row[: t + 1] == pytest.approx(memory[t][1 : t + 2])
        assert row[t + 1 :] == [None] * (len(row) - t - 1)
    page.get_by_label("alone, with signs").check()
    page.locator("[data-figure=ledger]").scroll_into_view_if_needed()
    page.locator("[data-figure=ledger] .plot[aria-label*='unit 0']").wait_for()
    z = page.locator("[data-figure=ledger] .plot").evaluate("plot => plot.data[0].z")
    rows = answer_of(address, include=["memory"], unit=0)["memory"]["contributions"]
    assert z[-1] == pytest.approx(rows[-1][1:], abs=1e-6)

    # the words wear what is left of them, and arrow keys move along
    page.get_by_label("all units, sizes added up").check()
    bring(page, "#memory", "remains")
    words = page.locator("#memory .tinted")
    expect(words).to_have_count(10)
    expect(words.nth(9)).to_contain_text("100%")
    expect(words.nth(3)).to_contain_text(f"{100 * memory[9][4] / memory[3][4]:.0f}%")
    words.nth(9).focus()
    page.keyboard.press("ArrowLeft")
    expect(words.nth(8)).to_be_focused()
    expect(words.nth(9)).to_contain_text("not read yet")
    expect(page.locator("#memory .look")).to_contain_text("After")
    assert "After “in”" in plain(page.locator("#memory .look").inner_text())


def test_the_shaded_word_of_the_cursor_is_in_view_among_hundreds(visit: Visit):
    page = visit(f"?sentence={'word ' * 300}&timestep=150", width=390)
    bring(page, "#units", "saturation")
    box = page.locator("#units .tinted-words").bounding_box()
    word = page.locator("#units .tinted[aria-current]").bounding_box()
    assert box is not None
    assert word is not None
    assert box["height"] < 600
    assert box["y"] < word["y"] < box["y"] + box["height"] - word["height"]


@both
def test_the_scores_add_up_and_a_word_left_out_is_a_rerun(visit: Visit, address: str):
    page = open_page(visit)
    bring(page, "#scores", "scores")
    button = page.locator("[data-figure=scores]").get_by_role("button", name="Table of numbers")
    button.click()
    rows = page.locator("#scores-numbers tbody tr")
    expect(rows.nth(4).locator("td").nth(3)).not_to_be_empty()
    numbers = [
        float(text.replace("\u2212", "-")) for text in rows.nth(4).locator("td").all_inner_texts()
    ]
    full = answer_of(address, include=["attributions", "gradients"])
    words = PUNE.split()
    without = answer_of(
        address,
        sentence=" ".join(words[:3] + words[4:]),
        include=["gradients"],
        label=full["attributions"]["label"],
    )
    assert numbers[0] == pytest.approx(full["attributions"]["scores"][3], abs=6e-5)
    assert numbers[2] == pytest.approx(full["gradients"]["input_dot"][3], abs=6e-5)
    left_out = full["attributions"]["logit"] - without["gradients"]["logit"]
    assert numbers[3] == pytest.approx(left_out, abs=6e-5)
    last = rows.last.locator("td").nth(1).inner_text()
    assert float(last.replace("\u2212", "-")) == pytest.approx(
        full["attributions"]["logit"], abs=6e-5
    )

    # another answer can be explained, and is in the address
    page.get_by_label("For the answer").select_option("Delhi")
    expect(page.locator("#scores .look")).to_contain_text("Delhi")
    assert query_of(page)["label"] == ["Delhi"]


def test_the_question_what_if_is_one_click_and_says_what_is_true(visit: Visit, address: str):
    page = open_page(visit)
    page.locator("#hold").scroll_into_view_if_needed()
    expect(page.locator("#hold .look")).to_contain_text("Nothing is held")
    page.get_by_role("button", name="What if the forget gate").click()
    pins = [{"timestep": 10, "gate": "forget_gate", "unit": None, "value": 1}]
    look = page.locator("#hold .look")
    expect(look).to_contain_text("Had the forget gate stayed open at")
    expect(look).not_to_contain_text("asking")
    assert pins_of(page) == pins
    (before, _), (after, share) = (
        predicted(answer_of(address)),
        predicted(answer_of(address, pins=pins)),
    )
    text = plain(look.inner_text())
    if before == after:
        assert f"the answer stays “{after}”" in text
    else:
        assert f"from “{before}”" in text
        assert f"to “{after}” ({share})" in text
    expect(page.locator("#let-go")).to_contain_text("5 held")
    expect(look).to_contain_text("would be left after")
    bring(page, "#hold", "held")
    check(page, "held")


@both
def test_a_link_with_pins_opens_pinned_and_delete_lets_all_go(visit: Visit):
    pins = quote('[{"timestep":10,"gate":"output_gate","unit":2,"value":0.25}]')
    page = open_page(visit, query=f"&unit=2&pins={pins}")
    gate = page.locator("#path-output_gate")
    gate.scroll_into_view_if_needed()
    expect(gate.locator("[data-equation]")).to_contain_text("held at")
    expect(gate.locator("[data-equation]")).to_contain_text("0.250")
    page.keyboard.press("Delete")
    expect(page.locator("#let-go")).to_be_hidden()
    expect(gate.locator("[data-equation]")).not_to_contain_text("held at")
    assert pins_of(page) == []


def test_a_knob_is_dragged_and_moved_by_keys(visit: Visit):
    page = open_page(visit)
    knob = page.locator("#path-forget_gate .knob").nth(1)
    knob.scroll_into_view_if_needed()
    expect(knob).to_have_attribute("aria-valuetext", re.compile("free"))
    box = knob.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(knob).to_have_attribute("aria-valuetext", re.compile("held"))
    [pin] = pins_of(page)
    assert (pin["timestep"], pin["gate"], pin["unit"]) == (10, "forget_gate", 1)
    held = pin["value"]
    assert isinstance(held, (int, float))
    assert 0 <= held < 1
    expect(knob).to_be_focused()
    page.keyboard.press("End")
    expect(knob).to_have_attribute("aria-valuetext", "1.00, held")
    page.keyboard.press("ArrowLeft")
    expect(knob).to_have_attribute("aria-valuetext", "0.95, held")
    page.keyboard.press("Delete")
    expect(knob).to_have_attribute("aria-valuetext", re.compile("free"))


def test_a_value_is_typed_for_every_word_and_let_go_again(visit: Visit):
    page = open_page(visit)
    hold = page.locator("#hold")
    hold.scroll_into_view_if_needed()
    page.locator("#hold-gate").select_option("candidate")
    page.locator("#hold-unit").select_option("3")
    page.locator("#hold-word").select_option("every word")
    page.locator("#hold-value").fill("-0.5")
    hold.get_by_role("button", name="Hold it").click()
    expect(hold.locator("[data-pins] li")).to_have_count(1)
    expect(hold.locator("[data-pins] li")).to_contain_text("unit 3 at every word: −0.50")
    assert len(pins_of(page)) == 10
    hold.get_by_role("button", name="Release", exact=True).click()
    expect(hold.get_by_role("button", name="Hold it")).to_be_focused()
    expect(page.locator("#let-go")).to_be_hidden()


def test_delete_in_a_text_field_is_only_a_key_but_another_sentence_lets_the_pins_go(visit: Visit):
    pins = quote('[{"timestep":10,"gate":"output_gate","unit":2,"value":0.25}]')
    page = open_page(visit, query=f"&pins={pins}")
    page.locator("#swap-words").focus()
    page.keyboard.press("Delete")
    expect(page.locator("#let-go")).to_be_visible()
    page.locator("#sentence").fill("Good night")
    expect(page.locator("#let-go")).to_be_hidden()
    expect(page.locator("#status")).to_be_hidden()
    assert pins_of(page) == []
    expect(page.locator("#dropped")).to_contain_text("They do not fit what is read now")
    page.locator("#sentence").fill("I stay in Pune but right now I live in Goa")
    page.get_by_role("button", name="Put them back").click()
    expect(page.locator("#let-go")).to_contain_text("1 held")
    expect(page.locator("#dropped")).to_be_hidden()


def test_two_sentences_are_aligned_and_where_they_part_is_said(visit: Visit, address: str):
    page = open_page(visit)
    page.locator("#compare").scroll_into_view_if_needed()
    page.get_by_label("another sentence", exact=True).check()
    other = "I live in Pune and, now I stay in Delhi"
    page.locator("#compare-sentence").fill(other)
    look = page.locator("#compare .look")
    expect(look).to_contain_text("They part at")
    assert "“but” against “and”; until then every state is the same" in plain(look.inner_text())
    bring(page, "#compare", "compare")
    check(page, "compare")
    z = page.locator("[data-figure=compare] .plot").evaluate("plot => plot.data[0].z")
    here = answer_of(address)["steps"]
    there = answer_of(address, sentence="I live in Pune and now I stay in Delhi")["steps"]
    assert [row[3] for row in z] == [0] * 5
    expected = np.subtract(there[9]["hidden_state"], here[9]["hidden_state"])
    assert [row[9] for row in z] == pytest.approx(list(expected), abs=1e-6)
    page.reload()
    page.locator("[data-figure=cell] .main-svg").first.wait_for()
    bring(page, "#compare", "compare")
    expect(page.locator("#compare-sentence")).to_have_value(other)
    expect(page.locator("#compare .look")).to_contain_text("They part at")


@both
def test_another_model_is_compared_in_what_both_have(visit: Visit):
    page = open_page(visit, query="&compare=model,gated")
    bring(page, "#compare", "compare")
    options = page.locator("#compare-quantity option").all_inner_texts()
    assert options == ["candidate", "hidden state"]
    expect(page.locator("#compare-model")).to_have_value("gated")
    expect(page.locator("#compare [data-unlike]")).to_be_visible()
    expect(page.locator("[name=compare-side][value=difference]")).to_be_disabled()


@both
def test_a_link_brings_the_other_sentence_and_the_words_to_try(visit: Visit):
    page = open_page(
        visit, query="&compare=sentence,I%20live%20in%20Delhi%252C%20I%20do&swaps=Delhi"
    )
    bring(page, "#compare", "compare")
    look = page.locator("#compare .look")
    expect(look).to_contain_text("They part at")
    page.get_by_label("nothing", exact=True).check()
    expect(look).to_be_empty()
    page.locator("#timestep").press("ArrowLeft")
    bring(page, "#swaps", "swaps")
    expect(page.locator("#swap-words")).to_have_value("Delhi")
    expect(page.locator("#swaps .look")).to_contain_text("in place of “\u2068in\u2069”")


def test_another_run_here_is_set_against_the_same_run_there(visit: Visit):
    page = open_page(visit, query="&compare=model,article")
    bring(page, "#compare", "compare")
    look = page.locator("#compare .look")
    expect(look).to_contain_text("They part at")
    quantity = page.locator("#compare-quantity")
    quantity.select_option("cell_state")
    page.locator("#model-picker").select_option("place-rnn")
    expect(quantity).to_have_value("hidden_state")
    page.locator("#model-picker").select_option("sentiment")
    expect(look).to_contain_text("Here the answer is “\u2068positive\u2069”")
    expect(quantity).to_have_value("cell_state")


@both
def test_held_is_compared_with_free(visit: Visit):
    pins = quote('[{"timestep":4,"gate":"input_gate","unit":null,"value":0}]')
    page = open_page(visit, query=f"&pins={pins}&compare=free")
    bring(page, "#compare", "compare")
    assert "They part at “Pune”; until then" in plain(page.locator("#compare .look").inner_text())
    page.keyboard.press("Delete")
    expect(page.locator("#hold .look")).to_contain_text("Nothing is held: the answer")
    expect(page.locator("#let-go")).to_be_hidden()


def test_words_are_tried_in_the_place_of_one(visit: Visit, address: str):
    page = open_page(visit)
    swaps = page.locator("#swaps")
    swaps.scroll_into_view_if_needed()
    swaps.get_by_label("Words to try").fill("Delhi, <b>nowhere</b>")
    expect(swaps.locator(".look")).to_contain_text("in place of")
    expect(swaps.locator(".look")).to_contain_text("does not know")
    bring(page, "#swaps", "swaps")
    check(page, "swaps")
    answer = answer_of(address, sentence=PUNE.replace("Hyderabad", "Delhi"))
    label, _ = predicted(answer_of(address))
    share = answer["prediction"]["probabilities"][LABELS.index(label)]
    expect(page.locator("#swaps-numbers tbody tr").nth(1)).to_contain_text(f"{share:.4f}")


def test_a_simple_rnn_says_in_words_what_it_has_not(visit: Visit):
    page = open_page(visit, "place-rnn", drawn="#units .tinted")
    page.locator("#memory").scroll_into_view_if_needed()
    expect(page.locator("#memory .look")).to_contain_text("no ledger to open")
    page.locator("#scores").scroll_into_view_if_needed()
    expect(page.locator("#scores .look")).to_contain_text("no exact shares")
    expect(page.locator("#hold .look")).to_contain_text("no gates")
    expect(page.locator("#hold form")).to_be_hidden()
    expect(page.locator("#paths")).to_contain_text("no forget gate, no input gate, no candidate")
    expect(page.locator("#units .look")).to_contain_text("hidden state")


def test_a_gru_has_a_ledger_scores_and_an_update_gate_to_hold(visit: Visit):
    page = open_page(visit, "gated", drawn="#units .tinted")
    bring(page, "#memory", "ledger")
    expect(page.locator("#memory .look")).to_contain_text("After")
    expect(page.locator("#memory h2 ~ p:visible").first).to_contain_text("every update gate")
    expect(page.locator("#memory .tinted")).to_have_count(10)
    bring(page, "#scores", "scores")
    page.get_by_role("button", name="What if the update gate").click()
    expect(page.locator("#hold .look")).to_contain_text("Had the update gate stayed open")


def test_the_same_words_go_through_both_networks_and_can_be_lengthened(visit: Visit):
    page = open_page(visit)
    bring(page, "#why", "vanishing")
    look = page.locator("#why [data-gradient]")
    expect(look).to_contain_text("words back")
    back = int(look.inner_text().split()[0])
    page.locator("#neutral").focus()
    page.keyboard.press("ArrowLeft")
    expect(look).to_contain_text(f"{back - 1} words back")
    page.locator("#why .updates").scroll_into_view_if_needed()
    expect(page.locator("#why [data-updates] .number")).to_have_count(20)
    lines = page.locator("[data-figure=vanishing] .plot").evaluate("plot => plot.data.length")
    assert lines == 4
    page.locator("#sentence").fill("the weather is nice")
    expect(page.locator("#why [data-example]")).to_be_visible()
    expect(page.locator("#why [data-updates] .number")).to_have_count(8)
    page.locator("#sentence").fill("the weather is bad")  # both read what they read before
    expect(page.locator("#words button").last).to_have_text("bad")
    settle(page)
    expect(page.locator("#why [data-updates] .number")).to_have_count(8)


def test_a_model_without_its_companion_leaves_the_first_section_its_text(visit: Visit):
    page = visit("?sentence=Good%20Day")
    page.evaluate("document.querySelector('#why').scrollIntoView()")
    expect(page.locator("#why h2")).to_be_visible()


def test_nothing_is_asked_for_before_its_section_comes_near(visit: Visit):
    page = open_page(visit, alone=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert not any("memory" in body or "attributions" in body for body in asked)


def test_the_cursor_lies_over_every_figure_of_the_memory_and_moves_with_the_words(visit: Visit):
    page = open_page(visit, query="&timestep=3")
    marks = {"remains": ".cursor-line", "ledger": ".cursor-column", "scores": ".cursor-row"}
    for figure, mark in marks.items():
        section = "#scores" if figure == "scores" else "#memory"
        bring(page, section, figure)
        place = page.locator(f"[data-figure={figure}] .plot {mark}")
        expect(place).to_have_count(1)
        before = place.get_attribute("style")
        page.keyboard.press("ArrowRight")
        expect(place).not_to_have_attribute("style", before or "")


@both
def test_pointing_at_a_word_says_what_three_memories_hold_of_it(visit: Visit):
    page = visit(
        "?model=place&sentence=I%20live%20in%20Pune%20and%20work&timestep=6&lens=memory",
        drawn="#words button",
    )
    page.locator("#why").scroll_into_view_if_needed()
    table = page.locator("[data-memories] table")
    expect(table.locator("tbody")).to_have_count(3)
    look = page.locator("[data-memories] .look")
    expect(look).to_contain_text("Pune")
    table.locator("th[data-timestep='2']").hover()
    expect(look).to_contain_text("live")
    shares = [table.locator("tbody").nth(k).locator("tr").last.locator("td") for k in range(3)]
    percents = [share.all_inner_texts() for share in shares]
    for row in percents:
        assert len(row) == 6
        assert abs(sum(float(one.strip("<>%")) for one in row) - 100) < 4
    expect(table.locator("tbody").nth(2)).to_contain_text("rewrites it all")


@pytest.mark.parametrize("visit", ["served", "saved"], indirect=True)
@pytest.mark.parametrize("name", ["writer", "series"])
def test_what_is_no_sentence_gives_way_to_the_example_of_the_three_memories(visit, name):
    page = visit(f"?model={name}&lens=memory", drawn="#words button")
    page.locator("#why").scroll_into_view_if_needed()
    expect(page.locator("[data-memories] thead th")).to_have_text(["I", "live", "in", "Pune"])
