/**
 * What is in memory over the sentence, one band a word: it begins where the word is read and thins
 * as it is forgotten.
 */
import { bandsOf } from "../../draw/bands.js";
import { mix, readable } from "../../draw/color.js";
import { cellOf } from "../../cells/kinds.js";
import { columnAxis, columnsOf, plainLayout } from "../../draw/word-columns.js";
import { fixed } from "../../draw/format.js";
import { derived, calculated } from "../../arithmetic/derived-numbers.js";
import { huesOf } from "../../timeline/hues.js";
import { hasInitial, markOf, rowsOf } from "./ledger-figure.js";
import { factor, term } from "../../arithmetic/terms.js";
import { nameAt, stepName, textWidth, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Memory} Memory */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../draw/bands.js").Band} Band */

const LEFT = 38;
const HEIGHT = 220;
const TINTS = [0.2, 0.34, 0.27, 0.41];

/** @param {Trace} trace @param {number} width */
export const bandsGeometry = (trace, width) => ({
  ...columnsOf(
    trace.tokens.map(({ text }) => text),
    { width, left: LEFT },
  ),
  height: HEIGHT,
});

/**
 * @param {Trace} trace
 * @param {{memory: Memory, all: boolean, unit: number, chosen: number,
 *   theme: import("../../core/theme.js").Theme, width: number}} options chosen: the source that is spoken of
 * @returns {Figure}
 */
export function bandsFigure(trace, { memory, all, unit, chosen, theme, width }) {
  const at = bandsGeometry(trace, width);
  const rows = rowsOf(memory, all);
  const { sources: hues } = huesOf(trace);
  const own = [...new Set([chosen, ...hues.keys()])];
  const bands = bandsOf(trace, rows, { initial: hasInitial(memory), chosen: own });
  const limits = limitsOf(bands);
  // as on the timeline, for the words that matter; grey for the rest
  const colors = bands.map(({ sources }, k) => {
    const hue = sources.length === 1 ? hues.get(sources[0]) : undefined;
    if (hue !== undefined) return theme.bands[hue];
    return sources.includes(chosen)
      ? theme.quantity.cell_state
      : mix(theme.paper, theme.quantity.cell_state, TINTS[k % TINTS.length]);
  });
  const x = trace.steps.map(({ timestep }) => timestep);
  const figure = {
    data: [
      ...bands.flatMap((band, k) => areasOf(band, colors[k], x, theme)),
      ...(all ? [] : [totalLine(trace, unit, x, theme)]),
    ].map(withArea),
    layout: {
      ...plainLayout(theme),
      width,
      height: at.top + HEIGHT + 6,
      margin: { l: LEFT, r: at.right, t: at.top, b: 6 },
      xaxis: columnAxis(
        trace.tokens.map(({ text }) => text),
        at,
      ),
      yaxis: {
        range: limits,
        nticks: 5,
        gridcolor: theme.line,
        zeroline: true,
        zerolinecolor: theme.muted,
        zerolinewidth: 1,
        tickfont: { color: theme.muted },
        fixedrange: true,
      },
      annotations: namesIn(bands, colors, { limits, cell: at.cell, theme }),
      meta: {
        label:
          `Stacked bands over ${trace.steps.length} ${stepName(trace, trace.steps.length)}: what each has left in ` +
          `${all ? "all units" : `unit ${unit}`}. ${largestOf(bands, trace)}`,
        table: {
          columns: ["after", ...bands.map(({ name }) => name)],
          rows: x.map((t) => [
            `${t} ${trace.tokens[t - 1].text}`,
            ...bands.map((band) => ({
              text: fixed(band.values[t - 1], 4),
              mark: bandMark(trace, band, rows, t, all ? null : unit),
            })),
          ]),
        },
      },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** What is left at the end, the largest first. @param {Band[]} bands @param {Trace} trace */
function largestOf(bands, { layer, steps }) {
  const end = layer.go_backwards ? 0 : steps.length - 1;
  const left = bands
    .toSorted((a, b) => Math.abs(b.values[end]) - Math.abs(a.values[end]))
    .slice(0, 3)
    .map(({ name, values }) => `${name} ${fixed(values[end])}`);
  return `Most at the end: ${left.join(", ")}.`;
}

/** A word alone is as wide as its column, since a single point has no area.
 * @template {{x: number[], y: number[]}} T @param {T} line @returns {T} */
const withArea = (line) =>
  line.x.length > 1 ? line : { ...line, x: [0.5, 1, 1.5], y: Array(3).fill(line.y[0]) };

/** What a band is made of. @param {Trace} trace @param {Band} band @param {number[][]} rows
 * @param {number} timestep @param {number | null} unit */
function bandMark(trace, { name, sources, values }, rows, timestep, unit) {
  if (sources.length === 1) return markOf(trace, sources[0], timestep, unit);
  return derived(() =>
    calculated({
      title: `left of ${name}, after ${nameAt(trace, timestep)}`,
      terms: sources.map((source) =>
        term("state", source === 0 ? "before" : nameAt(trace, source), [
          factor("left", rows[timestep - 1][source], markOf(trace, source, timestep, unit)),
        ]),
      ),
      value: values[timestep - 1],
    }),
  );
}

/** How high the bands reach above and below zero. @param {Band[]} bands @returns {number[]} */
function limitsOf(bands) {
  const sums = (/** @type {(value: number) => number} */ part) =>
    bands[0].values.map((_, t) => bands.reduce((sum, { values }) => sum + part(values[t]), 0));
  const high = Math.max(...sums((value) => Math.max(0, value)));
  const low = Math.min(...sums((value) => Math.min(0, value)));
  const room = 0.04 * (high - low || 1);
  return [low < 0 ? low - room : 0, high + room];
}

/** A band above zero and one below, for words whose share changes its sign.
 * @param {Band} band @param {string} color @param {number[]} x
 * @param {import("../../core/theme.js").Theme} theme */
function areasOf({ name, values }, color, x, theme) {
  const text = values.map((value) => `of “${word(name)}”: <b>${fixed(value, 4)}</b>`);
  return [1, -1]
    .map((sign) => ({ sign, y: values.map((value) => (value * sign > 0 ? value : 0)) }))
    .filter(({ y, sign }) => sign === 1 || y.some((value) => value !== 0))
    .map(({ sign, y }) => ({
      type: "scatter",
      mode: "lines",
      x,
      y,
      stackgroup: sign > 0 ? "above" : "below",
      fillcolor: color,
      line: { width: 0.8, color: theme.paper },
      hoverinfo: "text",
      hovertext: text,
      hoveron: "points",
    }));
}

/** @param {Trace} trace @param {number} unit @param {number[]} x
 * @param {import("../../core/theme.js").Theme} theme */
function totalLine(trace, unit, x, theme) {
  const [state] = cellOf(trace).states;
  return {
    type: "scatter",
    mode: "lines",
    x,
    y: trace.steps.map((step) => step[state][unit]),
    line: { width: 2, color: theme.ink },
    hoverinfo: "skip",
  };
}

/** Names where a band is thick enough to hold one, and none over another.
 * @param {Band[]} bands @param {string[]} colors
 * @param {{limits: number[], cell: number, theme: import("../../core/theme.js").Theme}} options */
function namesIn(bands, colors, { limits, cell, theme }) {
  const scale = HEIGHT / (limits[1] - limits[0]);
  const length = bands[0].values.length;
  const above = Array(length).fill(0);
  const below = Array(length).fill(0);
  const named = bands.flatMap(({ name, sources, values }, k) => {
    const middles = values.map((value, t) => {
      const base = value >= 0 ? above : below;
      base[t] += value;
      return base[t] - value / 2;
    });
    const thick = values.map((value, t) => {
      const next = values[Math.min(t + 1, length - 1)];
      return Math.min(Math.abs(value), Math.sign(value) === Math.sign(next) ? Math.abs(next) : 0);
    });
    const t = thick.indexOf(Math.max(...thick));
    const last = t === length - 1;
    const wide = Math.max(cell * 1.6, 64);
    const needs = textWidth(name, 12);
    const left = (t + (last ? 0.42 : 0.58)) * cell - (last ? needs : 0);
    if (sources.length > 1 || thick[t] * scale < 15 || needs > wide || left < 0) return [];
    return [
      {
        box: { left, right: left + needs, y: middles[t] * scale, thick: thick[t] },
        text: word(name),
        x: last ? t + 0.92 : t + 1.08,
        y: middles[t],
        xanchor: last ? "right" : "left",
        showarrow: false,
        font: { size: 12, color: readable(colors[k], theme) },
        bgcolor: colors[k], // neighbours and the cursor's line pass behind it
        borderpad: 0,
      },
    ];
  });
  /** @typedef {typeof named[number]["box"]} Box */
  /** @param {Box} one @param {Box} other */
  const meet = (one, other) =>
    Math.abs(one.y - other.y) < 15 && one.left < other.right + 4 && other.left < one.right + 4;
  /** @type {Box[]} */
  const kept = [];
  const boxes = named.map(({ box }) => box).sort((a, b) => b.thick - a.thick);
  for (const box of boxes) if (!kept.some((other) => meet(box, other))) kept.push(box);
  return named.filter(({ box }) => kept.includes(box)).map(({ box: _, ...name }) => name);
}
