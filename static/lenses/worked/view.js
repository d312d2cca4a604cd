/**
 * One cell with every number written out.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { workedCaption } from "./words.js";
import { workedFigure } from "./figure.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountWorked(root, store) {
  mountCaption(
    root,
    store,
    (trace, cursor, state) => workedCaption(trace, { ...cursor, weights: state.weights }),
    ["weights"],
  );
  mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, { weights }) => workedFigure(trace, { ...options, weights }),
    keys: ["timestep", "unit", "weights"],
    previews: ["unit"],
  });
}
