"""`python -m benchmarks.page`: what the page costs a visitor, in headless Chromium on one core.

Cold: what is transferred, and when the first figure is painted, beside a page that has nothing but
the same bundle and the same first figure. The page itself notes the moment: this program hears of
it later, the more so the more the page goes on doing. Warm: one timestep further, to the paint; and
how many frames are dropped while the values of a word travel on the wires of the cell.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, Page, Route, async_playwright

from tests.browser.find_chromium import ARGUMENTS, find_chromium

from .common import machine, print_table
from .http_client import serve
from .http_models import MIDDLE, write_models

ROUNDS, STEPS, MOVES = 9, 60, 9
FIRST = "[data-figure=cell] .main-svg"
BARE = """<!doctype html><link rel="stylesheet" href="{css}"><div id="figure"></div>
<script defer src="{bundle}"></script><script defer src="/bare.js"></script>"""
DRAW = """const figure = %s;
Plotly.newPlot("figure", figure.data, figure.layout, { displayModeBar: false })
  .then(() => document.body.setAttribute("data-figure", "cell"));"""

NOTE = """new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-figure=cell] .main-svg")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
}).observe(document, { subtree: true, childList: true, attributeFilter: ["data-figure"] });"""


async def first_figure(page: Page, address: str) -> float:
    """Milliseconds from asking for the page until its first figure is there and painted."""
    await page.add_init_script(NOTE)
    await page.goto(address, wait_until="commit")
    await page.locator(FIRST).first.wait_for()
    await page.wait_for_load_state("networkidle")
    return await page.evaluate("window.painted")


async def cold(browser: Browser, address: str, bare: dict[str, str] | None) -> tuple[float, int]:
    """A visit with nothing in any cache: the first figure's time, and the bytes transferred."""
    context = await browser.new_context()
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    transferred = 0

    def count(event: dict[str, Any]) -> None:
        nonlocal transferred
        transferred += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", count)
    if bare is not None:

        async def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            kind = "text/javascript" if name.endswith(".js") else "text/html"
            await route.fulfill(body=bare[name], content_type=kind)

        await page.route("**/bare*", answer)
    taken = await first_figure(page, address)
    await context.close()
    return taken, transferred


async def figure_of(page: Page) -> dict[str, Any]:
    """The first figure as Plotly was given it, and the addresses of what it needs."""
    return await page.evaluate(
        """() => { const it = document.querySelector("[data-figure=cell] .js-plotly-plot")
          ?? document.querySelector("[data-figure=cell]");
        return { figure: JSON.stringify({ data: it.data, layout: it.layout }),
          bundle: document.querySelector("script[src*=plotly]").src,
          tree: document.querySelector("script[src*=plotly]").src.split("/vendor/")[0] }; }"""
    )


async def steps(page: Page) -> list[float]:
    """Milliseconds from a key until the timestep that it asked for is painted."""
    return await page.evaluate(
        """async (count) => { const taken = [];
        const scrubber = document.querySelector("input[type=range]");
        for (let n = 0; n < count; n += 1) {
          const start = performance.now();
          scrubber.value = String(2 + (n % 30));
          scrubber.dispatchEvent(new Event("input", { bubbles: true }));
          await new Promise((resolve) => requestAnimationFrame(() =>
            requestAnimationFrame(() => setTimeout(resolve))));
          taken.push(performance.now() - start); }
        return taken; }""",
        STEPS,
    )


async def dropped(page: Page) -> list[int]:
    """Frames that were missed in the second after a step to the next word, for several steps."""
    counts = []
    for _ in range(MOVES):
        counting = page.evaluate(
            """() => new Promise((resolve) => {
              const begun = performance.now();
              let [last, missed] = [begun, 0];
              requestAnimationFrame(function frame() {
                const now = performance.now();
                missed += Math.max(0, Math.round((now - last) / (1000 / 60)) - 1);
                last = now;
                if (now - begun < 1000) requestAnimationFrame(frame);
                else resolve(missed);
              });
            })"""
        )
        counted = asyncio.create_task(counting)
        await page.keyboard.press("ArrowRight")
        counts.append(await counted)
    return counts


async def measure(address: str) -> None:
    """Print both tables."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = await browser.new_page()
        await first_figure(page, address)
        found = await figure_of(page)
        html = BARE.format(css=f"{found['tree']}/ui/plotly.css", bundle=found["bundle"])
        bare = {"bare": html, "bare.js": DRAW % found["figure"]}
        rounds = [
            (await cold(browser, address, None), await cold(browser, f"{address}/bare", bare))
            for _ in range(ROUNDS)
        ]
        shares = [ours[0] / plain[0] for ours, plain in rounds]
        rows = [
            [name, f"{median(r[i][0] for r in rounds):,.0f}", f"{rounds[0][i][1] / 1000:,.0f}"]
            for i, name in enumerate(("**ours**", "bundle and figure alone"))
        ]
        print_table(["cold", "first figure, ms", "transferred, kB"], rows)
        print(f"\nours / bare: {median(shares):.2f}\n")
        words = json.loads(MIDDLE.body)["sentence"].replace(" ", "+")
        await first_figure(page, f"{address}/?model={MIDDLE.model}&sentence={words}")
        taken = sorted(await steps(page))
        points = [taken[int(share * (len(taken) - 1))] for share in (0.5, 0.95, 1)]
        row = [f"one step, {MIDDLE}", *(f"{point:.0f}" for point in points)]
        print_table(["ms", "median", "95 %", "longest"], [row])
        await first_figure(page, f"{address}/?timestep=1")
        lost = sorted(await dropped(page))
        row = ["values of a word travel", f"{median(lost):.0f}", f"{lost[-1]}"]
        print()
        print_table(["frames dropped of 60", "median", "most"], [row])
        await browser.close()


@contextmanager
def server() -> Iterator[str]:
    """Our server with the larger models."""
    with tempfile.TemporaryDirectory() as directory:
        models = {"LSTM_VIZ_MODELS": write_models(Path(directory))}
        with serve("app.main:app", models) as running:
            yield f"http://127.0.0.1:{running.port}"


def main() -> None:
    """Measure and print."""
    print(f"{machine()}\n")
    with server() as address:
        asyncio.run(measure(address))


if __name__ == "__main__":
    main()
