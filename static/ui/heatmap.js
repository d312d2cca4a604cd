/** One quantity over the whole sentence: a column for each word, a row for each unit. */
import { readable } from "../draw/color.js";
import { columnAxis, columnsOf, plainLayout } from "../draw/word-columns.js";
import { OVERRIDE_FOLD } from "../draw/primitives.js";
import { fixed } from "../draw/format.js";
import { overrideAt } from "../core/overrides.js";
import { readsNumbers, word } from "../draw/text.js";
import { countOf, isGate, limitOf, NAMES, scaleOf, valueColor } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Figure} Figure */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("../core/types.js").Trace} Trace */

const LEFT = 38;
const BOTTOM = 4;
export const AXIS = 16; // pixels for the name of the columns
const TEXT = 11;
const PAGE = 128; // units whose rows fit on a screen and are still told apart

/** The units that have a row: all, or of many a page of them, which stays while the cursor's unit
 * is on it. @param {number} units @param {number} unit */
export function pageOf(units, unit) {
  const count = Math.min(units, PAGE);
  const first = Math.min(unit - (unit % PAGE), units - count);
  return Array.from({ length: count }, (_, k) => first + k);
}

/** Which units they are, where they are not all. @param {number[]} page @param {number} units */
export const pageName = (page, units) =>
  page.length < units ? `units ${page[0]}\u2013${page[page.length - 1]} of ${units}` : "";

/** Where the cells lie, in pixels: what the cursor over them needs to know.
 * @param {Trace} trace @param {number} width @param {number} unit the cursor's */
export function heatmapGeometry(trace, width, unit) {
  const page = pageOf(trace.layer.units, unit);
  const row = page.length <= 12 ? 24 : Math.min(10, 400 / page.length);
  return {
    ...columnsOf(wordsOf(trace), { width, left: LEFT }),
    page,
    row,
    height: row * page.length,
  };
}

/** @param {Trace} trace */
const wordsOf = (trace) => trace.tokens.map(({ text }) => text);

/**
 * @param {Trace} trace
 * @param {Omit<import("../core/types.js").FigureOptions, "timestep"> & {quantity: Quantity}} options
 * @returns {Figure}
 */
export function heatmapFigure(trace, { quantity, unit: cursor, theme, width }) {
  const at = heatmapGeometry(trace, width, cursor);
  const page = at.page.filter((unit) => unit < countOf(trace.layer, quantity));
  const z = page.map((unit) => trace.steps.map((step) => step[quantity][unit]));
  const marks = page.map((unit) =>
    trace.steps.map(({ timestep }) => ({ quantity, timestep, unit })),
  );
  const limit = limitOf(trace, quantity);
  const under = [readsNumbers(trace) ? "timestep" : "", pageName(page, trace.layer.units)]
    .filter(Boolean)
    .join(", ");
  const bottom = BOTTOM + (under ? AXIS : 0);
  const written = at.cell >= 38 && at.row >= 18;
  const figure = {
    data: [
      {
        type: "heatmap",
        z,
        x: trace.steps.map(({ timestep }) => timestep),
        y: page,
        zmin: isGate(quantity) ? 0 : -limit,
        zmax: isGate(quantity) ? 1 : limit,
        colorscale: scaleOf(quantity, theme),
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
      yaxis: unitAxis(page, at.row),
      annotations: [
        unitsHeading(theme),
        ...(under ? [noteUnder(under, theme)] : []),
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
  const held = overrideAt(trace, { quantity, timestep, unit }) === undefined ? "" : ", held";
  const place = `${NAMES[quantity]}, unit ${unit}: ${value}${held}`;
  const { text } = trace.tokens[timestep - 1];
  return `${readsNumbers(trace) ? `timestep ${timestep}` : word(text)}<br>${place}`;
}

/** A folded corner on each value that is held. @param {Mark[]} marks @param {Trace} trace
 * @param {{cell: number, row: number}} at */
function pinned(marks, trace, { cell, row }) {
  const held = marks.filter((mark) => overrideAt(trace, mark) !== undefined);
  const size = Math.min(10, cell, row);
  return {
    type: "scatter",
    mode: "markers",
    x: held.map(({ timestep }) => timestep + 0.5 - size / 2 / cell),
    y: held.map(({ unit }) => unit - 0.5 + size / 2 / row),
    marker: {
      symbol: "triangle-ne",
      size,
      color: OVERRIDE_FOLD.fill,
      line: { color: OVERRIDE_FOLD.edge, width: 1 },
    },
    hoverinfo: "skip",
    cliponaxis: false,
  };
}

/** @param {number[]} page @param {number} row */
export function unitAxis(page, row) {
  const every = Math.ceil((TEXT + 3) / row);
  return {
    range: [page[page.length - 1] + 0.5, page[0] - 0.5],
    tick0: 0,
    dtick: every <= 1 ? 1 : Math.ceil(every / 4) * 4,
    ticks: "",
    ticklabelstandoff: 7,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  };
}

/** What the columns are, where no words say it, and which units the rows.
 * @param {string} text @param {import("../core/theme.js").Theme} theme */
export const noteUnder = (text, theme) => ({
  text,
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

/** @param {import("../core/theme.js").Theme} theme */
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
 * @param {{quantity: Quantity, limit: number, theme: import("../core/theme.js").Theme}} options
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

/** @param {Trace} trace @param {Quantity} quantity @returns {import("../core/types.js").Table} */
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
