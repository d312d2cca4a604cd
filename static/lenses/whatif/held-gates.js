/**
 * That gates are held: how many, let go by one key, and offered again where they were let go because
 * other words came.
 *
 * @typedef {import("../../core/types.js").Override} Override
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { keepingFactor, keepingValue } from "../../cells/kinds.js";
import { formatOverrides, gatesOf, overrideCount, parseOverrides } from "../../core/overrides.js";
import { cursorOf } from "../../core/store.js";
import { announce } from "../../ui/announce.js";
import { find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";

const TAKES_DELETE = "input, select, textarea, [contenteditable], [role=slider]";

/** Whether pins can be held in a trace. @param {Override[]} pins @param {Trace} trace */
const fit = (pins, trace) =>
  pins.every(
    ({ timestep, gate, unit }) =>
      timestep <= trace.steps.length &&
      gatesOf(trace).includes(gate) &&
      (unit ?? 0) < trace.layer.units,
  );

/**
 * Says that what was held has been let go, because it was for other words, and offers it again.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountDropped(root, store) {
  const note = find(root, "#dropped");
  const text = find(note, "span");
  const back = find(note, "[data-back]");
  back.addEventListener("click", () => store.set({ pins: store.get().dropped, dropped: null }));
  find(note, "[data-close]").addEventListener("click", () => store.set({ dropped: null }));

  function draw() {
    const { dropped, trace, status, standalone } = store.get();
    note.hidden = !dropped;
    if (!dropped || !trace || status === "loading") return;
    const fits = fit(parseOverrides(dropped), trace);
    back.hidden = !fits;
    const why = fits ? "" : " They do not fit what is read now.";
    const others = standalone ? "." : ": they were for other words.";
    text.textContent = `The held gates were released${others}${why}`;
    announce(text.textContent);
  }

  store.subscribe(() => onNextFrame(draw), ["dropped", "trace", "status"]);
  draw();
}

/**
 * Lets all gates go. In a saved page nobody can hold them anew, so it offers to put them back.
 *
 * @param {Store} store
 */
export function letGo(store) {
  const { pins, standalone } = store.get();
  if (!pins) return;
  store.set({ pins: null, dropped: standalone ? pins : null });
  announce("Nothing is held any more.");
}

/**
 * Holds the gate that keeps open for every unit, as if nothing could be forgotten.
 *
 * @param {Store} store
 * @param {"here" | "everywhere"} where at this word, or at all of them
 */
export function holdOpen(store, where) {
  const state = store.get();
  const factor = state.trace && keepingFactor(state.trace);
  if (!state.trace || !factor) return;
  const held = { gate: factor.quantity, unit: null, value: keepingValue(factor) };
  const all = state.trace.steps.map(({ timestep }) => timestep);
  const at = where === "here" ? [cursorOf(state).timestep] : all;
  const pins = at.map((timestep) => ({ timestep, ...held }));
  store.set({ pins: formatOverrides(pins) });
}

/**
 * Says that something is held, wherever one is on the page. One key lets all go.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountHeldGates(root, store) {
  mountDropped(root, store);
  const button = find(root, "#let-go");
  button.addEventListener("click", () => letGo(store));
  document.addEventListener("keydown", (event) => {
    if (!["Delete", "Backspace"].includes(event.key) || event.defaultPrevented) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_DELETE)) return;
    letGo(store);
  });

  function draw() {
    const { trace } = store.get();
    const count = trace ? overrideCount(trace) : 0;
    button.hidden = count === 0;
    find(button, "b").textContent = String(count);
  }

  store.subscribe(() => onNextFrame(draw), ["trace"]);
  draw();
}
