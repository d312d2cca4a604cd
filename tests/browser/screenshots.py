"""Remake the pictures of the page, to be looked at.

``python -m tests.browser.screenshots [directory]`` writes every lens at five widths in both themes;
``--readme`` remakes docs/screenshot.png alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from playwright.sync_api import Browser, Page

from .conftest import launch, serve

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RESULTS = ROOT / "test-results" / "screenshots"
SIZES = {1920: 1080, 1440: 900, 1024: 700, 768: 1024, 390: 844}
LENSES = [lens["id"] for lens in json.loads((ROOT / "static" / "lenses.json").read_text("utf-8"))]


def open_page(browser: Browser, url: str, width: int, height: int, theme: str) -> Page:
    """A page with the figures drawn that one sees."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(url)
    page.locator("#timeline").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=RESULTS)
    parser.add_argument("--readme", action="store_true", help="only docs/screenshot.png")
    options = parser.parse_args()
    with serve() as address, launch() as browser:
        if options.readme:
            DOCS.mkdir(exist_ok=True)
            page = open_page(browser, f"{address}/", 1440, 900, "light")
            page.locator("[data-figure=cell] .main-svg").first.wait_for()
            page.screenshot(path=DOCS / "screenshot.png")
            return
        for width, height in SIZES.items():
            for theme in ("light", "dark"):
                folder = options.directory / f"{width}-{theme}"
                folder.mkdir(parents=True, exist_ok=True)
                for lens in LENSES:
                    page = open_page(browser, f"{address}/?lens={lens}", width, height, theme)
                    page.screenshot(path=folder / f"{lens}.png")
                    page.close()


if __name__ == "__main__":
    main()
