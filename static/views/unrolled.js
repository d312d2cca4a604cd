/**
 * The sentence, one cell for each word. A click moves the cursor there, or to another layer.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { lookAtUnrolled } from "../figures/words-unrolled.js";
import { untrainedAnswer } from "../figures/words-origin.js";
import { unrolledFigure } from "../figures/unrolled.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { schedule } from "./frame.js";
import { chooseLayer } from "./layers.js";
import { mountLook } from "./look.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountUnrolled(root, store) {
  mountLook(root, store, lookAtUnrolled);
  mountFigure(find(root, "[data-figure]"), store, {
    build: unrolledFigure,
    keys: ["timestep", "unit", "summary"],
    onMark: (mark, open) =>
      "layer" in mark && mark.layer ? chooseLayer(store, mark.layer) : open(mark),
    previews: ["timestep", "unit"],
  });
  const note = find(root, ".untrained");

  function write() {
    const { trace } = store.get();
    note.textContent = trace ? untrainedAnswer(trace) : "";
    note.hidden = !note.textContent;
  }

  store.subscribe(() => schedule(write), ["trace"]);
  write();
}
