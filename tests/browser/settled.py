"""When a page has done what it had to do: a state to wait for, however busy the machine is."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

WATCH = """(() => {
  const SHORT = 1000; // ms: who waits longer only tries again, or takes back what it has said
  const under_way = new Set();
  const { setTimeout, clearTimeout, requestIdleCallback, fetch } = window;
  window.setTimeout = (run, ms = 0, ...given) => {
    const timer = setTimeout((...given) => {
      under_way.delete(timer);
      run(...given);
    }, ms, ...given);
    if (ms <= SHORT) under_way.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    under_way.delete(timer);
    clearTimeout(timer);
  };
  window.requestIdleCallback = (run, options) => {
    const key = {};
    under_way.add(key);
    return requestIdleCallback((deadline) => {
      under_way.delete(key);
      run(deadline);
    }, options);
  };
  const until = (promise) => {
    under_way.add(promise);
    const over = () => under_way.delete(promise);
    promise.then(over, over);
    return promise;
  };
  window.fetch = async (...given) => {
    const answer = await until(fetch(...given));
    for (const name of ["json", "text", "blob", "arrayBuffer"]) {
      const read = answer[name].bind(answer);
      answer[name] = () => until(read());
    }
    return answer;
  };
  let still = 0;
  window.restFrom = () => (still = 0);
  window.isAtRest = () => {
    still = under_way.size === 0 && document.readyState === "complete" ? still + 1 : 0;
    return still > 3; // frames, in which observers are told and figures are drawn
  };
})()"""
"""What a window runs before each page: it counts timers, idle tasks and requests under way."""


def settle(page: Page) -> None:
    """Wait until nothing more is asked for, about to be drawn, or put off for a moment."""
    page.evaluate("() => restFrom()")
    page.wait_for_function("() => isAtRest()")


def next_step(page: Page) -> None:
    """Let the page's clock move on by what makes two changes two steps of the history."""
    page.wait_for_function("since => Date.now() - since > 60", arg=page.evaluate("Date.now()"))


def next_click(plot: Locator) -> None:
    """Wait until a click in a figure is another one, and not the second half of a double click."""
    plot.page.wait_for_function(
        "plot => Date.now() - plot._mouseDownTime > plot._context.doubleClickDelay",
        arg=plot.element_handle(),
    )
