/**
 * The address that gives the page's numbers as JSON.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { wellFormed } from "../../core/inputs.js";
import { PROPS } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountJsonAddress(root, store) {
  const link = /** @type {HTMLAnchorElement} */ (find(root, "[data-example]"));

  function draw() {
    const { sentence, model, reads, trace } = store.get();
    root.hidden = reads.kind === "numbers"; // they are too long for an address
    const asked = trace?.asked;
    const read =
      asked && "token_ids" in asked
        ? `token_ids=${asked.token_ids.join(",")}`
        : `sentence=${encodeURIComponent(wellFormed(sentence))}`;
    const query = [read];
    if (model !== PROPS.model.initial) query.push(`model=${encodeURIComponent(model)}`);
    link.href = `/api/step?${query.join("&")}`;
    link.textContent = link.getAttribute("href");
  }

  store.subscribe(() => onNextFrame(draw), ["sentence", "model", "reads", "trace"]);
  draw();
}
