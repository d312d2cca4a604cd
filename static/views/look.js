/**
 * The line above a figure that says what to look at now.
 *
 * @typedef {import("../types.js").AppState} AppState
 * @typedef {import("../types.js").Store} Store
 * @typedef {import("../types.js").Trace} Trace
 */
import { shownCursor } from "../store.js";
import { find } from "./dom.js";
import { schedule } from "./frame.js";

/**
 * @param {HTMLElement} root holds an element for the line
 * @param {Store} store
 * @param {(trace: Trace, cursor: {timestep: number, unit: number}, state: AppState) => string}
 *   sentence
 * @param {(keyof AppState)[]} [keys] what it depends on besides the trace and the cursor
 */
export function mountLook(root, store, sentence, keys = []) {
  const line = find(root, ".look");

  function draw() {
    const state = store.get();
    const { trace } = state;
    const text = trace ? sentence(trace, shownCursor(state), state) : "";
    if (line.textContent !== text) line.textContent = text;
  }

  store.subscribe(() => schedule(draw), ["trace", "timestep", "unit", "preview", ...keys]);
  draw();
}
