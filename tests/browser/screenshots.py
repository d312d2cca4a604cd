"""Remake the pictures of the page, to be looked at.

``python -m tests.browser.screenshots [directory]`` writes the whole page at three widths in both
themes; ``--readme`` remakes docs/screenshot.png alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from .conftest import launch, serve

DOCS = Path(__file__).parent.parent.parent / "docs"
SIZES = {1440: 900, 768: 1024, 390: 844}
PUNE = "I live in Pune but right now I stay in Hyderabad"


def open_page(
    browser: Browser, url: str, width: int, height: int, theme: str, scale: int = 1
) -> Page:
    """A page with its first figures drawn."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(url)
    page.locator("[data-figure=cell] .main-svg").first.wait_for()
    page.wait_for_timeout(500)
    return page


def whole(page: Page, path: Path) -> None:
    """The page from top to bottom, once everything has come into view and been drawn."""
    for figure in page.locator("[data-figure]:visible").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".main-svg").first.wait_for()
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.wait_for_timeout(300)
    page.screenshot(path=path, full_page=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=Path("screenshots"))
    parser.add_argument("--readme", action="store_true", help="only docs/screenshot.png")
    options = parser.parse_args()
    with serve() as address, launch() as browser:
        url = f"{address}/?sentence={quote(PUNE)}&unit=1"
        if options.readme:
            DOCS.mkdir(exist_ok=True)
            page = open_page(browser, url, 1360, 1150, "light")
            page.screenshot(path=DOCS / "screenshot.png")
            return
        options.directory.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES.items():
            for theme in ("light", "dark"):
                page = open_page(browser, url, width, height, theme)
                whole(page, options.directory / f"page-{width}-{theme}.png")
                page.close()


if __name__ == "__main__":
    main()
