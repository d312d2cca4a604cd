/**
 * One unit's value on the words themselves, and how far the gates of all units stand open.
 *
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 */
import { readable } from "../../draw/color.js";
import { unitCaption } from "./unit-words.js";
import { fixed } from "../../draw/format.js";
import { saturationFigure, sigmoidGates } from "./saturation-figure.js";
import { limitOf, NAMES, quantitiesOf, valueColor } from "../../cells/quantities.js";
import { cursorOf } from "../../core/store.js";
import { el, find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { write } from "../../ui/caption.js";
import { tintWords } from "../../ui/tinted-words.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountUnits(root, store) {
  const line = find(root, ".look");
  const select = /** @type {HTMLSelectElement} */ (find(root, "#unit-quantity"));
  const words = find(root, ".tinted-words");
  const gates = find(root, "[data-gates]");
  /** @type {Quantity} what was chosen last, which not every cell has */
  let chosen = "cell_state";
  select.addEventListener("change", () => {
    chosen = /** @type {Quantity} */ (select.value);
    draw();
  });

  function draw() {
    const state = store.get();
    const { trace } = state;
    if (!trace) return;
    const { unit } = cursorOf(state);
    fill(select, quantitiesOf(trace), chosen);
    const quantity = /** @type {Quantity} */ (select.value);
    const limit = limitOf(trace, quantity);
    const texts = trace.tokens.map(({ text }) => text);
    tintWords(words, store, texts, (timestep, theme) => {
      const value = trace.steps[timestep - 1][quantity][unit];
      const color = valueColor(quantity, value, limit, theme);
      const note = fixed(value);
      const mark = { quantity, timestep, unit };
      return { fill: color, ink: readable(color, theme), note, spoken: note, mark };
    });
    write(line, unitCaption(trace, quantity, unit));
    gates.hidden = sigmoidGates(trace).length === 0;
  }

  mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options) =>
      sigmoidGates(trace).length > 0 ? saturationFigure(trace, options) : null,
    keys: ["unit"],
    onMark: ({ unit }) => store.set({ unit }),
  });
  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "unit", "theme", "dark"]);
  draw();
}

/**
 * The quantities that this cell has.
 *
 * @param {HTMLSelectElement} select
 * @param {Quantity[]} names
 * @param {Quantity} chosen
 */
function fill(select, names, chosen) {
  if ([...select.options].map(({ value }) => value).join() === names.join()) return;
  select.replaceChildren(...names.map((n) => el("option", { value: n }, NAMES[n])));
  select.value = names.includes(chosen) ? chosen : "hidden_state";
}
