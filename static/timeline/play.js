/** Plays the sentence word by word, and in the cell phase by phase, slowly enough to be read. */
import { hasPhases, stepPhase } from "../lenses/cell/phase-control.js";
import { cursorOf } from "../core/store.js";
import { find } from "../ui/dom.js";

/** @typedef {import("../core/types.js").Store} Store */

const WORD = 900; // ms for each word
const PHASE = 1800; // ms for each phase of one

/**
 * Plays to the end. Who prefers less motion gets one word for each press.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {(timestep: number) => void} move
 */
export function mountPlay(root, store, move) {
  const button = find(root, "#play");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;

  const atEnd = () => cursorOf(store.get()).timestep === (store.get().trace?.steps.length ?? 1);

  function stop() {
    clearTimeout(timer);
    timer = 0;
    label();
  }

  const nextWord = () => move(cursorOf(store.get()).timestep + 1);

  /** One phase on; after the last, the next word. */
  function next() {
    if (!hasPhases(store.get())) {
      nextWord();
      return atEnd() ? stop() : wait();
    }
    const { phase } = store.get();
    stepPhase(store, 1);
    if (phase === null || store.get().phase !== null) return wait();
    if (atEnd()) return stop();
    nextWord();
    wait();
  }

  function wait() {
    timer = setTimeout(next, hasPhases(store.get()) && store.get().phase !== null ? PHASE : WORD);
  }

  function label() {
    button.setAttribute("aria-label", timer ? "Pause" : still.matches ? "Next word" : "Play");
    button.dataset.playing = String(timer > 0);
  }

  button.addEventListener("click", () => {
    if (timer) return stop();
    const ended = atEnd() && store.get().phase === null;
    if (still.matches) return ended ? move(1) : nextWord();
    if (ended) move(1);
    if (hasPhases(store.get())) next();
    else wait();
    label();
  });
  still.addEventListener("change", stop);
  store.subscribe(stop, ["sentence", "model"]);
  label();
}
