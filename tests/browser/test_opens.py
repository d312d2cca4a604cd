"""Every number the page displays opens what made it, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from .settled import settle
from .test_everyone import draw_all

Visit = Callable[..., Page]

PASS = """async () => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let same = 0, before = ""; same < 10; await wait(100)) { // until nothing more arrives
    const now = `${document.body.scrollHeight} ${document.body.innerText}`;
    same = now === before ? same + 1 : 0;
    before = now;
  }
  for (const button of document.querySelectorAll(".figure-tools > [aria-expanded=false]")) {
    if (button.offsetParent) button.click();
  }
  const panel = document.querySelector("#arithmetic");
  const number = (text) => Number(text.replaceAll(",", "").replace("\\u2212", "-"));
  const faults = [];
  // what is counted over a corpus is no sum of this sentence: its places open on the stage
  document.querySelector("#corpus").hidden = true;
  const lines = [...document.querySelectorAll("#headline p, .look")].filter((p) => p.offsetParent);
  for (const line of lines) {
    for (const { nodeType, data } of line.childNodes) {
      if (nodeType === Node.TEXT_NODE && /\\d(\\.\\d|%)/.test(data)) faults.push(`closed: ${data}`);
    }
    for (const { previousSibling, nextSibling } of line.querySelectorAll(".number")) {
      const free = (node) => node?.nodeType === Node.TEXT_NODE && node.parentNode === line;
      if (free(previousSibling) && previousSibling.data.endsWith("(")) faults.push("a lone (");
      if (free(nextSibling) && /^[.,;:)]/.test(nextSibling.data)) faults.push("a stop may wrap");
    }
  }
  for (const cell of document.querySelectorAll(".numbers td")) {
    const closed = !cell.querySelector("button") && /\\d(\\.\\d|%)/.test(cell.textContent);
    if (closed && cell.offsetParent) {
      faults.push(`closed: ${cell.closest("figure").dataset.figure} ${cell.textContent}`);
    }
  }
  const selector = "#headline .number, .look .number, [data-summary] .number, " +
    "#path-candidate [data-equation] .number, .numbers tr:first-child td:nth-child(2) .number";
  const buttons = () => [...document.querySelectorAll(selector)].filter((one) => one.offsetParent);
  let opened = 0;
  for (const { length } = buttons(); opened < length; opened++) {
    const button = buttons()[opened];
    const said = `${button.textContent} in ${button.parentNode.textContent.slice(0, 60)}`;
    button.focus({ preventScroll: true });
    const { top } = button.getBoundingClientRect();
    button.click();
    const terms = () => [...panel.querySelectorAll("[data-term]")];
    const why = () => panel.querySelector("[data-sum] > p:only-child");
    const title = () => panel.querySelector("h3").textContent;
    const shown = () => !panel.hidden && !/^Fetching/.test(title()) && (terms().length || why());
    for (let k = 0; k < 2000 && !shown(); k++) await wait(10);
    if (!shown()) faults.push(`opens nothing: ${said}`);
    const sum = terms().reduce((all, cell) => all + number(cell.textContent), 0);
    const total = panel.querySelector("[data-sum-total]");
    if (total && Math.abs(sum - number(total.textContent)) > 1e-6) faults.push(`no sum: ${said}`);
    panel.querySelector(".term button")?.click(); // which may choose another unit
    panel.querySelector("[data-close]").click();
    const back = () => !history.state?.back && buttons()[opened] === document.activeElement;
    for (let k = 0; k < 1000 && !back(); k++) await wait(10); // the step back arrives
    await new Promise(requestAnimationFrame); // and what it moves has been drawn
    await new Promise(requestAnimationFrame);
    const same = buttons()[opened];
    if (same !== document.activeElement) faults.push(`leads elsewhere: ${said}`);
    if (Math.abs(same.getBoundingClientRect().top - top) > 2) faults.push(`has moved: ${said}`);
  }
  return { opened, faults };
}"""


def test_every_number_opens_a_sum_that_is_true_and_closing_leads_back_to_it(visit: Visit):
    page = visit("?sentence=I+stay+in+Goa&model=place")
    draw_all(page)
    found = page.evaluate(PASS)
    assert found["faults"] == []
    assert found["opened"] > 40


OVERTAKE = """() => {
  const [first, second] = document.querySelectorAll("#headline .number");
  const closes = document.querySelector("#arithmetic [data-close]");
  first.click();
  closes.click(); // goes back in the history, in the browser's own time
  second.focus();
  second.click(); // before that
}"""


def test_a_number_opened_before_another_has_closed_stays_open_and_closes_by_itself(visit: Visit):
    page = visit("?sentence=I+stay+in+Goa&model=place")
    panel = page.locator("#arithmetic")
    page.locator("#headline .number").nth(1).wait_for()
    address = page.url
    page.evaluate(OVERTAKE)
    page.wait_for_function("history.state?.back === 1")
    settle(page)
    assert panel.is_visible()
    panel.locator("[data-close]").click()
    page.wait_for_function("!history.state?.back")
    page.wait_for_function(
        "document.querySelectorAll('#headline .number')[1] === document.activeElement"
    )
    assert panel.is_hidden()
    assert page.url == address
