/**
 * What the stretch of words does that is selected on the timeline.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { onNextFrame } from "../ui/animation-frame.js";
import { write } from "../ui/caption.js";
import { find } from "../ui/dom.js";
import { rangeName, rangeSays } from "./range-words.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountRange(root, store) {
  function draw() {
    const { trace, range } = store.get();
    const shown = trace && range && range.to <= trace.steps.length;
    root.hidden = !shown;
    if (!shown) return;
    find(root, "[data-name]").textContent = rangeName(trace, range);
    write(find(root, "[data-says]"), rangeSays(trace, range));
  }

  find(root, "[data-close]").addEventListener("click", () => store.set({ range: null }));
  store.subscribe(() => onNextFrame(draw), ["trace", "range"]);
  draw();
}
