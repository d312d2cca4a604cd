/**
 * What the model would say after each word. A click on a word's column moves there; a second click,
 * or one on a bar, opens the sum behind the probability.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { predictionFigure } from "../figures/prediction.js";
import { lookAtPrediction } from "../figures/answers.js";
import { cursorOf } from "../store.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { mountLook } from "./look.js";
import { mover } from "./move-cursor.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPrediction(root, store) {
  const move = mover(store);
  mountLook(root, store, lookAtPrediction);
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
