/**
 * How far each unit's gates stand open over the sentence (as Karpathy, Johnson and Fei-Fei 2015):
 * the share of words at which a gate is nearly shut, below 0.1, and nearly open, above 0.9.
 */
import { plainLayout } from "../../draw/word-columns.js";
import { fixed } from "../../draw/format.js";
import { pageName, pageOf, unitAxis } from "../../ui/heatmap.js";
import { gatesOf } from "../../core/overrides.js";
import { countMark } from "../../arithmetic/memory-contributions.js";
import { NAMES } from "../../cells/quantities.js";
import { stepName } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Gate} Gate */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {{shut: number, open: number}} Saturation shares of the words */

const SHUT = 0.1;
const OPEN = 0.9;
const TOP = 48;
const BOTTOM = 26;
const RIGHT = 20;

/** Of every unit. @param {Trace} trace @param {Gate} gate @returns {Saturation[]} */
export function saturationOf(trace, gate) {
  const steps = trace.steps.filter(({ masked }) => !masked);
  const count = Math.max(1, steps.length);
  return Array.from({ length: trace.layer.units }, (_, unit) => ({
    shut: steps.filter((step) => step[gate][unit] < SHUT).length / count,
    open: steps.filter((step) => step[gate][unit] > OPEN).length / count,
  }));
}

/** The gates there are, without the candidate, which is none. @param {Trace} trace */
export const sigmoidGates = (trace) => gatesOf(trace).filter((name) => name !== "candidate");

/**
 * @param {Trace} trace
 * @param {{unit: number, theme: import("../../core/theme.js").Theme, width: number}} options
 * @returns {Figure}
 */
export function saturationFigure(trace, { unit, theme, width }) {
  const gates = sigmoidGates(trace);
  const page = pageOf(trace.layer.units, unit);
  const units = page.length;
  const left = 34;
  const gap = 44;
  const panel = (width - left - gap * (gates.length - 1) - RIGHT) / gates.length;
  const per = gates.map((gate) => saturationOf(trace, gate));
  const still = per.map((all) => all.every(({ shut, open }) => shut + open === 0));
  const room = still.includes(false) ? 400 : 96; // nothing to see needs no height
  const row =
    units <= 4 ? Math.max(20, 44 / units) : units <= 16 ? Math.min(20, room / 4) : room / units;
  const paged = pageName(page, trace.layer.units);
  const bottom = BOTTOM + (paged ? 24 : 0);
  const height = TOP + row * units + bottom;
  const figure = {
    data: gates.flatMap((gate, g) => barsOf(trace, gate, per[g], { g, page, unit, theme })),
    layout: {
      ...plainLayout(theme),
      width,
      height,
      barmode: "relative",
      bargap: row >= 8 ? 0.25 : 0,
      margin: { l: left, r: RIGHT, t: TOP, b: bottom },
      yaxis: unitAxis(page, row),
      ...Object.fromEntries(
        gates.map((_, g) => [axisName(g), axisOf(g, { panel, gap, left, width })]),
      ),
      annotations: gates.flatMap((gate, g) => [
        ...headings(gate, g, theme),
        ...(still[g] ? [nothing(g, { page, panel, theme })] : []),
        ...(paged && g === 0 ? [pageNote(paged, theme)] : []),
      ]),
      meta: {
        label: labelOf(trace, gates, per, unit),
        table: {
          columns: ["unit", ...gates.flatMap((gate) => ends(gate))],
          rows: per[0].map((_, k) => [
            `${k}`,
            ...per.flatMap((saturation, g) =>
              ENDS.map((end) => ({
                text: share(saturation[k][end.name]),
                mark: endMark(trace, gates[g], k, end),
              })),
            ),
          ]),
        },
      },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** @param {Gate} gate */
const ends = (gate) => [`${NAMES[gate] ?? gate} below 0.1`, `${NAMES[gate] ?? gate} above 0.9`];

/** The two ends of a gate. */
const ENDS = /** @type {const} */ ([
  { name: "shut", what: `below ${SHUT}`, test: (/** @type {number} */ value) => value < SHUT },
  { name: "open", what: `above ${OPEN}`, test: (/** @type {number} */ value) => value > OPEN },
]);

/** @param {Trace} trace @param {Gate} gate @param {number} unit
 * @param {typeof ENDS[number]} end */
const endMark = (trace, gate, unit, { what, test }) => countMark(trace, what, gate, unit, test);

/** @param {number} g */
const axisName = (g) => (g === 0 ? "xaxis" : `xaxis${g + 1}`);

/** @param {number} value */
const share = (value) => `${fixed(100 * value, 0)}%`;

/** Shut to the left, open to the right of the middle.
 * @param {Trace} trace @param {Gate} gate @param {Saturation[]} saturation
 * @param {{g: number, page: number[], unit: number, theme: import("../../core/theme.js").Theme}} options */
function barsOf(trace, gate, saturation, { g, page, unit, theme }) {
  const shown = page.map((k) => ({ k, ...saturation[k] }));
  const marks = page.map((k) => ({ quantity: gate, timestep: trace.steps.length, unit: k }));
  const text = shown.map(
    ({ k, shut, open }) =>
      `unit ${k}, ${NAMES[gate] ?? gate}<br>nearly shut at <b>${share(shut)}</b> of the ${stepName(trace, 2)}, ` +
      `nearly open at <b>${share(open)}</b>`,
  );
  const common = {
    type: "bar",
    orientation: "h",
    y: page,
    xaxis: g === 0 ? "x" : `x${g + 1}`,
    yaxis: "y",
    hoverinfo: "text",
    hovertext: text,
    textposition: "none",
    customdata: marks,
  };
  const line = {
    color: theme.ink,
    width: page.map((k) => (k === unit ? 2 : 0)),
  };
  const color = theme.quantity[gate] ?? theme.muted;
  return [
    { ...common, x: shown.map(({ shut }) => -shut), marker: { color: theme.muted, line } },
    { ...common, x: shown.map(({ open }) => open), marker: { color, line } },
  ];
}

/** @param {number} g @param {{panel: number, gap: number, left: number, width: number}} room */
function axisOf(g, { panel, gap, left, width }) {
  const inner = width - left - RIGHT;
  const start = g * (panel + gap);
  return {
    domain: [start / inner, Math.min(1, (start + panel) / inner)],
    range: [-1.04, 1.04],
    tickvals: panel > 130 ? [-1, -0.5, 0, 0.5, 1] : [-1, 0, 1],
    ticktext: panel > 130 ? ["100%", "50%", "0", "50%", "100%"] : ["100%", "0", "100%"],
    ticks: "",
    ticklabelstandoff: 5,
    showgrid: false,
    zeroline: true,
    zerolinewidth: 1,
    fixedrange: true,
  };
}

/** @param {Gate} gate @param {number} g @param {import("../../core/theme.js").Theme} theme */
function headings(gate, g, theme) {
  const at = { xref: g === 0 ? "x" : `x${g + 1}`, yref: "paper", y: 1, showarrow: false };
  const muted = { size: 11, color: theme.muted };
  return [
    {
      ...at,
      x: 0,
      yshift: 36,
      text: `<b>${NAMES[gate] ?? gate}</b>`,
      font: { size: 12, color: theme.quantity[gate] ?? theme.ink },
    },
    { ...at, x: -0.04, xanchor: "right", yshift: 14, text: "shut", font: muted },
    { ...at, x: 0.04, xanchor: "left", yshift: 14, text: "open", font: muted },
  ];
}

/** Where no unit's gate comes near an end. @param {number} g
 * @param {{page: number[], panel: number, theme: import("../../core/theme.js").Theme}} room */
const nothing = (g, { page, panel, theme }) => ({
  xref: g === 0 ? "x" : `x${g + 1}`,
  x: 0,
  y: (page[0] + page[page.length - 1]) / 2,
  text: panel > 150 ? "never below 0.1,<br>never above 0.9" : "never",
  font: { size: 11, color: theme.muted },
  bgcolor: theme.paper,
  borderpad: 3,
  showarrow: false,
});

/** Which units are shown. @param {string} text @param {import("../../core/theme.js").Theme} theme */
const pageNote = (text, theme) => ({
  xref: "paper",
  x: 0,
  yref: "paper",
  y: 0,
  yshift: -38,
  xanchor: "left",
  text,
  font: { size: 11, color: theme.muted },
  showarrow: false,
});

/** @param {Trace} trace @param {Gate[]} gates @param {Saturation[][]} per @param {number} unit */
function labelOf(trace, gates, per, unit) {
  const own = gates.map(
    (gate, g) =>
      `${NAMES[gate] ?? gate} nearly shut at ${share(per[g][unit].shut)} and nearly open at ` +
      `${share(per[g][unit].open)} of ${trace.steps.length} ${stepName(trace, trace.steps.length)}`,
  );
  return `Bars: how far every unit’s gates stand open. Unit ${unit}: ${own.join("; ")}.`;
}
