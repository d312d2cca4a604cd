"""Training on the page, the models that come of it, what a model answers, and its card."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from app.jobs.training_run import TrainingPlan, learn, model_of, prepare
from app.storage.names import reading_name

from .conftest import serve
from .one_page import one_page

Visit = Callable[..., Page]
DONE = re.compile("^Done")
SLOW = {"epochs": "200", "examples": "8000"}


def fill(page: Page, source: str, **settings: str) -> None:
    page.locator("#train").scroll_into_view_if_needed()
    page.locator(f"#train [name=source][value={source}]").check()
    for name, value in settings.items():
        page.locator(f"#train [name={name}]").fill(value)


def train(page: Page, source: str, **settings: str) -> None:
    fill(page, source, **settings)
    page.get_by_role("button", name="Train", exact=True).click()


def line(page: Page):
    return page.locator("#train [data-line]")


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def job_of(page: Page) -> str:
    return page.evaluate("localStorage.getItem('lstm-viz.training')")


def model_of_job(page: Page) -> str:
    """What the trained model is read under, which addresses may show: never its owner's name."""
    return reading_name(job_of(page))


@pytest.fixture(autouse=True)
def clear(visit: Visit, address: str):
    """No training outlives its test."""
    yield
    for job in STARTED:
        httpx.delete(f"{address}/api/train/{job}")
    STARTED.clear()


STARTED: list[str] = []


def started(page: Page) -> str:
    """Wait until a training is under way."""
    expect(line(page)).to_contain_text(re.compile(r"Epoch [1-9]"))
    STARTED.append(job_of(page))
    return STARTED[-1]


def test_own_sentences_are_learned_and_the_model_joins_the_list_as_yours(visit: Visit):
    page = visit("?sentence=such a horrible day")
    train(page, "own", epochs="15", title="Moods")
    expect(line(page)).to_contain_text(DONE)
    yours = page.locator("#model-picker optgroup[label=Yours] option")
    expect(yours).to_have_text(["Moods"])
    expect(page.locator("#badge")).to_have_text("trained")
    assert page.locator("#model-picker").input_value() == model_of_job(page)
    expect(page.locator("#prediction .look")).to_contain_text("sad")
    download = page.locator("#train [data-download]")
    expect(download).to_have_attribute("href", f"/api/models/{model_of_job(page)}/file")
    page.reload()
    page.mouse.wheel(0, 100)
    expect(yours).to_have_text(["Moods"])
    expect(line(page)).to_contain_text(DONE)

    # nothing of it is wider than the page
    drawn: str | None = None
    figure = page.locator("[data-figure=train-memory]")
    for width in (1440, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        figure.scroll_into_view_if_needed()
        figure.locator(f".main-svg:not([width='{drawn}'])").first.wait_for()
        drawn = figure.locator(".main-svg").first.get_attribute("width")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_epochs_are_scrubbed_and_every_figure_follows(visit: Visit):
    page = visit("?sentence=such a horrible day")
    train(page, "own", epochs="8", title="Moods")
    expect(line(page)).to_contain_text(DONE)
    slider = page.get_by_role("slider", name="Epoch")
    shown = page.locator("#train .look")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("of 8$"))
    slider.focus()
    page.keyboard.press("Home")
    expect(shown).to_contain_text("Before any training")
    expect(page.locator("#badge")).to_have_text("random weights, untrained")
    plot = page.locator("[data-figure=train-gate] .plot")
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("aria-label", re.compile("forget gate"))
    before = plot.get_attribute("aria-label")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("After epoch 5")
    plot.scroll_into_view_if_needed()  # who looks at the slider may not see the figure
    expect(plot).not_to_have_attribute("aria-label", before or "")
    assert f"model={model_of_job(page)}%405" in page.url
    entries = page.evaluate("history.length")
    page.keyboard.press("ArrowRight")
    expect(shown).to_contain_text("After epoch 6")
    assert page.evaluate("history.length") == entries
    page.locator("#model-picker").select_option("article")
    expect(shown).to_be_hidden()
    page.get_by_role("button", name="Show its gates").click()
    expect(shown).to_contain_text("After epoch 8")


def test_a_training_is_followed_live_and_found_again_after_a_reload(visit: Visit):
    page = visit()
    train(page, "place", **SLOW)
    job = started(page)
    expect(page.locator("#badge")).to_have_text("trained")
    assert page.locator("#model-picker").input_value().startswith(f"{model_of_job(page)}@")
    page.get_by_role("button", name="I live in Pune but right now").last.click()
    expect(page.locator("#words button")).to_have_count(11)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    page.goto(page.url.split("?")[0] + one_page(""))
    page.mouse.wheel(0, 100)  # what stands far down comes when somebody reads on
    expect(line(page)).to_contain_text("Epoch")
    assert job_of(page) == job
    expect(page.locator("#badge")).to_have_text("random weights, untrained")
    page.get_by_role("button", name="Cancel").click()
    expect(line(page)).to_contain_text("Cancelled after epoch")
    expect(page.locator("#spoken")).to_contain_text("Cancelled after epoch")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_focused()
    assert page.get_by_role("slider", name="Epoch").is_visible()


def test_a_training_that_is_over_at_its_first_news_is_shown(visit: Visit, address: str):
    page = visit()

    def once_done(route: Route) -> None:
        job = route.request.url.rsplit("/", 1)[-1]
        while httpx.get(f"{address}/api/train/{job}").json()["state"] != "done":
            time.sleep(0.05)
        route.continue_()

    page.route(re.compile(r"/api/train/[^/]+$"), once_done)
    train(page, "own", epochs="1", title="Moods")
    expect(line(page)).to_contain_text(DONE)
    expect(page.locator("#badge")).to_have_text("trained")
    assert page.locator("#model-picker").input_value() == model_of_job(page)


def test_whoever_looks_at_another_model_is_not_pulled_back(visit: Visit):
    page = visit()
    train(page, "place", **SLOW)
    started(page)
    page.locator("#model-picker").select_option("article")
    for _ in range(3):
        shown = line(page).text_content() or ""
        expect(line(page)).not_to_have_text(shown)
    assert page.locator("#model-picker").input_value() == "article"


def test_a_training_that_the_server_forgot_says_so(visit: Visit, complaints):
    complaints.expected.append("404")
    page = visit()
    page.evaluate("localStorage.setItem('lstm-viz.training', 'forgotten')")
    page.reload()
    page.locator("#train").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    assert job_of(page) is None

    train(page, "place", **SLOW)
    job = started(page)
    lost = {"status": 404, "json": {"detail": "There is no training."}}
    page.route(f"**/api/train/{job}", lambda route: route.fulfill(**lost))
    page.get_by_role("button", name="Cancel").click()
    expect(line(page)).to_contain_text("has been restarted")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_a_connection_that_breaks_is_made_again(visit: Visit, complaints):
    complaints.expected.append("Failed to load resource")
    page = visit()
    broken = [True]

    def once(route: Route) -> None:
        if broken.pop() if broken else False:
            route.fulfill(status=502, body="gone")
        else:
            route.continue_()

    page.route("**/events", once)
    train(page, "own", epochs="10")
    expect(line(page)).to_contain_text(DONE)


def test_what_cannot_be_learned_from_says_why(visit: Visit, complaints):
    complaints.expected.append("422")
    page = visit()
    fill(page, "own")
    problem = page.locator("#train [data-problem]")
    for text, expected in (
        ("a,b\n1,2", "must name the columns text and label"),
        ("text,label\na,x\nb,x", "every one has the label 'x'"),
        ("text,label\na,x\n?!,y", "Sentence 2 has no words"),
    ):
        page.locator("#train-csv").fill(text)
        page.get_by_role("button", name="Train", exact=True).click()
        expect(problem).to_contain_text(expected)
        page.locator("#train-csv").press("End")
        page.keyboard.type(" ")
        expect(problem).to_be_hidden()

    # a file comes into the text box unless it is not UTF-8
    chooser = page.locator("#train [data-only=own] [type=file]")
    chooser.set_input_files(file("latin.csv", "schön".encode("latin-1")))
    expect(page.locator("#train [data-problem]")).to_contain_text("latin.csv is not UTF-8")
    chooser.set_input_files(file("mood.csv", "text,label\nschön,a".encode()))
    expect(page.locator("#train-csv")).to_have_value("text,label\nschön,a")
    expect(page.locator("#train [data-only=own] [data-file-name]")).to_have_text("mood.csv")

    # settings out of bounds are not even sent
    fill(page, "place", units="0")
    page.get_by_role("button", name="Train", exact=True).click()
    assert page.locator("#train [name=units]").evaluate("one => !one.validity.valid")
    assert page.locator("#train [data-line]").count() == 0

    # a full server says so
    complaints.expected.append("429")
    busy = {"status": 429, "json": {"detail": "2 trainings are running and 8 are waiting."}}
    page.route("**/api/train", lambda route: route.fulfill(**busy))
    train(page, "sentiment", units="3")
    expect(page.locator("#train [data-problem]")).to_contain_text("8 are waiting")


def test_the_prediction_follows_the_cursor_and_moves_it(visit: Visit):
    page = visit("?sentence=one two three")
    plot = page.locator("[data-figure=prediction] .plot")
    plot.scroll_into_view_if_needed()
    expect(plot).to_have_attribute("aria-label", re.compile("After “\u2068three\u2069”"))
    page.keyboard.press("ArrowLeft")
    expect(plot).to_have_attribute("aria-label", re.compile("After “\u2068two\u2069”"))
    x, y = plot.evaluate(
        """plot => {
          const hits = plot.data.find((trace) => trace.customdata);
          const at = hits.customdata.findIndex(({ timestep }) => timestep === 1);
          return [hits.x[at], hits.y[at]];
        }"""
    )
    box = plot.bounding_box()
    assert box
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(plot).to_have_attribute("aria-label", re.compile("After “\u2068one\u2069”"))
    expect(page.locator("#prediction .look")).to_contain_text("Its weights are random")


def test_the_badge_opens_the_models_card(visit: Visit, address: str):
    page = visit()
    page.locator("#badge").click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("The guide's model")
    expect(card).to_contain_text("its weights are random")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    train(page, "own", epochs="2", title="Moods")
    expect(line(page)).to_contain_text(DONE)
    page.locator("#badge").click()
    for fact in ("Task", "Data", "Size", "Accuracy", "Limits"):
        expect(card.locator("dt", has_text=fact)).to_be_visible()
    href = card.get_by_role("link", name="Download the model").get_attribute("href")
    file = f"{address}{href}"
    assert httpx.get(file).content[8:24].startswith(b'{"__metadata__"')
    card.get_by_role("button", name="Delete the model").click()
    card.get_by_role("button", name="Delete it for good?").click()
    expect(page.locator("#model-picker optgroup")).to_have_count(0)
    assert page.locator("#model-picker").input_value() == "article"
    assert httpx.get(file).status_code == 404


def test_an_untrained_gate_leads_to_one_that_has_learned(chromium: Browser):
    prepared = prepare(TrainingPlan(title="Where?", grammar="place", examples=100, epochs=1))
    *_, trained = learn(prepared)
    with serve([model_of(prepared, trained, "place")]) as address:
        page = chromium.new_page(reduced_motion="reduce")
        page.goto(f"{address}/{one_page('')}")
        page.locator("[data-figure=cell] .main-svg").first.wait_for()
        telling = page.locator("#telling")
        telling.get_by_role("link").click()
        expect(page.locator("#words [aria-current]")).to_contain_text("Hyderabad")
        expect(page.locator("#badge")).to_have_text("trained")
        expect(telling).to_be_hidden()
        page.locator("#model-picker").select_option("article")
        expect(telling).to_be_visible()

        page.locator(".examples summary").click()
        first = page.locator(".examples button").first
        expect(first).to_contain_text(
            "I live in Pune but right now I stay in Hyderabad. So you can"
        )
        first.click()
        expect(page.locator("#badge")).to_have_text("trained")
        expect(page.locator("#words button")).to_have_count(21)
        page.close()


def test_a_model_that_the_server_has_no_more_leaves_the_list(visit: Visit, complaints):
    complaints.expected.append("404")
    page = visit()
    gone = '[{"id": "no-such-model-any-more", "title": "Gone", "provenance": {"kind": "trained"}}]'
    page.evaluate("text => localStorage.setItem('lstm-viz.models', text)", gone)
    page.reload()
    page.locator("#model-picker").select_option(label="Gone")
    expect(page.locator("#status")).to_contain_text("There is no model 'no-such-model-any-more'")
    expect(page.locator("#model-picker optgroup")).to_have_count(0)


def test_a_text_becomes_a_text_epoch_by_epoch(visit: Visit):
    page = visit()
    train(page, "text", epochs="3", units="8")
    expect(line(page)).to_contain_text("Done.", timeout=60_000)
    expect(page.locator("[data-epochs-title]")).to_have_text("What it writes, epoch by epoch")
    sample, slider = (
        page.locator("[data-sample]"),
        page.locator("#train [data-epochs] [type=range]"),
    )
    expect(sample).to_contain_text("I have a little gard")
    last = sample.inner_text()
    slider.fill("0")
    expect(sample).not_to_have_text(last)
    untrained = sample.evaluate("it => it.textContent")
    expect(page.locator("#sentence")).to_have_value(untrained.replace("\n", "↵"))
    expect(page.locator("#words .word")).to_have_count(len(untrained))


def test_a_series_is_foretold_epoch_by_epoch(visit: Visit):
    page = visit()
    train(page, "series", epochs="2", units="4")
    expect(line(page)).to_contain_text("Done.", timeout=60_000)
    expect(page.locator("[data-epochs-title]")).to_have_text("What it foretells, epoch by epoch")
    expect(page.locator("[data-figure=train-forecast]")).to_contain_text("24 steps")
    expect(page.locator("#words .word")).to_have_count(60)
    expect(page.locator("#train .look")).to_contain_text("with a loss of")
