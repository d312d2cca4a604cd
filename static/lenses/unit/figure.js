/**
 * One unit at one word, worked through: the word's inputs and the state before, each times this unit's
 * weight, make its gates; and the gates make its memory and what it shows.
 */
import { cellOf } from "../../cells/kinds.js";
import { NAMES } from "../../cells/quantities.js";
import { precise } from "../../draw/format.js";
import { PADDING } from "../../draw/legend.js";
import { join, label, toFigure } from "../../draw/primitives.js";
import { nameAt, readsNumbers } from "../../draw/text.js";
import { drawUnitLandscape, unitLandscape } from "./landscape.js";
import { unitParts } from "./parts.js";
import { drawUnitPortrait, unitPortrait } from "./portrait.js";
import { totalOf, unitRows } from "./sums.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./parts.js").UnitOptions} UnitOptions */
/** @typedef {import("./sums.js").Row} Row */

const PORTRAIT_BELOW = 560;

/** @param {Trace} trace @param {UnitOptions} options */
function sentence(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const read = readsNumbers(trace) ? "" : `, ${nameAt(trace, timestep)}`;
  const place = `Unit ${unit} worked through at timestep ${timestep}${read}`;
  if (step.masked) return `${place}: ${PADDING}.`;
  const told = cellOf(trace).order.map((name) => `${NAMES[name]} ${precise(step[name][unit])}`);
  return `${place}: ${told.join(", ")}.`;
}

/** A row for each source that is shown, a column for each gate.
 * @param {Row[]} rows @param {import("./sums.js").Shown} shown @param {UnitOptions} options
 * @returns {import("../../core/types.js").Table} */
function tableOf(rows, shown, { timestep, unit }) {
  const gates = rows.map(({ gate }) => gate);
  /** @param {Row} row @param {"input" | "hidden"} side @param {number} index */
  const product = ({ gate, terms }, side, index) => {
    const term = terms[side][index];
    const written = term?.factors.map(({ text }) => text).join(" \u00d7 ");
    return term
      ? { text: `${written} = ${term.text}`, mark: { quantity: gate, timestep, unit } }
      : "";
  };
  /** @param {"input" | "hidden"} side @param {string} name */
  const lines = (side, name) =>
    shown[side].map((index) => [
      `${name} ${index}`,
      ...rows.map((row) => product(row, side, index)),
    ]);
  /** @param {string} name @param {(row: Row) => number} of */
  const line = (name, of) => [
    name,
    ...rows.map((row) => ({
      text: precise(of(row)),
      mark: { quantity: row.gate, timestep, unit },
    })),
  ];
  return {
    columns: ["", ...gates.map((gate) => NAMES[gate])],
    rows: [
      ...lines("input", "feature"),
      ...lines("hidden", "previous hidden state, unit"),
      line("bias", ({ terms }) => totalOf([...terms.bias, ...terms.state])),
      line("sum", ({ sum }) => sum ?? 0),
      line("value", ({ value }) => value),
    ],
  };
}

/**
 * @param {Trace} trace
 * @param {UnitOptions} options
 * @returns {import("../../core/types.js").Figure}
 */
export function unitFigure(trace, options) {
  const { theme, timestep, width } = options;
  const rows = unitRows(trace, options.weights ?? null, options);
  const parts = unitParts(trace, options, rows);
  const masked = trace.steps[timestep - 1].masked;
  const note = masked ? PADDING : options.weights ? "" : "the weights are on their way";
  /** @param {import("../../draw/primitives.js").Drawing} drawn @param {number} height
   * @param {import("./sums.js").Shown} shown */
  const finish = (drawn, height, shown) => {
    const said = note
      ? label(width - 8, height - 8, note, { color: theme.muted, align: "right" })
      : null;
    return toFigure(join(drawn, said), {
      width,
      height,
      theme,
      label: sentence(trace, options),
      table: tableOf(rows, shown, options),
    });
  };
  if (width < PORTRAIT_BELOW) {
    const plan = unitPortrait(trace, options, rows);
    const { drawn, bottom } = drawUnitPortrait(trace, options, parts, plan, rows);
    return finish(drawn, bottom + 8, plan.shown);
  }
  const plan = unitLandscape(trace, options, rows);
  return finish(drawUnitLandscape(trace, options, parts, plan, rows), plan.height, plan.shown);
}
