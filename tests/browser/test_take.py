"""What visitors save: pictures that stand by themselves, and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from struct import unpack
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from .conftest import both

Visit = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<b>Good</b> &nbsp; דברים 今天 👩‍👩‍👧"


def saved(page: Page, button: str, root: str) -> Path:
    """The file that a button gives."""
    with page.expect_download() as download:
        page.locator(root).get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path())


def words_of(picture: ElementTree.Element) -> str:
    """All text of a picture, lines joined by blanks, without marks of direction."""
    lines = " ".join(text for node in picture.iter(f"{SVG}tspan") for text in node.itertext())
    return without_direction(lines)


def without_direction(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def size_of_png(data: bytes) -> tuple[int, int]:
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return unpack(">II", data[16:24])


@both
def test_a_figure_is_saved_with_its_words_on_white_in_whatever_theme(visit: Visit):
    page = visit(f"?sentence={HOSTILE}&theme=dark".replace("&nbsp;", "%26nbsp%3B"))
    figure = "[data-figure=cell]"
    control = page.locator(figure).get_by_role("button", name="Save picture")
    expect(control).to_have_attribute("aria-expanded", "false")
    box = control.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    control.focus()
    page.keyboard.press("Enter")
    picture = ElementTree.fromstring(saved(page, "SVG", figure).read_text("utf-8"))
    ground = picture.find(f"{SVG}rect")
    assert ground is not None
    assert ground.get("fill") == "#ffffff"
    words = words_of(picture)
    assert "three gates around one memory" in words
    assert f"“{HOSTILE}”" in words
    title = page.locator("#model-picker option:checked").inner_text()
    assert f"Model: {title} (random weights, untrained)" in words
    label = page.locator(f"{figure} .plot").get_attribute("aria-label")
    assert label is not None
    assert without_direction(label) in words
    assert "system-ui" not in ElementTree.tostring(picture, "unicode")

    width, height = size_of_png(saved(page, "PNG", figure).read_bytes())
    assert width == 2 * int(picture.get("width", "0"))
    # another font may break a line elsewhere
    assert abs(height - 2 * int(picture.get("height", "0"))) <= 80
    page.keyboard.press("Escape")
    expect(control).to_be_focused()
    expect(page.locator("#cell-formats")).to_be_hidden()


def test_all_panels_come_as_one_picture(visit: Visit):
    page = visit("?sentence=Good Day&timestep=1")
    picture = ElementTree.fromstring(saved(page, "SVG", "#take-pictures").read_text("utf-8"))
    assert len(picture.findall(f"{SVG}svg")) == 8
    words = words_of(picture)
    assert words.startswith("LSTM cell at timestep 1 of 2, “Good” “Good Day” Model:")
    panels = ["Forget gate", "Input gate", "Candidate", "Cell update", "Output gate"]
    for panel in ["The cell", "The sentence, unrolled", *panels, "Hidden state"]:
        assert panel in words
    width, _ = size_of_png(saved(page, "PNG", "#take-pictures").read_bytes())
    assert width == 2 * int(picture.get("width", "0"))


def test_the_numbers_of_the_page_come_as_a_file_and_a_refusal_in_words(visit: Visit, complaints):
    page = visit("?sentence=Good Day&unit=2")
    table = saved(page, "CSV", "#take-data").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    gates = [row for row in rows if row["quantity"] == "forget_gate"]
    assert [(row["timestep"], row["unit"]) for row in gates] == [
        (str(t), str(unit)) for t in (1, 2) for unit in range(3)
    ]
    assert any(row["quantity"].startswith("memory") for row in rows)
    line = page.locator("#take-data [data-line]")
    expect(line).to_have_text("Saved as trace_article_good-day.csv")
    complaints.expected += ["503", "Failed to load"]
    page.route(
        "**/api/step*", lambda route: route.fulfill(status=503, json={"detail": "Too busy."})
    )
    page.locator("#take-data").get_by_role("button", name="NPZ").click()
    expect(line).to_have_text("Too busy.")


def test_a_sentence_that_is_shaded_has_a_picture_too(visit: Visit):
    page = visit("?sentence=Good Day&unit=1&theme=dark")
    part = page.locator("#units")
    part.get_by_role("button", name="Save picture").first.click()
    picture = ElementTree.fromstring(saved(page, "SVG", "#units").read_text("utf-8"))
    words = words_of(picture)
    assert words.startswith("One unit at a time “Good Day” Model: ")
    for word in ("Good", "Day", part.locator(".tinted small").last.inner_text()):
        assert word in words
