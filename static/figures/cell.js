/** The LSTM cell at one timestep, with the live numbers on its wires. */
import { drawLandscape, landscape, landscapeCount } from "./cell-landscape.js";
import { STRIPES, cellParts } from "./cell-parts.js";
import { drawPortrait, portrait, portraitCount } from "./cell-portrait.js";
import { join, label, toFigure } from "./draw.js";
import { precise } from "./format.js";
import { PADDING, legend, shownUnits } from "./legend.js";
import { word } from "./text.js";
import { NAMES, symbol, vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {import("./cell-parts.js").CellOptions} CellOptions */
/** @typedef {import("./cell-parts.js").CellParts} CellParts */

const PORTRAIT_BELOW = 560;

/** The word's features and the word itself.
 * @param {Trace} trace @param {CellOptions} options @param {CellParts} parts
 * @param {{x: number, y: number, room: number, box: {width: number, height: number}}} place */
function wordRow(trace, { timestep, theme }, parts, { x, y, room, box }) {
  const input = parts.input(x, y, room, box);
  const narrow = x < 100;
  const text = trace.steps[timestep - 1].token;
  const color = parts.tint("x", theme.ink);
  const style = { color, size: 15, bold: true, align: /** @type {const} */ ("left") };
  const named = { color: parts.tint("x", theme.quantity.input), size: 16 };
  if (!narrow) {
    return join(
      input.drawn,
      label(x - 8, y, symbol("input"), { ...named, align: "right" }),
      label(x + input.across + 12, y, word(text, 180, 15), style),
    );
  }
  return join(
    input.drawn,
    label(x, y - 26, symbol("input"), { ...named, align: "left" }),
    label(x + 26, y - 26, word(text, room - 40, 15), style),
  );
}

/** What the cell does now, in one sentence. @param {Trace} trace @param {CellOptions} options */
function sentence(trace, { timestep, unit, focus }) {
  const step = trace.steps[timestep - 1];
  const place = `LSTM cell at timestep ${timestep} of ${trace.steps.length}, \u201c${step.token}\u201d`;
  if (step.masked) return `${place}: ${PADDING}.`;
  const value = (/** @type {Quantity} */ quantity) => precise(step[quantity][unit]);
  if (focus)
    return `${place}, with the path of the ${NAMES[focus]} lit: unit ${unit} has ${value(focus)}.`;
  const before = precise(vector(trace, "cell_state", timestep - 1)[unit]);
  return (
    `${place}. Unit ${unit}: forget gate ${value("forget_gate")}, input gate ` +
    `${value("input_gate")}, candidate ${value("candidate")}; cell state ${before} becomes ` +
    `${value("cell_state")}; output gate ${value("output_gate")}, hidden state ` +
    `${value("hidden_state")}.`
  );
}

/** @param {Trace} trace @param {number} timestep @param {number[]} units
 * @returns {import("../types.js").Table} */
function tableOf(trace, timestep, units) {
  /** @type {[string, Quantity, number][]} */
  const columns = [
    ["previous cell state", "cell_state", timestep - 1],
    ["previous hidden state", "hidden_state", timestep - 1],
    ...["forget_gate", "input_gate", "candidate", "cell_state", "output_gate", "hidden_state"].map(
      (quantity) =>
        /** @type {[string, Quantity, number]} */ ([
          NAMES[/** @type {Quantity} */ (quantity)],
          quantity,
          timestep,
        ]),
    ),
  ];
  const cell = (/** @type {Mark} */ mark) => ({
    text: precise(vector(trace, mark.quantity, mark.timestep)[mark.unit]),
    mark,
  });
  const features = trace.steps[timestep - 1].input.slice(0, STRIPES);
  return {
    columns: ["", "input", ...columns.map(([name]) => name)],
    rows: [
      ...units.map((unit) => [
        `unit ${unit}`,
        "",
        ...columns.map(([, quantity, when]) => cell({ quantity, timestep: when, unit })),
      ]),
      ...features.map((_, feature) => [
        `feature ${feature}`,
        cell({ quantity: "input", timestep, unit: feature }),
        ...columns.map(() => ""),
      ]),
    ],
  };
}

/** @param {Trace} trace @param {CellOptions} options @returns {import("../types.js").Figure} */
export function cellFigure(trace, options) {
  const { timestep, unit, theme, width, quiet } = options;
  const { units: total, features } = trace.layer;
  const narrow = width < PORTRAIT_BELOW;
  const parts = cellParts(
    trace,
    options,
    narrow ? portraitCount(total) : landscapeCount(total, width),
  );
  const notes = [
    ...(trace.steps[timestep - 1].masked ? [PADDING] : []),
    shownUnits(parts.units, unit, total),
    ...(features > STRIPES ? [`the first ${STRIPES} of ${features} features`] : []),
  ];
  /** @param {import("./draw.js").Drawing} cell @param {{x: number, y: number, room: number,
   *   box: {width: number, height: number}}} place @param {number} bottom */
  const finish = (cell, place, bottom) => {
    // of six cells with one path lit each, none needs to say again what the colours mean
    const key = quiet ? null : legend(bottom + 24, width, notes, theme);
    return toFigure(join(cell, wordRow(trace, options, parts, place), key?.drawn ?? null), {
      width,
      height: bottom + (key ? 24 + key.height : 8),
      theme,
      label: sentence(trace, options),
      table: tableOf(trace, timestep, parts.units),
    });
  };
  if (narrow) {
    const plan = portrait(parts.units, width);
    const place = { x: 10, y: plan.inputY, room: width - 20, box: plan.box };
    return finish(drawPortrait(parts, plan, options), place, plan.bottom);
  }
  const plan = landscape(parts.units, width);
  const x = plan.panelLeft + 6;
  const place = { x, y: plan.inputY, room: width - x - 200, box: plan.box };
  return finish(drawLandscape(parts, plan, options), place, plan.inputY + 16);
}
