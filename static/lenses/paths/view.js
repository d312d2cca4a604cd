/**
 * A panel for each path through the cell: lit in the diagram, written out with this
 * timestep's numbers, and its value for every unit.
 *
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 */
import { activationFigure } from "./activation-figure.js";
import { cellFigure } from "../../cells/diagram.js";
import { equation } from "../../cells/equations.js";
import { OVERRIDABLE } from "../../core/overrides.js";
import { pathCaption } from "./words.js";
import { untrained } from "../../words/weights-origin.js";
import { quantitiesOf } from "../../cells/quantities.js";
import { shownCursor } from "../../core/store.js";
import { find, refill } from "../../ui/dom.js";
import { equationOf } from "../../ui/equation.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { mountOverrideKnobs } from "./override-knobs.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPaths(root, store) {
  [...root.querySelectorAll("[data-path]")].forEach((panel, i) => {
    mountPath(/** @type {HTMLElement} */ (panel), store, i === 0);
  });
}

/**
 * @param {HTMLElement} panel
 * @param {Store} store
 * @param {boolean} eager
 */
function mountPath(panel, store, eager) {
  const quantity = /** @type {Quantity} */ (panel.dataset.path);
  /** @param {import("../../core/types.js").Trace} trace */
  const has = (trace) => quantitiesOf(trace).includes(quantity);
  const written = find(panel, "[data-equation]");
  const note = find(panel, ".untrained");

  mountCaption(panel, store, (trace, cursor) =>
    has(trace) ? pathCaption(trace, { ...cursor, quantity }) : "",
  );
  mountFigure(find(panel, "[data-figure$='-cell']"), store, {
    build: (trace, options) =>
      has(trace) ? cellFigure(trace, { ...options, focus: quantity, quiet: true }) : null,
    keys: ["timestep", "unit"],
    previews: ["unit"],
    eager,
  });
  const bars = find(panel, "[data-figure$='-units']");
  const gate = OVERRIDABLE.find((name) => name === quantity);
  const held = gate && !store.get().standalone; // what is held is computed anew, by a server
  const knobs = held ? mountOverrideKnobs(bars, store, gate) : null;
  mountFigure(bars, store, {
    build: (trace, options) =>
      has(trace) ? activationFigure(trace, { ...options, quantity }) : null,
    keys: ["timestep", "unit"],
    previews: ["unit"],
    eager,
    onDraw: ({ layout }) => knobs?.place(layout.width ?? 0),
  });

  function write() {
    const state = store.get();
    if (!state.trace) return;
    panel.hidden = !has(state.trace);
    if (panel.hidden) return;
    const lines = equation(state.trace, {
      ...shownCursor(state, panel),
      quantity,
      weights: state.weights,
    });
    refill(written, equationOf(lines));
    note.textContent = eager ? untrained(state.trace, quantity) : ""; // said once is enough
    note.hidden = !note.textContent;
  }

  store.subscribe(() => onNextFrame(write), ["trace", "timestep", "unit", "weights", "preview"]);
  write();
}
