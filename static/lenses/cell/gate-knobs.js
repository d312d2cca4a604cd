/**
 * A knob under each gate in the picture: moved, it holds that gate of the chosen unit at this word, and
 * everything after is computed anew. It lies over the figure, and the figure does not move for it.
 *
 * @typedef {import("../../core/types.js").Figure} Figure
 * @typedef {import("../../core/types.js").Gate} Gate
 * @typedef {import("../../core/types.js").Store} Store
 */
import { NAMES } from "../../cells/quantities.js";
import { gatesOf, overriddenValue, parseOverrides, rangeOf } from "../../core/overrides.js";
import { cursorOf } from "../../core/store.js";
import { fixed } from "../../draw/format.js";
import { el } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { holdGate, releaseGate, valueNow } from "../whatif/hold.js";
import { shownDepth } from "./depths.js";
import { knobPlace } from "./knob-places.js";

const PACE = 300; // ms between two questions while a knob is moved: browsers ration addresses

/** @typedef {{element: HTMLElement, input: HTMLInputElement, release: HTMLElement}} Knob */

/**
 * @param {HTMLElement} host the figure
 * @param {Store} store
 * @returns {{place: (figure: Figure, plot: HTMLElement) => void}}
 */
export function mountGateKnobs(host, store) {
  const layer = el("div", { class: "gate-knobs", role: "group", "aria-label": "Hold a gate" });
  /** @type {Map<Gate, Knob>} */
  const knobs = new Map();
  let timer = 0;
  host.append(layer);

  /** @param {Gate} gate */
  const placeOf = (gate) => ({ ...cursorOf(store.get()), gate });

  /** @param {Gate} gate @returns {Knob} */
  function knobOf(gate) {
    const [min, max] = rangeOf(gate);
    const input = el("input", { type: "range", min, max, step: 0.01 });
    const release = el("button", { type: "button", hidden: true, title: "release it" }, "\u00d7");
    const element = el("span", { class: `gate-knob ${gate}` }, input, release);
    const hold = () => {
      clearTimeout(timer);
      timer = 0;
      holdGate(store, placeOf(gate), Number(input.value));
    };
    const letGo = () => {
      clearTimeout(timer);
      timer = 0;
      releaseGate(store, placeOf(gate));
      input.focus({ preventScroll: true });
    };
    input.addEventListener("input", () => (timer ||= setTimeout(hold, PACE)));
    input.addEventListener("change", hold);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      letGo();
    });
    element.addEventListener("dblclick", (event) => event.stopPropagation());
    release.addEventListener("click", letGo);
    knobs.set(gate, { element, input, release });
    layer.append(element);
    return /** @type {Knob} */ (knobs.get(gate));
  }

  function write() {
    const { trace, pins } = store.get();
    if (!trace) return;
    const { timestep, unit } = cursorOf(store.get());
    const held = parseOverrides(pins);
    for (const [gate, { element, input, release }] of knobs) {
      if (!gatesOf(trace).includes(gate)) continue;
      const isHeld = overriddenValue(held, { timestep, gate, unit }) !== undefined;
      if (!timer) input.value = String(valueNow(store, { timestep, gate, unit }));
      const value = fixed(Number(input.value));
      element.toggleAttribute("data-held", isHeld);
      release.hidden = !isHeld;
      const name = `${NAMES[gate]} of unit ${unit} at ${trace.tokens[timestep - 1].text}`;
      input.setAttribute("aria-label", `Hold the ${name}`);
      input.setAttribute("aria-valuetext", `${value}, ${isHeld ? "held" : "free"}`);
      input.title = isHeld ? `held at ${value}` : `${NAMES[gate]} of unit ${unit}: drag to hold it`;
      release.setAttribute("aria-label", `Release the ${name}`);
    }
  }

  /** @param {Figure} figure @param {HTMLElement} plot */
  function place(figure, plot) {
    const { trace } = store.get();
    const depth = shownDepth(store.get());
    const { timestep } = cursorOf(store.get());
    layer.hidden = depth === "sentence" || !trace || trace.steps[timestep - 1].masked === true;
    if (!trace || layer.hidden) return;
    layer.style.setProperty("--zoom", plot.style.getPropertyValue("--zoom") || "1");
    layer.style.top = `${plot.offsetTop}px`;
    const gates = gatesOf(trace);
    for (const [gate, { element }] of knobs) element.hidden = !gates.includes(gate);
    for (const gate of gates) {
      const at = knobPlace(figure, gate, depth === "unit" ? "unit" : "cell");
      const { element } = knobs.get(gate) ?? knobOf(gate);
      element.hidden = !at;
      if (!at) continue;
      element.style.left = `${at.x - at.width / 2}px`;
      element.style.top = `${at.y}px`;
      element.style.width = `${at.width}px`;
    }
    write();
  }

  store.subscribe(() => onNextFrame(write), ["trace", "pins", "timestep", "unit"]);
  return { place };
}
