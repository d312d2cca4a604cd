/** One quantity over the whole sentence: a column for each word, a row for each unit. */
import { readable } from "./color.js";
import { columnAxis, columnsOf, plainLayout } from "./columns.js";
import { PIN } from "./draw.js";
import { fixed } from "./format.js";
import { heldAt } from "./pins.js";
import { readsNumbers, word } from "./text.js";
import { isGate, limitOf, NAMES, valueColor } from "./vectors.js";

/** @typedef {import("../types.js").Figure} Figure */
/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {import("../types.js").Trace} Trace */

const LEFT = 38;
const BOTTOM = 4;
const AXIS = 16; // pixels for the name of the columns
const TEXT = 11;

/** Where the cells lie, in pixels: what the cursor over them needs to know.
 * @param {Trace} trace @param {number} width */
export function heatmapGeometry(trace, width) {
  const { units } = trace.layer;
  const row = units <= 12 ? 24 : Math.max(3, Math.min(10, 400 / units));
  return { ...columnsOf(wordsOf(trace), { width, left: LEFT }), row, height: row * units };
}

/** @param {Trace} trace */
const wordsOf = (trace) => trace.tokens.map(({ text }) => text);

/**
 * @param {Trace} trace
 * @param {Omit<import("../types.js").FigureOptions, "timestep" | "unit"> & {quantity: Quantity}}
 *   options
 * @returns {Figure}
 */
export function heatmapFigure(trace, { quantity, theme, width }) {
  const at = heatmapGeometry(trace, width);
  const { units } = trace.layer;
  const indices = Array.from({ length: units }, (_, k) => k);
  const z = indices.map((unit) => trace.steps.map((step) => step[quantity][unit]));
  const marks = indices.map((unit) =>
    trace.steps.map(({ timestep }) => ({ quantity, timestep, unit })),
  );
  const limit = limitOf(trace, quantity);
  const numbers = readsNumbers(trace);
  const bottom = BOTTOM + (numbers ? AXIS : 0);
  const written = at.cell >= 38 && at.row >= 18;
  const figure = {
    data: [
      {
        type: "heatmap",
        z,
        x: trace.steps.map(({ timestep }) => timestep),
        y: indices,
        zmin: isGate(quantity) ? 0 : -limit,
        zmax: isGate(quantity) ? 1 : limit,
        colorscale: isGate(quantity) ? theme.unsigned : theme.signed,
        showscale: false,
        xgap: at.cell >= 8 ? 1 : 0,
        ygap: at.row >= 8 ? 1 : 0,
        customdata: marks,
        hovertext: marks.map((row) => row.map((mark) => hoverOf(trace, mark))),
        hoverinfo: "text",
      },
      ...(trace.pins?.length ? [pinned(marks.flat(), trace, at)] : []),
    ],
    layout: {
      width,
      height: at.top + at.height + bottom,
      margin: { l: at.left, r: at.right, t: at.top, b: bottom },
      ...plainLayout(theme),
      xaxis: columnAxis(wordsOf(trace), at),
      yaxis: unitAxis(units, at.row),
      annotations: [
        unitsHeading(theme),
        ...(numbers ? [timestepsHeading(theme)] : []),
        ...(written ? numbersIn(z, { quantity, limit, theme }) : []),
      ],
      meta: { label: labelOf(trace, quantity), table: tableOf(trace, quantity) },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** @param {Trace} trace @param {Mark} mark */
function hoverOf(trace, { quantity, timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const value = fixed(step[/** @type {Quantity} */ (quantity)][unit], 4);
  const held = heldAt(trace, { quantity, timestep, unit }) === undefined ? "" : ", held by a pin";
  const place = `${NAMES[quantity]}, unit ${unit}: ${value}${held}`;
  const { text } = trace.tokens[timestep - 1];
  return `${readsNumbers(trace) ? `timestep ${timestep}` : word(text)}<br>${place}`;
}

/** A folded corner on each value that is held. @param {Mark[]} marks @param {Trace} trace
 * @param {{cell: number, row: number}} at */
function pinned(marks, trace, { cell, row }) {
  const held = marks.filter((mark) => heldAt(trace, mark) !== undefined);
  const size = Math.min(10, cell, row);
  return {
    type: "scatter",
    mode: "markers",
    x: held.map(({ timestep }) => timestep + 0.5 - size / 2 / cell),
    y: held.map(({ unit }) => unit - 0.5 + size / 2 / row),
    marker: { symbol: "triangle-ne", size, color: PIN.fill, line: { color: PIN.edge, width: 1 } },
    hoverinfo: "skip",
    cliponaxis: false,
  };
}

/** @param {number} units @param {number} row */
export function unitAxis(units, row) {
  const every = Math.ceil((TEXT + 3) / row);
  return {
    range: [units - 0.5, -0.5],
    tick0: 0,
    dtick: every <= 1 ? 1 : Math.ceil(every / 4) * 4,
    ticks: "",
    ticklabelstandoff: 7,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  };
}

/** Numbers have no words that would say what the columns are.
 * @param {import("../theme.js").Theme} theme */
const timestepsHeading = (theme) => ({
  text: "timestep",
  font: { size: TEXT, color: theme.muted },
  x: 0,
  xref: "paper",
  xanchor: "left",
  y: 0,
  yref: "paper",
  yanchor: "top",
  yshift: -2,
  showarrow: false,
});

/** @param {import("../theme.js").Theme} theme */
export function unitsHeading(theme) {
  return {
    text: "unit",
    font: { size: TEXT, color: theme.muted },
    x: 0,
    xref: "paper",
    xanchor: "right",
    xshift: -6,
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    yshift: 2,
    showarrow: false,
  };
}

/**
 * @param {number[][]} z
 * @param {{quantity: Quantity, limit: number, theme: import("../theme.js").Theme}} options
 */
function numbersIn(z, { quantity, limit, theme }) {
  return z.flatMap((row, unit) =>
    row.map((value, t) => ({
      text: fixed(value),
      x: t + 1,
      y: unit,
      showarrow: false,
      font: { size: 12, color: readable(valueColor(quantity, value, limit, theme), theme) },
    })),
  );
}

/** @param {Trace} trace @param {Quantity} quantity */
function labelOf(trace, quantity) {
  const values = trace.steps.flatMap((step) =>
    step[quantity].map((value, unit) => ({ value, unit, timestep: step.timestep })),
  );
  const low = values.reduce((a, b) => (b.value < a.value ? b : a));
  const high = values.reduce((a, b) => (b.value > a.value ? b : a));
  /** @param {typeof low} place */
  const name = ({ value, unit, timestep }) =>
    `${fixed(value)} at “${trace.tokens[timestep - 1].text}”, unit ${unit}`;
  return (
    `Heatmap of the ${NAMES[quantity]}: ${trace.steps.length} ${readsNumbers(trace) ? "timesteps" : "words"}, ${trace.layer.units} units. ` +
    `Lowest ${name(low)}; highest ${name(high)}.`
  );
}

/** @param {Trace} trace @param {Quantity} quantity @returns {import("../types.js").Table} */
function tableOf(trace, quantity) {
  const { units } = trace.layer;
  return {
    columns: [
      readsNumbers(trace) ? "timestep" : "word",
      ...Array.from({ length: units }, (_, unit) => `unit ${unit}`),
    ],
    rows: trace.steps.map(({ timestep, ...step }) => [
      `${timestep} ${trace.tokens[timestep - 1].text}`,
      ...step[quantity].map((value, unit) => ({
        text: fixed(value, 4),
        mark: { quantity, timestep, unit },
      })),
    ]),
  };
}
