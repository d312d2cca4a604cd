/** The memory ledger, words by words: a row for each word read, in it what every word has left. */
import { sizes } from "../../core/theme.js";
import { colorAt, readable } from "../../draw/color.js";
import { columnAxis, columnsOf, plainLayout } from "../../draw/word-columns.js";
import { compact, fixed } from "../../draw/format.js";
import { leftMark, sizeMark } from "../../arithmetic/memory-contributions.js";
import { stepName, textWidth, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Memory} Memory */
/** @typedef {import("../../core/types.js").Trace} Trace */

const TEXT = 11;
const ROW_WORD = 84; // pixels the word of a row may take

/** The numbers drawn: of one unit with signs, or of all units their sizes.
 * @param {Memory} memory @param {boolean} all */
export const rowsOf = ({ magnitude, contributions }, all) =>
  all || !contributions ? magnitude : contributions;

/** Whether there is an initial state to account for. @param {Memory} memory */
export const hasInitial = ({ magnitude }) => magnitude.some((row) => row[0] !== 0);

/** The sources, by number, and what they are called. @param {Trace} trace @param {Memory} memory */
export function sourcesOf(trace, memory) {
  const words = trace.tokens.map(({ text }, k) => ({ source: k + 1, text }));
  return hasInitial(memory) ? [{ source: 0, text: "before" }, ...words] : words;
}

/** Where the cells lie. @param {Trace} trace @param {Memory} memory @param {number} width */
export function ledgerGeometry(trace, memory, width) {
  const names = trace.tokens.map(({ text }) => text);
  const left = Math.min(ROW_WORD, Math.max(...names.map((text) => textWidth(text, TEXT)))) + 12;
  const columns = columnsOf(
    sourcesOf(trace, memory).map(({ text }) => text),
    { width, left },
  );
  const row = names.length <= 14 ? 24 : Math.max(3, Math.min(15, 440 / names.length));
  return { ...columns, row, height: row * names.length };
}

/** Whether a source has been read by then. @param {number} source 0 for the initial state
 * @param {number} timestep @param {boolean} backwards whether the layer reads from the end */
const isRead = (source, timestep, backwards) =>
  source === 0 || (backwards ? source >= timestep : source <= timestep);

/** How much of what a source wrote is left at a timestep, 0..1; null before it wrote.
 * @param {number[][]} rows (timesteps, sources) @param {number} source @param {number} timestep
 * @param {boolean} [backwards] whether the layer reads from the end */
export function shareLeft(rows, source, timestep, backwards = false) {
  if (!isRead(source, timestep, backwards)) return null;
  const first = source > 0 ? source - 1 : backwards ? rows.length - 1 : 0;
  const written = Math.abs(rows[first][source]);
  return written > 0 ? Math.min(1, Math.abs(rows[timestep - 1][source]) / written) : 0;
}

/**
 * @param {Trace} trace
 * @param {{memory: Memory, all: boolean, unit: number, theme: import("../../core/theme.js").Theme,
 *   width: number}} options
 * @returns {Figure}
 */
export function ledgerFigure(trace, { memory, all, unit, theme, width }) {
  const at = ledgerGeometry(trace, memory, width);
  const sources = sourcesOf(trace, memory);
  const rows = rowsOf(memory, all);
  const limit = Math.max(1e-9, ...rows.map((row) => Math.max(...row.map(Math.abs))));
  const z = trace.steps.map(({ timestep }) =>
    sources.map(({ source }) =>
      isRead(source, timestep, trace.layer.go_backwards ?? false)
        ? rows[timestep - 1][source]
        : null,
    ),
  );
  const scale = all ? sizes(theme) : theme.signed;
  const first = sources[0].source;
  const written = at.cell >= 36 && at.row >= 18;
  const figure = {
    data: [
      {
        type: "heatmap",
        z,
        x: sources.map(({ source }) => source),
        y: trace.steps.map(({ timestep }) => timestep),
        zmin: all ? 0 : -limit,
        zmax: limit,
        colorscale: scale,
        showscale: false,
        xgap: at.cell >= 8 ? 1 : 0,
        ygap: at.row >= 8 ? 1 : 0,
        hoverongaps: false,
        hoverinfo: "text",
        hovertext: z.map((row, t) =>
          row.map((value, k) =>
            value === null ? "" : hoverOf(trace, rows, t + 1, sources[k], value),
          ),
        ),
        customdata: z.map((row, t) =>
          row.map((_, k) => markOf(trace, sources[k].source, t + 1, all ? null : unit)),
        ),
      },
    ],
    layout: {
      ...plainLayout(theme),
      width,
      height: at.top + at.height + 4,
      margin: { l: at.left, r: at.right, t: at.top, b: 4 },
      xaxis: columnAxis(
        sources.map(({ text }) => text),
        at,
        first,
      ),
      yaxis: rowAxis(trace, at.row),
      annotations: written ? numbersIn(z, { first, all, limit, scale, theme }) : [],
      meta: {
        label: labelOf(trace, memory, all, unit),
        table: tableOf(trace, z, sources, all ? null : unit),
      },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** @param {Trace} trace @param {number[][]} rows @param {number} timestep
 * @param {{source: number, text: string}} source @param {number} value */
function hoverOf(trace, rows, timestep, { source, text }, value) {
  const who = source === 0 ? "the state before the first word" : `“${word(text)}”`;
  const share = shareLeft(rows, source, timestep, trace.layer.go_backwards) ?? 0;
  const percent = `${fixed(100 * share, 0)}% of what it wrote`;
  return (
    `after “${word(trace.tokens[timestep - 1].text)}”, of ${who}: <b>${fixed(value, 4)}</b>` +
    `<br>${percent}`
  );
}

/** @param {Trace} trace @param {number} row */
function rowAxis(trace, row) {
  const every = Math.max(1, Math.ceil((TEXT + 2) / row));
  const shown = trace.steps.filter((_, t) => t % every === 0).map(({ timestep }) => timestep);
  return {
    range: [trace.steps.length + 0.5, 0.5],
    tickvals: shown,
    ticktext: shown.map((t) => word(trace.tokens[t - 1].text, ROW_WORD, TEXT)),
    ticks: "",
    ticklabelstandoff: 7,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  };
}

/** @param {(number | null)[][]} z
 * @param {{first: number, all: boolean, limit: number, scale: [number, string][],
 *   theme: import("../../core/theme.js").Theme}} options */
function numbersIn(z, { first, all, limit, scale, theme }) {
  return z.flatMap((row, t) =>
    row.flatMap((value, k) => {
      if (value === null) return [];
      const fill = colorAt(scale, all ? value / limit : (value / limit + 1) / 2);
      const font = { size: 12, color: readable(fill, theme) };
      return [{ text: compact(value), x: first + k, y: t + 1, showarrow: false, font }];
    }),
  );
}

/** @param {Trace} trace @param {Memory} memory @param {boolean} all @param {number} unit */
function labelOf(trace, memory, all, unit) {
  const last = trace.steps.length;
  const left = memory.magnitude[trace.layer.go_backwards ? 0 : last - 1];
  const source = left.indexOf(Math.max(...left));
  const whose = source === 0 ? "the initial state" : `“${trace.tokens[source - 1].text}”`;
  const what = all ? "of all units, in sizes" : `of unit ${unit}, with signs`;
  return (
    `Memory ledger ${what}: a row for each of ${last} ${stepName(trace, last)} read, a column for each that wrote. ` +
    `At the end most of what is left is from ${whose}.`
  );
}

/** What a word has left, which opens. @param {Trace} trace @param {number} source
 * @param {number} timestep @param {number | null} unit null: all of them */
export const markOf = (trace, source, timestep, unit) =>
  unit === null ? sizeMark(trace, source, timestep) : leftMark(trace, source, timestep, unit);

/** @param {Trace} trace @param {(number | null)[][]} z
 * @param {{source: number, text: string}[]} sources @param {number | null} unit
 * @returns {import("../../core/types.js").Table} */
function tableOf(trace, z, sources, unit) {
  return {
    columns: ["after", ...sources.map(({ text }) => `of ${text}`)],
    rows: z.map((row, t) => [
      `${t + 1} ${trace.tokens[t].text}`,
      ...row.map((value, k) =>
        value === null
          ? ""
          : { text: fixed(value, 4), mark: markOf(trace, sources[k].source, t + 1, unit) },
      ),
    ]),
  };
}
