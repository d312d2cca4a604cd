"""The saved page: from a disk, without a network, with every figure alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.model import Model
from app.export import exported_page
from app.importers import read_model
from app.storage.registry import Registry

from .conftest import read_on
from .settled import next_step

Visit = Callable[..., Page]
Open = Callable[[Path], Page]
PUNE = "I live in Pune but right now I stay in Hyderabad"
STACKED = Path(__file__).parent.parent / "fixtures" / "imports" / "stacked.keras"


@pytest.fixture
def open_file(chromium: Browser) -> Iterator[Open]:
    """Open a file without a network; whatever it complains of or asks for fails the test."""
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    found: list[str] = []

    def open_file(path: Path) -> Page:
        page = context.new_page()
        page.on("console", lambda message: found.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: found.append(f"error: {error}"))
        page.on("request", lambda request: found.append(request.url))
        page.goto(path.as_uri())
        read_on(page)
        return page

    yield open_file
    asked = [one for one in found if not one.startswith(("file:", "data:", "blob:"))]
    context.close()
    assert asked == []


def test_the_page_saved_by_its_button_lives_without_a_server(
    visit: Visit, open_file: Open, tmp_path: Path
):
    page = visit(f"?sentence={PUNE}&model=place&timestep=5&unit=2&theme=light")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save this page").click()
    expect(page.locator("#save-state")).to_contain_text("Saved: lstm-i-live-in-pune-but-right.html")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)

    saved = open_file(path)
    expect(saved.locator("#saved")).to_contain_text("This is a saved page")
    slider = saved.locator("#timestep")
    expect(slider).to_have_attribute("aria-valuetext", "word 5 of 11: but")
    expect(saved.locator("#unit")).to_have_value("2")
    slider.press("End")
    expect(saved.locator("#cell .look")).to_contain_text("Hyderabad")

    saved.locator("#cell [data-equations] button.number").first.click()
    expect(saved.locator("#arithmetic-title")).to_contain_text("unit 2")
    expect(saved.locator("#arithmetic [data-kind]").first).to_be_visible()
    saved.keyboard.press("Escape")

    saved.locator("#memory").scroll_into_view_if_needed()
    expect(saved.locator("#memory .look")).to_contain_text("is left")
    saved.get_by_label("alone, with signs").check()
    expect(saved.locator("#memory .look")).to_contain_text("unit 2")
    saved.locator("#scores").scroll_into_view_if_needed()
    saved.locator("#score-label").select_option("Pune")
    expect(saved.locator("#scores .look")).to_contain_text("for “\u2068Pune\u2069”")
    saved.locator("#why").scroll_into_view_if_needed()
    saved.locator("#neutral").fill("36")
    expect(saved.locator("#why [data-gradient]")).to_contain_text("36 words back")

    for theme in ("dark", "system", "dark"):
        saved.locator("#theme").click()
        expect(saved.locator("html")).to_have_attribute("data-theme", theme)
        next_step(saved)  # what comes within 50 ms is one step
    for _ in range(5):  # the theme three times, the answer that is explained, the slider's End
        saved.go_back()
    expect(saved.locator("#timestep")).to_have_attribute("aria-valuetext", "word 5 of 11: but")
    wrong = saved.locator(".look, [data-sum], #status").filter(has_text="This saved page does not")
    expect(wrong).to_have_count(0)


def test_a_layer_can_be_chosen_in_a_saved_page_of_an_own_model(open_file: Open, tmp_path: Path):
    found = read_model(STACKED.name, memoryview(STACKED.read_bytes()), {})
    model = Model(
        id="stacked",
        title="Two layers",
        description="",
        provenance={"kind": "imported"},
        network=found.network,
        vocabulary=found.vocabulary,
        labels=found.labels or ("0", "1"),
    )
    path = tmp_path / "stacked.html"
    path.write_text(
        exported_page({"model": "stacked", "lens": "all"}, Registry({"stacked": model}))
    )
    page = open_file(path)
    layers = page.locator("#layer option").all_text_contents()
    assert len(layers) > 1
    page.locator("#layer").select_option(layers[1])
    expect(page.locator("body")).to_have_attribute("data-status", "ready")
    expect(page.locator("#model tr.current")).to_contain_text(layers[1])
    page.locator("#memory").scroll_into_view_if_needed()
    expect(page.locator("#memory .look")).to_contain_text("is left")


def test_a_page_that_could_not_be_saved_says_so_and_can_be_saved_again(visit: Visit, complaints):
    complaints.expected.append("503")
    page = visit()
    detail = '{"detail": "Too much at once. Try again."}'
    page.route("**/api/export**", lambda route: route.fulfill(status=503, body=detail))
    button = page.get_by_role("button", name="Save this page")
    button.click()
    expect(page.locator("#save-state")).to_have_text("Not saved. Too much at once. Try again.")
    page.unroute("**/api/export**")
    with page.expect_download():
        button.click()
    expect(page.locator("#save-state")).to_contain_text("Saved:")
