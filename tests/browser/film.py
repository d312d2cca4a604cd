"""Film the cell at work: two steps to the word where the answer turns, then that word's phases.

``python -m tests.browser.film [file]`` remakes docs/word.webp. Nothing depends on how fast this
machine is: what moves is held, and set on by hand from frame to frame.
"""

from __future__ import annotations

import argparse
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from .conftest import launch, serve

FILM = Path(__file__).parents[2] / "docs" / "word.webp"
LARGEST = 1_000_000  # bytes
WIDTH, HEIGHT = 1024, 700
PHASES = 8
STEP_FRAMES, PHASE_FRAMES = range(50, 950, 100), range(120, 900, 130)  # ms of the movement
APART, STAYS = 100, 1400  # ms that a frame is seen: one that moves, one to be read

HOLD = """() => {
  const moving = document.querySelector(".pulses").getAnimations({ subtree: true });
  for (const one of moving) { one.pause(); one.currentTime = 0; }
  return moving.length;
}"""
SETTLED = """() => {
  const moving = document.querySelector(".pulses").getAnimations({ subtree: true });
  return document.getAnimations().every((one) => moving.includes(one));
}"""
SET_ON = """(time) => {
  const moving = document.querySelector(".pulses").getAnimations({ subtree: true });
  for (const one of moving) one.currentTime = time;
}"""
END = """() => {
  const moving = document.querySelector(".pulses").getAnimations({ subtree: true });
  for (const one of moving) one.finish();
}"""

Frame = tuple[Image.Image, int]


def wait_until(page: Page, script: str) -> None:
    """Until a script says so; the page's policy allows no script that waits in it."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(20)
    raise TimeoutError(f"Expected the page to come to this within 4 s: {script}")


def picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def moved(page: Page, key: str, times: range) -> list[Frame]:
    """What a key sets going, and what is there in the end."""
    page.keyboard.press(key)
    wait_until(page, HOLD)
    wait_until(page, SETTLED)
    frames = []
    for time in times:
        page.evaluate(SET_ON, time)
        frames.append((picture(page), APART))
    page.evaluate(END)
    return [*frames, (picture(page), STAYS)]


def film(page: Page) -> list[Frame]:
    """All frames, each with the time that it is seen, in ms."""
    frames = [(picture(page), STAYS)]
    for _ in range(2):
        frames += moved(page, "ArrowRight", STEP_FRAMES)
    for _ in range(PHASES):
        frames += moved(page, ".", PHASE_FRAMES)
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=FILM)
    file = parser.parse_args().file
    with serve() as address, launch() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(f"{address}/?sentence={SENTENCE}&model=place&timestep=9&unit=5")
        page.locator("[data-figure=cell] .main-svg").first.wait_for()
        page.wait_for_load_state("networkidle")
        wait_until(page, SETTLED)
        (first, *others) = film(page)
    first[0].save(
        file,
        save_all=True,
        append_images=[image for image, _ in others],
        duration=[time for _, time in (first, *others)],
        loop=0,
        quality=60,
        method=6,
        minimize_size=True,
    )
    size = file.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{file} should have at most {LARGEST:,} bytes, and has {size:,}.")


SENTENCE = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)

if __name__ == "__main__":
    main()
