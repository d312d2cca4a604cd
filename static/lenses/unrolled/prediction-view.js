/**
 * What the model would say after each word. A click on a word's column moves there; a second click,
 * or one on a bar, opens the sum behind the probability.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { foretells } from "../../arithmetic/forecast-error.js";
import { forecastCaption } from "../forecast/words.js";
import { predictionFigure } from "./prediction-figure.js";
import { predictionCaption } from "./prediction-words.js";
import { cursorOf } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { mountCaption } from "../../ui/caption.js";
import { cursorMover } from "../../ui/move-cursor.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPrediction(root, store) {
  const move = cursorMover(store);
  mountCaption(
    root,
    store,
    (trace, cursor, state) =>
      foretells(state) ? forecastCaption(trace) : predictionCaption(trace, cursor),
    ["summary"],
  );
  mountFigure(find(root, "[data-figure]"), store, {
    build: predictionFigure,
    keys: ["timestep"],
    onMark: (mark, open) => {
      const here = mark.timestep === cursorOf(store.get()).timestep;
      if (here || mark.quantity === "sum") open(mark);
      else move(mark.timestep);
    },
  });
}
