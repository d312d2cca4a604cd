/**
 * What travels on the wires of the cell: over the figure, which stays as it is. A phase sends its values
 * once; a step to the next word sends those of all phases, one after the other, in under a second.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Figure} Figure
 * @typedef {import("../../core/types.js").Store} Store
 */
import { cellOf } from "../../cells/kinds.js";
import { phasesOf } from "../../cells/phases.js";
import { cursorOf } from "../../core/store.js";
import { el } from "../../ui/dom.js";
import { flightFrames, isNewWord } from "./flight.js";
import { hasPhases, shownPhase } from "./shown-phase.js";
import { travelling } from "./travelling.js";

const PHASE = 900; // ms that values take in a phase that is looked at
const GAP = 100; // ms from one phase to the next within a step
const SHORT = 200; // ms that values take there

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * @param {HTMLElement} host the figure
 * @param {Store} store
 * @returns {{drawn: (figure: Figure, plot: HTMLElement) => void}} to be told of every picture that has been drawn
 */
export function mountPulses(host, store) {
  const layer = el("div", { class: "pulses", "aria-hidden": "true" });
  host.append(layer);
  /** @type {Pick<AppState, "trace" | "phase" | "depth"> & {at: number} | null} */
  let last = null;

  /** What was travelling is there. */
  function end() {
    for (const animation of layer.getAnimations({ subtree: true })) animation.cancel();
    layer.replaceChildren();
  }

  /** @param {Figure} figure @param {number} phase @param {{duration: number, delay: number}} timing
   * @param {boolean} labelled whether a number that travels can be read */
  function send(figure, phase, timing, labelled) {
    const { trace } = store.get();
    const flows = figure.layout.meta.flows;
    if (!trace || !flows) return;
    const { moves } = phasesOf(cellOf(trace))[phase];
    for (const { tag, points, color } of flows.filter((one) => moves.includes(one.tag))) {
      const text = labelled ? travelling(trace, tag, cursorOf(store.get())) : "";
      const dot = el("span", { class: text ? "pulse number" : "pulse" }, text);
      dot.style.setProperty("--flow", color);
      layer.append(dot);
      const flight = dot.animate(flightFrames(points), {
        ...timing,
        easing: "ease-in-out",
        fill: "both",
      });
      flight.onfinish = () => dot.remove();
    }
  }

  return {
    drawn(figure, plot) {
      layer.style.setProperty("--zoom", getComputedStyle(plot).getPropertyValue("--zoom"));
      const state = store.get();
      const { trace, depth } = state;
      const phase = shownPhase(state);
      const now = { trace, phase, depth, at: cursorOf(state).timestep };
      const before = last;
      last = now;
      const keys = /** @type {(keyof typeof now)[]} */ (Object.keys(now));
      if (!before || keys.every((key) => before[key] === now[key])) return;
      end();
      if (still.matches || !hasPhases(state) || !trace || before.depth !== depth) return;
      if (phase !== null) {
        if (before.phase !== phase || before.at !== now.at)
          send(figure, phase, { duration: PHASE, delay: 0 }, true);
      } else if (isNewWord(before, now)) {
        phasesOf(cellOf(trace)).forEach((_, k) =>
          send(figure, k, { duration: SHORT, delay: k * GAP }, false),
        );
      }
    },
  };
}
