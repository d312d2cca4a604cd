/**
 * The order of computation: a small scale on the stage, and the keys full stop and comma, go through
 * the phases of the word; at its end all of the cell is shown.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { cellOf } from "../../cells/kinds.js";
import { phasesOf } from "../../cells/phases.js";
import { cursorOf } from "../../core/store.js";
import { phaseWords } from "../../inspector/phase-words.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { el } from "../../ui/dom.js";
import { hasPhases, phaseCount, shownPhase } from "./shown-phase.js";

const TAKES_KEYS = "input, select, textarea, [contenteditable], dialog";

/** @type {Record<string, number>} */
const KEYS = { ".": 1, ",": -1 };

/** One phase on or back; null, all of the cell, lies beyond both ends. @param {Store} store
 * @param {number} by */
export function stepPhase(store, by) {
  const count = phaseCount(store.get());
  const phase = shownPhase(store.get());
  const next = phase === null ? (by > 0 ? 0 : count - 1) : phase + by;
  store.set({ phase: next < 0 || next >= count ? null : next });
}

/**
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function phaseControl(store) {
  const scale = el("input", { type: "range", min: 0, step: 1, "aria-label": "Phase of the word" });
  const back = el(
    "button",
    { type: "button", "aria-label": "The phase before", title: "," },
    "\u2039",
  );
  const on = el("button", { type: "button", "aria-label": "The next phase", title: "." }, "\u203a");
  const caption = el("span", { class: "phase-caption" });
  const control = el(
    "div",
    { class: "phases", role: "group", "aria-label": "The order of computation" },
    caption,
    back,
    scale,
    on,
  );
  control.toggleAttribute("data-left-out", store.get().hide.includes("phases"));

  function draw() {
    const state = store.get();
    control.hidden = !hasPhases(state);
    if (!state.trace) return;
    const phases = phasesOf(cellOf(state.trace));
    const phase = shownPhase(state);
    scale.max = String(phases.length);
    scale.value = String(phase ?? phases.length);
    const words = phase === null ? null : phaseWords(state.trace, phases[phase], cursorOf(state));
    const text = words ? `${Number(phase) + 1}. ${words.title}` : "step by step";
    caption.textContent = text;
    caption.toggleAttribute("data-idle", !words);
    scale.setAttribute("aria-valuetext", words ? text : "all of the cell");
  }

  back.addEventListener("click", () => stepPhase(store, -1));
  on.addEventListener("click", () => stepPhase(store, 1));
  scale.addEventListener("input", () => {
    const phase = Number(scale.value);
    store.set({ phase: phase >= phaseCount(store.get()) ? null : phase });
  });
  document.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_KEYS)) return;
    if (!hasPhases(store.get())) return;
    event.preventDefault();
    stepPhase(store, by);
  });
  // another word, model or picture is shown whole; playing says itself which phase comes next
  store.subscribe(
    (state, before) => {
      if (state.phase === null || state.phase !== before.phase) return;
      const nearer = state.trace === before.trace && state.timestep === before.timestep;
      if (!nearer || !hasPhases(state)) store.set({ phase: null });
    },
    ["timestep", "trace", "depth", "lens"],
  );
  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "phase", "depth", "lens"]);
  draw();
  return control;
}
