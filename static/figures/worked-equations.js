/** The worked cell's two equations, as columns of numbers. */
import { frame, join, label } from "./draw.js";
import { symbol } from "./vectors.js";
import { PITCH } from "./worked-parts.js";

/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("./worked-parts.js").WorkedOptions} WorkedOptions */
/** @typedef {import("./worked-parts.js").Plan} Plan */
/** @typedef {import("./worked-parts.js").Paint} Paint */

/** @typedef {{name: string, quantity: Mark["quantity"], timestep: number, tanh?: boolean}} Column */

/** Vectors side by side as columns with signs between them.
 * @param {string} title @param {(Column | string)[]} terms @param {{left: number, right: number,
 *   top: number}} place @param {WorkedOptions} options @param {Plan} plan @param {Paint} paint */
function columnEquation(title, terms, { left, right, top }, { unit, theme }, { units }, paint) {
  const pitch = (right - left - 36) / terms.length;
  const first = top + 78;
  const chosenY = first + units.indexOf(unit) * PITCH;
  const chosen = { x: left, y: chosenY - PITCH / 2, width: right - left, height: PITCH };
  return join(
    label(left + 2, top + 14, title, { color: theme.ink, size: 14, bold: true, align: "left" }),
    frame(chosen, { fill: theme.panel, radius: 8 }),
    ...units.map((k, at) =>
      label(left + 26, first + at * PITCH, `${k}`, {
        color: k === unit ? theme.ink : theme.muted,
        bold: k === unit,
        size: 12,
        align: "right",
      }),
    ),
    label(left + 28, top + 46, "unit", { color: theme.muted, size: 12, align: "right" }),
    ...terms.map((term, k) => {
      const x = left + 36 + (k + 0.5) * pitch;
      if (typeof term === "string") return label(x, chosenY, term, { color: theme.ink, size: 18 });
      return join(
        label(x, top + 46, term.name, { color: theme.quantity[term.quantity], size: 16 }),
        ...units.map((index, at) =>
          paint(
            { quantity: term.quantity, timestep: term.timestep, unit: index },
            [x, first + at * PITCH],
            term,
          ),
        ),
      );
    }),
  );
}

/** @param {WorkedOptions} options @param {Plan} plan @param {Paint} paint */
export function equations(options, plan, paint) {
  const { timestep, width } = options;
  const tall = 78 + plan.units.length * PITCH;
  const row = !plan.beside && width >= 660;
  const left = plan.beside ? width * 0.46 + 14 : 8;
  const right = row ? left + (width - 16) * 0.6 : width - 8;
  const top = plan.beside ? Math.max(10, (plan.bottom - 2 * tall - 10) / 2) : plan.bottom + 16;
  const second = row
    ? { left: right + 20, right: width - 8, top }
    : { left, right: plan.beside ? left + (right - left) * 0.7 : right, top: top + tall + 10 };
  /** @param {Mark["quantity"]} quantity @returns {Column} */
  const now = (quantity) => ({ name: symbol(quantity), quantity, timestep });
  const before = {
    ...now("cell_state"),
    name: symbol("cell_state", "t\u22121"),
    timestep: timestep - 1,
  };
  const squashed = { ...now("cell_state"), name: `tanh ${symbol("cell_state")}`, tanh: true };
  const cell = [
    now("forget_gate"),
    "\u2299",
    before,
    "+",
    now("input_gate"),
    "\u2299",
    now("candidate"),
    "=",
    now("cell_state"),
  ];
  const hidden = [now("output_gate"), "\u2299", squashed, "=", now("hidden_state")];
  const drawn = join(
    columnEquation("New cell state", cell, { left, right, top }, options, plan, paint),
    columnEquation("New hidden state", hidden, second, options, plan, paint),
  );
  return { drawn, bottom: Math.max(plan.bottom, second.top + tall) };
}
