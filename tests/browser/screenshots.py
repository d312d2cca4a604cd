"""Remake the pictures of the page, to be looked at.

``python -m tests.browser.screenshots [directory]`` writes what one sees first, and then section by
section, at four widths in both themes; ``--readme`` remakes docs/screenshot.png alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page

from .conftest import launch, serve

DOCS = Path(__file__).parent.parent.parent / "docs"
SIZES = {1920: 1080, 1440: 900, 768: 1024, 390: 844}
SECTIONS = "main > section:not([hidden])"
PUNE = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)


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


def sections(page: Page, directory: Path) -> None:
    """The first screen, then each section as a whole, once its figures have been drawn."""
    directory.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=directory / "00-first.png")
    for number, name in enumerate(page.eval_on_selector_all(SECTIONS, "all => all.map(x => x.id)")):
        section = page.locator(f"#{name}")
        for figure in section.locator("[data-figure]:visible").all():
            figure.scroll_into_view_if_needed()
            page.wait_for_timeout(100)
        # the bar stays in view: a window as high as the section leaves it above
        size = page.viewport_size
        box = section.bounding_box()
        assert size is not None
        assert box is not None
        page.set_viewport_size({"width": size["width"], "height": int(box["height"]) + 300})
        section.evaluate("it => it.scrollIntoView({ behavior: 'instant' })")
        page.wait_for_timeout(300)
        section.screenshot(path=directory / f"{number + 1:02}-{name}.png")
        page.set_viewport_size(size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=Path("screenshots"))
    parser.add_argument("--readme", action="store_true", help="only docs/screenshot.png")
    options = parser.parse_args()
    with serve() as address, launch() as browser:
        url = f"{address}/?sentence={quote(PUNE)}&model=place"
        if options.readme:
            DOCS.mkdir(exist_ok=True)
            page = open_page(browser, f"{url}&hide=why,invitation", 1360, 1150, "light")
            page.screenshot(path=DOCS / "screenshot.png")
            return
        options.directory.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES.items():
            for theme in ("light", "dark"):
                page = open_page(browser, url, width, height, theme)
                sections(page, options.directory / f"{width}-{theme}")
                page.close()


if __name__ == "__main__":
    main()
