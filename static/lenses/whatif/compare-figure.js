/** Two runs side by side, or their difference, on one scale: a column for each pair of words. */
import { colorAt, readable } from "../../draw/color.js";
import { align } from "./align-words.js";
import { columnAxis, columnsOf, plainLayout } from "../../draw/word-columns.js";
import { derived, differenceOf } from "../../arithmetic/derived-numbers.js";
import { fixed } from "../../draw/format.js";
import { AXIS, noteUnder, pageName, pageOf, unitAxis, unitsHeading } from "../../ui/heatmap.js";
import { stepName, word } from "../../draw/text.js";
import { isGate, NAMES, quantitiesOf, scaleOf, valueAt } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("./align-words.js").Pair} Pair */
/** @typedef {{a: Trace, b: Trace, pairs: Pair[]}} Comparison */
/** @typedef {"a" | "b" | "difference"} Side */

const LEFT = 38;
const ALIKE = 1e-6; // float32 in another order of words
const STATES = /** @type {Quantity[]} */ (["hidden_state", "cell_state"]);

/** @param {Trace} a @param {Trace} b @returns {Comparison} */
export const comparison = (a, b) => ({
  a,
  b,
  pairs: align(
    a.tokens.map(({ text }) => text),
    b.tokens.map(({ text }) => text),
  ),
});

/** What both runs have, unit by unit. @param {Comparison} comparison @returns {Quantity[]} */
export const sharedQuantities = ({ a, b }) => quantitiesOf(a).filter((name) => name in b.steps[0]);

/** Whether unit k of one can be set against unit k of the other.
 * @param {Comparison} comparison */
export const sameUnits = ({ a, b }) =>
  a.layer.units === b.layer.units && a.layer.cell === b.layer.cell;

/** The number of the first pair at which the runs are not the same, from 0; -1 where they never
 * part. @param {Comparison} comparison */
export function firstParting({ a, b, pairs }) {
  const comparable = sameUnits({ a, b, pairs }) && a.model.id === b.model.id;
  return pairs.findIndex((pair) => {
    if (!pair.same || pair.a === null || pair.b === null || !comparable) return true;
    const [one, other] = [a.steps[pair.a - 1], b.steps[pair.b - 1]];
    return STATES.some((state) =>
      one[state]?.some((value, k) => Math.abs(value - other[state][k]) > ALIKE),
    );
  });
}

/** What a pair is called. @param {Comparison} comparison @param {Pair} pair @param {Side} side */
function nameOf({ a, b }, pair, side) {
  const own = pair.a === null ? null : a.tokens[pair.a - 1].text;
  const other = pair.b === null ? null : b.tokens[pair.b - 1].text;
  if (side === "a") return own ?? "–";
  if (side === "b") return other ?? "–";
  return pair.same ? `${own}` : `${own ?? "–"} / ${other ?? "–"}`;
}

/** Where the cells lie, and which units they are. @param {Comparison} compared
 * @param {{side: Side, unit: number, width: number}} options unit: the cursor's */
export function compareGeometry(compared, { side, unit, width }) {
  const { a, b, pairs } = compared;
  const most = pageOf(Math.max(a.layer.units, b.layer.units), 0).length;
  const row = most <= 12 ? 24 : Math.min(10, 400 / most);
  const names = pairs.map((pair) => nameOf(compared, pair, "difference"));
  const { units } = (side === "b" ? b : a).layer;
  const page = pageOf(units, Math.min(unit, units - 1));
  return { ...columnsOf(names, { width, left: LEFT }), row, page, height: row * page.length };
}

/**
 * @param {Comparison} compared
 * @param {{quantity: Quantity, side: Side, unit: number, theme: import("../../core/theme.js").Theme,
 *   width: number}} options unit: the cursor's
 * @returns {Figure}
 */
export function compareFigure(compared, { quantity, side, unit: cursor, theme, width }) {
  const at = compareGeometry(compared, { side, unit: cursor, width });
  const { page } = at;
  const { units } = (side === "b" ? compared.b : compared.a).layer;
  const z = valuesOf(compared, quantity, side, page);
  const limit = limitOf(compared, quantity);
  const unsigned = isGate(quantity) && side !== "difference";
  const scale = unsigned ? scaleOf(quantity, theme) : theme.signed;
  const names = compared.pairs.map((pair) => nameOf(compared, pair, side));
  const parting = firstParting(compared);
  const under = pageName(page, units);
  const bottom = (parting < 0 ? 4 : 24) + (under ? AXIS : 0);
  const figure = {
    data: [
      {
        type: "heatmap",
        z,
        x: names.map((_, k) => k + 1),
        y: page,
        zmin: unsigned ? 0 : -limit,
        zmax: limit,
        colorscale: scale,
        showscale: false,
        hoverongaps: false,
        xgap: at.cell >= 8 ? 1 : 0,
        ygap: at.row >= 8 ? 1 : 0,
        hoverinfo: "text",
        hovertext: z.map((row, j) =>
          row.map((value, k) =>
            value === null
              ? ""
              : `${word(names[k])}<br>${NAMES[quantity]}, unit ${page[j]}: <b>${fixed(value, 4)}</b>`,
          ),
        ),
        customdata: page.map((unit) =>
          compared.pairs.map((pair) => markOf(compared, pair, { quantity, side, unit })),
        ),
      },
    ],
    layout: {
      ...plainLayout(theme),
      width,
      height: at.top + at.height + bottom,
      margin: { l: LEFT, r: at.right, t: at.top, b: bottom },
      xaxis: columnAxis(names, at),
      yaxis: unitAxis(page, at.row),
      shapes: parting < 0 ? [] : [partingLine(parting, theme)],
      annotations: [
        unitsHeading(theme),
        ...(parting < 0 ? [] : [partingNote(parting, at, theme)]),
        ...(under ? [{ ...noteUnder(under, theme), yshift: AXIS - bottom }] : []),
        ...(at.cell >= 38 && at.row >= 18 ? numbersIn(z, { unsigned, limit, scale, theme }) : []),
      ],
      meta: { label: labelOf(compared, quantity, side), table: tableOf(compared, quantity, names) },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** @param {Comparison} compared @param {Quantity} quantity @param {Side} side
 * @param {number[]} units @returns {(number | null)[][]} (units, pairs) */
function valuesOf({ a, b, pairs }, quantity, side, units) {
  return units.map((unit) =>
    pairs.map((pair) => {
      const one = pair.a === null ? null : a.steps[pair.a - 1][quantity][unit];
      const other = pair.b === null ? null : b.steps[pair.b - 1][quantity][unit];
      if (side === "a") return one;
      if (side === "b") return other;
      return one === null || other === null ? null : other - one;
    }),
  );
}

/** One scale for both runs and their difference.
 * @param {Comparison} compared @param {Quantity} quantity */
function limitOf(compared, quantity) {
  if (isGate(quantity)) return 1;
  const { a, b } = compared;
  const each = [a, b].flatMap(({ steps }) => steps.flatMap((step) => step[quantity].map(Math.abs)));
  const apart = sameUnits(compared)
    ? valuesOf(compared, quantity, "difference", [...a.steps[0][quantity].keys()]).flat()
    : [];
  return Math.max(1, ...each, ...apart.map((value) => Math.abs(value ?? 0)));
}

/** @param {number} parting @param {import("../../core/theme.js").Theme} theme */
const partingLine = (parting, theme) => ({
  type: "line",
  x0: parting + 0.5,
  x1: parting + 0.5,
  y0: 0,
  y1: 1,
  yref: "paper",
  line: { color: theme.ink, width: 2, dash: "dot" },
});

/** @param {number} parting @param {import("../../draw/word-columns.js").Columns} at
 * @param {import("../../core/theme.js").Theme} theme */
function partingNote(parting, { cell, width }, theme) {
  const right = cell * parting > width / 2;
  return {
    text: right ? "they part here ↑" : "↑ they part here",
    x: parting + 0.5,
    xanchor: right ? "right" : "left",
    xshift: right ? 6 : -6,
    y: 0,
    yref: "paper",
    yanchor: "top",
    yshift: -2,
    showarrow: false,
    font: { size: 12, color: theme.ink },
  };
}

/** @param {(number | null)[][]} z
 * @param {{unsigned: boolean, limit: number, scale: [number, string][],
 *   theme: import("../../core/theme.js").Theme}} options */
function numbersIn(z, { unsigned, limit, scale, theme }) {
  return z.flatMap((row, unit) =>
    row.flatMap((value, k) => {
      if (value === null) return [];
      const fill = colorAt(scale, unsigned ? value : (value / limit + 1) / 2);
      const font = { size: 12, color: readable(fill, theme) };
      return [{ text: fixed(value), x: k + 1, y: unit, showarrow: false, font }];
    }),
  );
}

/** What a cell opens: a number of either run, or their difference.
 * @param {Comparison} compared @param {Pair} pair
 * @param {{quantity: Quantity, side: Side, unit: number}} cell */
function markOf({ a, b }, pair, { quantity, side, unit }) {
  const here = { quantity, timestep: pair.a ?? 0, unit };
  const there = { quantity, timestep: pair.b ?? 0, unit, run: b };
  if (side === "a") return here;
  if (side === "b") return there;
  const work = () =>
    differenceOf({
      title: `${NAMES[quantity]}, unit ${unit}: there minus here`,
      from: { name: "there", value: valueAt(b, there), mark: there },
      taken: { name: "what is here", value: valueAt(a, here), mark: here },
    });
  return derived(work, { timestep: here.timestep, unit });
}

const SIDES = {
  a: "of this run",
  b: "of the other run",
  difference: "the other run minus this one",
};

/** @param {Comparison} compared @param {Quantity} quantity @param {Side} side */
function labelOf({ a, pairs }, quantity, side) {
  const only = pairs.filter(({ a, b }) => a === null || b === null).length;
  return (
    `Heatmap of the ${NAMES[quantity]}, ${SIDES[side]}: ${pairs.length} aligned ` +
    `${stepName(a, pairs.length)}, ${only} of them in one of the two only.`
  );
}

/** @param {Comparison} compared @param {Quantity} quantity @param {string[]} names
 * @returns {import("../../core/types.js").Table} */
function tableOf({ a, b, pairs }, quantity, names) {
  const units = Math.min(a.layer.units, b.layer.units);
  const columns = Array.from({ length: units }, (_, unit) => unit);
  const write = (
    /** @type {number | null} */ t,
    /** @type {Trace} */ trace,
    /** @type {number} */ k,
  ) => {
    if (t === null) return "–";
    const mark = { quantity, timestep: t, unit: k, ...(trace === b && { run: b }) };
    return { text: fixed(valueAt(trace, mark), 4), mark };
  };
  return {
    columns: [stepName(a), ...columns.flatMap((k) => [`unit ${k} here`, `unit ${k} there`])],
    rows: pairs.map((pair, at) => [
      names[at],
      ...columns.flatMap((k) => [write(pair.a, a, k), write(pair.b, b, k)]),
    ]),
  };
}
