"""Plotly under our policy: its own style rules are forbidden, and ours must do their work."""

from pathlib import Path

import pytest

from app.web.middleware.headers import content_security_policy

STATIC = Path(__file__).parent.parent.parent / "static"
FILES = {
    "/plotly.js": STATIC / "vendor" / "plotly-cartesian-4.1.1.min.js",
    "/plotly.css": STATIC / "ui" / "plotly.css",
}
STRICT = """<!doctype html><title>strict</title><link rel="icon" href="data:,">
<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="/plotly.css">
<script src="/plotly.js"></script><div id="figure"></div>"""
LENIENT = '<!doctype html><title>lenient</title><script src="/plotly.js"></script>'

DRAW = """async () => {
  const layout = { width: 300, height: 200, annotations: [{ x: 0, y: 0, text: "<b>bold</b>" }] };
  await Plotly.newPlot("figure", [{ type: "heatmap", z: [[0, 1], [1, 0]] }], layout);
  await Plotly.toImage("figure", { format: "png" });
  const image = document.querySelector(".heatmaplayer image");
  return getComputedStyle(image).imageRendering;
}"""
RULES = """(sheet) => [...sheet.cssRules].map((rule) => {
  const properties = [...rule.style].filter((name) => name !== "font-family");
  return [rule.selectorText, ...properties.map((name) => name + ":" + rule.style[name])];
})"""


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


def open_page(page, html, headers):
    def answer(route):
        path = "/" + route.request.url.rpartition("/")[2]
        if path in FILES:
            route.fulfill(path=FILES[path])
        else:
            route.fulfill(body=html, content_type="text/html", headers=headers)

    page.route("http://page.test/**", answer)
    page.goto("http://page.test/")


def test_heatmap_keeps_its_sharp_blocks_and_breaks_no_rule_of_the_policy(page):
    policy = {"Content-Security-Policy": content_security_policy()}
    open_page(page, STRICT, policy)
    assert page.evaluate(DRAW) == "pixelated"
    assert page.complaints == []


def test_our_style_sheet_holds_every_rule_of_the_bundle_in_its_order(page):
    open_page(page, LENIENT, {})
    style = "document.getElementById('plotly.js-style-global').sheet"
    theirs = page.evaluate(f"({RULES})({style})")
    open_page(page, STRICT, {})
    ours = page.evaluate(f"({RULES})({style})")
    assert len(theirs) > 50
    wanted = [rule for rule in theirs if "plotly-cloud-dialog" not in rule[0]]
    assert [rule for rule in ours if "heatmaplayer" not in rule[0]] == wanted
