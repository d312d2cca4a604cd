/**
 * What the model would say after each word; a click on a word's column moves there.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { predictionFigure } from "../figures/prediction.js";
import { lookAtPrediction } from "../figures/answers.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { mountLook } from "./look.js";
import { mover } from "./scrubber.js";

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
    onMark: ({ timestep }) => move(timestep),
  });
}
