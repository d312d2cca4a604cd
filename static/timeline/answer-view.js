/**
 * What the model answers at this word, as bars: the likeliest first. A percentage opens its sum.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { shownCursor } from "../core/store.js";
import { el, find, numberButton, refill } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { answersAt, questionAt } from "./answer-words.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountAnswer(root, store) {
  const title = find(root, "#answer-title");
  const none = find(root, "[data-none]");
  const list = find(root, "[data-bars]");

  function draw() {
    const state = store.get();
    const { trace } = state;
    root.hidden = !trace;
    if (!trace) return;
    const { timestep } = shownCursor(state);
    title.textContent = questionAt(trace, timestep);
    const { bars, note } = answersAt(trace, timestep);
    none.textContent = note;
    none.hidden = !note;
    refill(list, ...bars.map(rowOf));
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "preview"]);
  draw();
}

/** @param {import("./answer-words.js").Bar} bar */
function rowOf({ label, share, text, mark, first }) {
  const fill = el("span", { class: "answer-share" });
  fill.style.setProperty("--share", `${100 * share}%`);
  const number = mark ? numberButton({ text, mark }, "", label) : text;
  const name = el("span", { class: "answer-name" }, el("bdi", {}, label));
  return el("li", { "data-first": first }, name, fill, el("span", { class: "amount" }, number));
}
