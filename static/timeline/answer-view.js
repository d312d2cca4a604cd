/**
 * What the model answers at this word, as bars: the likeliest first. A percentage opens its sum.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { withToken } from "../arithmetic/next-token.js";
import { cursorOf, shownCursor } from "../core/store.js";
import { isolate, withBase } from "../draw/text.js";
import { el, find, numberButton, refill } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { huesOf } from "./hues.js";
import { alternativesAt, answersAt, questionAt } from "./answer-words.js";
import { mountWriteOn, temperatureOf } from "./write-on.js";

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
    const next = state.summary?.id === trace.model.id ? state.summary.next : null;
    const temperature = temperatureOf(store);
    const writes = next?.texts ?? null;
    title.textContent = questionAt(trace, timestep, Boolean(next));
    const { bars, note } = writes
      ? { bars: alternativesAt(trace, timestep, writes, temperature, !state.standalone), note: "" }
      : answersAt(trace, timestep);
    none.textContent = note;
    none.hidden = !note;
    const { labels } = huesOf(trace);
    refill(list, ...bars.map((bar) => rowOf(bar, labels.get(bar.mark?.unit ?? -1) ?? null)));
    find(root, "[data-more]").hidden = Boolean(next);
  }

  // a token in place of what the model would draw, and of what stands after it
  list.addEventListener("click", (event) => {
    const taken = /** @type {HTMLElement} */ (event.target).closest("[data-token]");
    const { trace, summary } = store.get();
    if (!taken || !trace || !summary?.next) return;
    const token = /** @type {HTMLElement} */ (taken).dataset.token ?? "";
    const { timestep } = cursorOf(store.get());
    const change = withToken(trace, timestep, token, summary.next);
    store.set({ ...change, timestep: null, arrived: false, open: null });
  });
  const writing = root.querySelector("[data-write-on]"); // a saved page has no server to go on
  if (writing) mountWriteOn(/** @type {HTMLElement} */ (writing), store, draw);
  store.subscribe(() => onNextFrame(draw), ["trace", "summary", "timestep", "preview"]);
  draw();
}

/** @param {import("./answer-words.js").Bar} bar @param {number | null} hue as the timeline has it */
function rowOf({ label, share, text, mark, first, token }, hue) {
  const fill = el("span", { class: "answer-share" });
  fill.style.setProperty("--share", `${100 * share}%`);
  const number = mark ? numberButton({ text, mark }, "", label) : text;
  const marks = { "data-first": first, "data-hue": hue === null ? null : hue + 1 };
  return el("li", marks, nameOf(label, token), fill, el("span", { class: "amount" }, number));
}

/** What can be taken is a button. @param {string} label @param {string} [token] */
function nameOf(label, token) {
  const name = el("bdi", {}, withBase(label));
  if (token === undefined) return el("span", { class: "answer-name" }, name);
  const title = `Take ${isolate(token)}`;
  return el(
    "button",
    { type: "button", class: "answer-name take", "data-token": token, title },
    name,
  );
}
