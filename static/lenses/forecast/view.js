/**
 * Of a model that foretells numbers: the series, what it foretold of each timestep, and how it goes on
 * when it reads its own forecasts, from the cursor. A visitor draws the series by hand.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { foretells, seriesOf } from "../../arithmetic/forecast-error.js";
import { mountDrawSeries } from "../../bar/draw-series.js";
import { fetchContinuation } from "../../core/api.js";
import { cursorOf } from "../../core/store.js";
import { announceIn } from "../../ui/announce.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { loadWhenVisible } from "../../ui/lazy.js";
import { cursorMover } from "../../ui/move-cursor.js";
import { forecastFigure } from "./figure.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountForecast(root, store) {
  const body = find(root, "[data-forecast]");
  const answers = find(root, "[data-figure=prediction]");
  const steps = body.querySelector("input");
  const move = cursorMover(store);
  /** @type {{from: number, rows: number[][]} | null} its own forecasts, and after which timestep */
  let rolled = null;

  const figure = mountFigure(find(body, "[data-figure]"), store, {
    build: (trace, options, state) => {
      if (!foretells(state)) return null;
      const here = rolled?.from === options.timestep ? rolled.rows : null;
      return forecastFigure(trace, options, here);
    },
    keys: ["timestep", "summary"],
    onMark: ({ timestep }) => timestep <= (store.get().trace?.steps.length ?? 0) && move(timestep),
  });

  function show() {
    const there = foretells(store.get());
    body.hidden = !there;
    answers.hidden = there;
  }
  store.subscribe(show, ["summary", "trace"]);
  show();
  if (!steps) return; // a saved page has no server that would roll it out
  const trouble = find(body, "[data-trouble]");
  mountDrawSeries(find(body, "[data-strokes]"), store);
  const said = find(body, "output");
  const { refresh } = loadWhenVisible(root, store, {
    keys: ["trace", "timestep", "summary"],
    question: (state) => {
      const { trace } = state;
      if (!trace || !foretells(state)) return null;
      const from = cursorOf(state).timestep;
      const inputs = seriesOf(trace).slice(0, from);
      return { model: trace.model.id, inputs, length: Number(steps.value) };
    },
    load: (question, signal) => fetchContinuation(question, signal),
    show: (found, wrong) => {
      const from = cursorOf(store.get()).timestep;
      rolled = found?.outputs ? { from, rows: found.outputs } : null;
      announceIn(trouble, wrong);
      figure.redraw();
    },
  });
  steps.addEventListener("input", () => {
    said.textContent = steps.value;
    refresh();
  });
}
