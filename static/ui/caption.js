/**
 * The line above a figure that says what to look at now.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Phrase} Phrase
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("../core/types.js").Trace} Trace
 */
import { shownCursor } from "../core/store.js";
import { plainText } from "../words/sentence.js";
import { find, numberButton, refill, unbroken } from "./dom.js";
import { onNextFrame } from "./animation-frame.js";
import { announce } from "./announce.js";

/** @type {WeakMap<Element, Exclude<Phrase, string>>} what stands in a line */
const written = new WeakMap();

/**
 * Writes a sentence whose numbers open. One that reads as before is left as it is, but for what its
 * numbers open: who listens to it is not told it anew.
 *
 * @param {HTMLElement} line
 * @param {Phrase} sentence
 */
export function write(line, sentence) {
  const parts = typeof sentence === "string" ? [sentence] : sentence;
  const before = written.get(line);
  written.set(line, parts);
  if (before && plainText(before) === plainText(parts)) return;
  const openings = parts.map((part, k) => {
    if (typeof part === "string") return part;
    const current = () => {
      const now = written.get(line)?.[k];
      return typeof now === "object" ? now.mark : part.mark;
    };
    return numberButton({ text: part.text, mark: current });
  });
  refill(line, ...unbroken(openings));
  // what somebody asked for just here; the other lines follow the cursor, which speaks for itself
  const here = line.parentElement?.contains(document.activeElement);
  if ("tells" in line.dataset && here) announce(plainText(parts));
}

/**
 * @param {HTMLElement} root holds an element for the line
 * @param {Store} store
 * @param {(trace: Trace, cursor: {timestep: number, unit: number}, state: AppState) =>
 *   Phrase} sentence
 * @param {(keyof AppState)[]} [keys] what it depends on besides the trace and the cursor
 */
export function mountCaption(root, store, sentence, keys = []) {
  const line = find(root, ".look");

  function draw() {
    const state = store.get();
    const { trace } = state;
    write(line, trace ? sentence(trace, shownCursor(state), state) : "");
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "unit", "preview", ...keys]);
  draw();
}
