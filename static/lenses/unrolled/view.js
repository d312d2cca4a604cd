/**
 * The sentence, one cell for each word. A click moves the cursor there, or to another layer.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { unrolledCaption } from "./words.js";
import { untrainedAnswer } from "../../words/weights-origin.js";
import { unrolledFigure } from "./figure.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { chooseLayer } from "../../bar/layer-picker.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountUnrolled(root, store) {
  mountCaption(root, store, unrolledCaption);
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

  store.subscribe(() => onNextFrame(write), ["trace"]);
  write();
}
