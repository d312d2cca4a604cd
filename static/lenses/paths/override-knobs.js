/**
 * A knob at the end of each bar of a gate: dragged, or moved with the arrow keys, it holds the gate
 * at that value, and everything after is computed anew.
 *
 * @typedef {import("../../core/types.js").Gate} Gate
 * @typedef {import("../../core/types.js").Store} Store
 */
import { activationGeometry } from "./activation-figure.js";
import { fixed } from "../../draw/format.js";
import { gatesOf, overrideAt, rangeOf } from "../../core/overrides.js";
import { holdGate, inRange, releaseGate, valueNow } from "../whatif/hold.js";
import { NAMES } from "../../cells/quantities.js";
import { cursorOf, shownCursor } from "../../core/store.js";
import { el } from "../../ui/dom.js";

const PACE = 300; // ms between two questions while a knob is dragged: browsers ration addresses

/** @type {Record<string, number>} */
const KEYS = {
  ArrowLeft: -0.05,
  ArrowDown: -0.05,
  ArrowRight: 0.05,
  ArrowUp: 0.05,
  PageDown: -0.2,
  PageUp: 0.2,
  Home: -2,
  End: 2,
};

/**
 * @param {HTMLElement} host the figure with the bars
 * @param {Store} store
 * @param {Gate} gate
 */
export function mountOverrideKnobs(host, store, gate) {
  const layer = el("div", {
    class: "knobs",
    role: "group",
    "aria-label": `Hold the ${NAMES[gate]}`,
  });
  /** @type {HTMLElement[]} */
  const knobs = [];
  let width = 0;
  let dragged = -1; // the unit
  let timer = 0;

  /** @param {number} unit */
  const placeOf = (unit) => ({ timestep: cursorOf(store.get()).timestep, gate, unit });
  const pin = (/** @type {number} */ unit, /** @type {number} */ value) =>
    holdGate(store, placeOf(unit), value);
  const letGo = (/** @type {number} */ unit) => releaseGate(store, placeOf(unit));

  /** @param {HTMLElement} knob */
  const unitOf = (knob) => Number(knob.dataset.unit);

  function make() {
    const knob = el("div", { class: "knob", role: "slider", "data-own-arrows": true });
    knob.addEventListener("keydown", (event) => {
      const unit = unitOf(knob);
      if (event.key in KEYS) pin(unit, valueNow(store, placeOf(unit)) + KEYS[event.key]);
      else if (event.key === "Delete" || event.key === "Backspace") letGo(unit);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    knob.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      knob.setPointerCapture(event.pointerId);
      dragged = unitOf(knob);
      event.preventDefault();
      knob.focus({ preventScroll: true });
    });
    knob.addEventListener("pointermove", (event) => {
      if (dragged >= 0) drag(knob, event.clientX);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      knob.addEventListener(end, () => {
        dragged = -1;
        clearTimeout(timer);
        timer = 0;
        if (knob.dataset.value) pin(unitOf(knob), Number(knob.dataset.value));
        delete knob.dataset.value;
      });
    }
    knob.addEventListener("dblclick", () => letGo(unitOf(knob)));
    return knob;
  }

  /** @param {HTMLElement} knob @param {number} clientX */
  function drag(knob, clientX) {
    const { trace } = store.get();
    if (!trace) return;
    const { unit } = cursorOf(store.get());
    const at = activationGeometry(trace, { unit, width, quantity: gate });
    const zoom = Number(getComputedStyle(layer).getPropertyValue("--zoom")) || 1;
    const x = (clientX - host.getBoundingClientRect().left) / zoom;
    const value = inRange(gate, at.valueAt(x));
    knob.dataset.value = String(value);
    knob.style.left = `${at.xOf(value)}px`;
    timer ||= setTimeout(() => {
      timer = 0;
      if (dragged >= 0) pin(dragged, Number(knob.dataset.value));
    }, PACE);
  }

  /** @param {number} drawn the figure's width */
  function place(drawn) {
    width = drawn;
    const state = store.get();
    const { trace } = state;
    layer.hidden = !trace || !gatesOf(trace).includes(gate);
    if (!trace || layer.hidden) return;
    if (!layer.isConnected) host.append(layer);
    const { timestep, unit: cursor } = shownCursor(state, host);
    const at = activationGeometry(trace, { unit: cursor, width, quantity: gate });
    while (knobs.length < at.shown.length) knobs.push(make());
    if (layer.childElementCount !== at.shown.length) {
      layer.replaceChildren(...knobs.slice(0, at.shown.length));
    }
    const [low, high] = rangeOf(gate);
    at.shown.forEach((unit, k) => {
      const knob = knobs[k];
      const value = trace.steps[timestep - 1][gate][unit];
      const held = overrideAt(trace, { quantity: gate, timestep, unit }) !== undefined;
      const { text } = trace.tokens[timestep - 1];
      knob.dataset.unit = String(unit);
      knob.classList.toggle("held", held);
      knob.tabIndex = unit === cursor ? 0 : -1;
      knob.style.top = `${at.top + (k + 0.5) * at.row}px`;
      if (unit !== dragged) knob.style.left = `${at.xOf(value)}px`;
      const name = `${NAMES[gate]} of unit ${unit} at ${text}`;
      knob.title = held ? "held; double-click it or press Delete to release it" : "drag to hold it";
      knob.setAttribute("aria-label", name);
      knob.setAttribute("aria-valuemin", String(low));
      knob.setAttribute("aria-valuemax", String(high));
      knob.setAttribute("aria-valuenow", value.toFixed(4));
      knob.setAttribute("aria-valuetext", `${fixed(value)}, ${held ? "held" : "free"}`);
    });
  }

  return { place };
}
