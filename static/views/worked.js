/**
 * One cell with every number written out.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { lookAtWorked } from "../figures/words-worked.js";
import { workedFigure } from "../figures/worked.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { mountLook } from "./look.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountWorked(root, store) {
  mountLook(
    root,
    store,
    (trace, cursor, state) => lookAtWorked(trace, { ...cursor, weights: state.weights }),
    ["weights"],
  );
  mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, { weights }) => workedFigure(trace, { ...options, weights }),
    keys: ["timestep", "unit", "weights"],
    previews: ["unit"],
  });
}
