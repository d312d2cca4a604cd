/** Plays the sentence word by word, and in the cell phase by phase, slowly enough to be read. */
import { stepPhase } from "../lenses/cell/phase-control.js";
import { hasPhases, phaseCount, shownPhase } from "../lenses/cell/shown-phase.js";
import { cellOf } from "../cells/kinds.js";
import { phasesOf } from "../cells/phases.js";
import { cursorOf } from "../core/store.js";
import { phaseWords } from "../inspector/phase-words.js";
import { find } from "../ui/dom.js";
import { plainText } from "../words/sentence.js";

/** @typedef {import("../core/types.js").AppState} AppState */
/** @typedef {import("../core/types.js").Store} Store */

const WORD = 900; // ms for each word
const A_WORD = 240; // ms that a word of a sentence takes to be read
const [LEAST, MOST] = [2200, 5000]; // ms for each phase

/** How long what is said of a phase takes to be read. @param {string} text @returns {number} ms */
export const readingTime = (text) =>
  Math.min(MOST, Math.max(LEAST, A_WORD * text.split(/\s+/).filter(Boolean).length));

/** How long what is shown stays. @param {AppState} state @returns {number} ms */
function stays(state) {
  const { trace } = state;
  const phase = shownPhase(state);
  if (!trace || phase === null) return WORD;
  const { title, says } = phaseWords(trace, phasesOf(cellOf(trace))[phase], cursorOf(state));
  return readingTime(`${title} ${plainText(says)}`);
}

/** Whether all of the word has been shown. @param {AppState} state */
const isWhole = (state) => !hasPhases(state) || shownPhase(state) === phaseCount(state) - 1;

/**
 * Plays to the end. Who prefers less motion gets one word for each press.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {ReturnType<typeof import("../ui/move-cursor.js").cursorMover>} move
 */
export function mountPlay(root, store, move) {
  const button = find(root, "#play");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;
  let advancing = false;

  const atEnd = () => cursorOf(store.get()).timestep === (store.get().trace?.steps.length ?? 1);

  function stop() {
    clearTimeout(timer);
    timer = 0;
    label();
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(next, stays(store.get()));
  }

  /** A word from its first phase on. @param {number} timestep */
  const begin = (timestep) =>
    move(timestep, { phase: hasPhases({ ...store.get(), timestep }) ? 0 : null });

  /** One phase on; after the last, the next word. */
  function next() {
    advancing = true;
    if (!isWhole(store.get())) stepPhase(store, 1);
    else if (!atEnd()) begin(cursorOf(store.get()).timestep + 1);
    else store.set({ phase: null });
    advancing = false;
    if (atEnd() && shownPhase(store.get()) === null) stop();
    else wait();
  }

  function label() {
    button.setAttribute("aria-label", timer ? "Pause" : still.matches ? "Next word" : "Play");
    button.dataset.playing = String(timer > 0);
  }

  button.addEventListener("click", () => {
    if (timer) return stop();
    const ended = atEnd() && shownPhase(store.get()) === null;
    if (still.matches) return move(ended ? 1 : cursorOf(store.get()).timestep + 1);
    if (ended) begin(1);
    else if (hasPhases(store.get())) stepPhase(store, 1);
    wait();
    label();
  });
  still.addEventListener("change", stop);
  store.subscribe(stop, ["sentence", "model"]);
  // a key always wins: who goes through the phases goes on alone, and a word that is gone to plays on
  store.subscribe(
    (state, before) => {
      if (!timer || advancing) return;
      if (state.timestep !== before.timestep) wait();
      else if (state.phase !== before.phase) stop();
    },
    ["timestep", "phase"],
  );
  label();
}
