/**
 * What the model answers at this word, as bars: the likeliest first. A percentage opens its sum.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { shownCursor } from "../core/store.js";
import { el, find, numberButton, refill } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { huesOf } from "./hues.js";
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
    const { labels } = huesOf(trace);
    refill(list, ...bars.map((bar) => rowOf(bar, labels.get(bar.mark?.unit ?? -1) ?? null)));
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "preview"]);
  draw();
}

/** @param {import("./answer-words.js").Bar} bar @param {number | null} hue as the timeline has it */
function rowOf({ label, share, text, mark, first }, hue) {
  const fill = el("span", { class: "answer-share" });
  fill.style.setProperty("--share", `${100 * share}%`);
  const number = mark ? numberButton({ text, mark }, "", label) : text;
  const name = el("span", { class: "answer-name" }, el("bdi", {}, label));
  const marks = { "data-first": first, "data-hue": hue === null ? null : hue + 1 };
  return el("li", marks, name, fill, el("span", { class: "amount" }, number));
}
