/**
 * Sections speak of the cell that the layer has. The page is written for an LSTM; where the layer
 * has another cell, what wears `data-words` steps aside for the words that fit that one.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { cellOf, remembers } from "../cells/kinds.js";
import { WORDS } from "../cells/page-words.js";
import { el } from "./dom.js";
import { onNextFrame } from "./animation-frame.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountCellWording(root, store) {
  const places = [...root.querySelectorAll("[data-words]")].map((element) => {
    const own = /** @type {HTMLElement} */ (element);
    const twin = /** @type {HTMLElement} */ (own.cloneNode(false));
    const name = own.dataset.words ?? "";
    twin.removeAttribute("data-words");
    twin.removeAttribute("id");
    twin.hidden = true;
    own.after(twin);
    return { own, twin, name };
  });

  let before = "";

  function draw() {
    const { trace } = store.get();
    if (!trace) return;
    const { words } = cellOf(trace);
    if (words === before) return;
    before = words;
    root.toggleAttribute("data-no-memory", !remembers(trace));
    for (const { own, twin, name } of places) {
      const text = WORDS[words][name];
      own.hidden = text !== undefined;
      twin.hidden = !text;
      const parts = (text ?? "").split(/(\w+_\w+)/); // an argument's name every second
      twin.replaceChildren(...parts.map((part, k) => (k % 2 ? el("code", {}, part) : part)));
    }
  }

  store.subscribe(() => onNextFrame(draw), ["trace"]);
  draw();
}
