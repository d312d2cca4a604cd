/** Plays the sentence word by word. */
import { cursorOf } from "../core/store.js";
import { find } from "../ui/dom.js";

/** @typedef {import("../core/types.js").Store} Store */

const BEAT = 900; // ms for each word while playing

/**
 * Plays word by word to the end. Who prefers less motion gets one word for each press.
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
    clearInterval(timer);
    timer = 0;
    label();
  }

  function next() {
    move(cursorOf(store.get()).timestep + 1);
    if (atEnd()) stop();
  }

  function label() {
    button.setAttribute("aria-label", timer ? "Pause" : still.matches ? "Next word" : "Play");
    button.dataset.playing = String(timer > 0);
  }

  button.addEventListener("click", () => {
    if (timer) return stop();
    if (atEnd()) move(1);
    else if (still.matches) return next();
    if (still.matches || atEnd()) return;
    timer = setInterval(next, BEAT);
    label();
  });
  still.addEventListener("change", stop);
  store.subscribe(stop, ["sentence", "model"]);
  label();
}
