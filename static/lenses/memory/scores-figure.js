/**
 * How a logit comes about: the exact share of every word, each bar beginning where the one before
 * ended, down to the logit and the probability it means. Beside them, on the same scale, what two
 * other measures say of the same word.
 */
import { along, frame, join, label, toFigure, touch, wire } from "../../draw/primitives.js";
import { fixed } from "../../draw/format.js";
import {
  biasMark,
  gradientMark,
  leftOutMark,
  scoreMark,
  togetherMark,
} from "../../arithmetic/score-sum.js";
import { fitted, nameAt, stepName, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {{name: string, value: number, from: number, to: number, timesteps: number[]}} Row
 *   timesteps: the words it stands for, none for bias and initial state */
/** @typedef {import("../../core/types.js").SumMark} SumMark */
/** @typedef {{value: number, without: number | null}} LeftOut how much the label's logit falls, and what it
 *   is without the word; null where it was the only one */

const ROW = 22;
const MOST = 28; // rows of words
const HEAD = 44;

/**
 * The rows of the waterfall: bias, initial state, words. Of many words, neighbours of little weight
 * share a row.
 *
 * @param {Trace} trace
 * @returns {Row[]}
 */
export function waterfallRows(trace) {
  const { attributions, tokens } = trace;
  if (!attributions) return [];
  const { bias, initial_state, scores } = attributions;
  const ranked = scores.map((_, t) => t).sort((a, b) => Math.abs(scores[b]) - Math.abs(scores[a]));
  const own = new Set(scores.length <= MOST ? ranked : ranked.slice(0, MOST / 2));
  /** @type {{name: string, value: number, timesteps: number[]}[]} */
  const rows = [{ name: "bias", value: bias, timesteps: [] }];
  if (initial_state !== 0)
    rows.push({ name: "initial state", value: initial_state, timesteps: [] });
  scores.forEach((value, t) => {
    const last = rows[rows.length - 1];
    if (own.has(t) || last.timesteps.length === 0 || own.has(last.timesteps[0] - 1)) {
      rows.push({ name: tokens[t].text, value, timesteps: [t + 1] });
    } else {
      last.timesteps.push(t + 1);
      last.value += value;
      last.name = `${last.timesteps.length} ${stepName(trace, 2)}`;
    }
  });
  let sum = 0;
  return rows.map((row) => ({ ...row, from: sum, to: (sum += row.value) }));
}

/** Where the row of a word stands. @param {Trace} trace @param {number} timestep */
export function waterfallRowAt(trace, timestep) {
  const k = waterfallRows(trace).findIndex(({ timesteps }) => timesteps.includes(timestep));
  return { top: HEAD + k * ROW, height: ROW };
}

/** What the columns are called, and what each says. */
const COLUMNS = [
  { title: "exact share", note: "adds up to the logit", short: ["exact share", "adds up"] },
  { title: "gradient × input", note: "an estimate", short: ["gradient", "× input"] },
  { title: "left out", note: "measured by a rerun", short: ["left out", "rerun"] },
];

/**
 * @param {Trace} trace with attributions and gradients of one label
 * @param {{theme: import("../../core/theme.js").Theme, width: number,
 *   leftOut: LeftOut[] | null}} options leftOut: for each word, the logit minus that without it
 * @returns {Figure}
 */
export function waterfallFigure(trace, options) {
  const rows = waterfallRows(trace);
  const { theme, width, leftOut } = options;
  const { attributions, gradients, prediction } = trace;
  if (!attributions || !prediction) throw new Error("a waterfall needs attributions");
  const wide = width >= 620;
  const left = wide ? 112 : 72;
  const gap = wide ? 26 : 10;
  const share = (width - left - 2 * gap) / (wide ? 4 : 3.8);
  const widths = wide ? [2 * share, share, share] : [1.9 * share, 0.95 * share, 0.95 * share];
  const starts = [left, left + widths[0] + gap, left + widths[0] + widths[1] + 2 * gap];
  const of = (/** @type {number[] | undefined | null} */ values, /** @type {Row} */ row) =>
    values && row.timesteps.length > 0
      ? row.timesteps.reduce((sum, t) => sum + values[t - 1], 0)
      : null;
  const beside = [gradients?.input_dot, leftOut?.map(({ value }) => value)];
  const marksOf = (/** @type {Row} */ row) => opens(trace, row, leftOut);
  const reach = rows.flatMap(({ from, to }) => [from, to]);
  const main = scaleOf(Math.min(0, ...reach), Math.max(0, ...reach), starts[0], widths[0]);
  const others = beside.flatMap((values) => rows.map((row) => of(values, row) ?? 0));
  const side = [1, 2].map((k) =>
    scaleOf(Math.min(0, ...others), Math.max(0, ...others), starts[k], widths[k]),
  );
  const y = (/** @type {number} */ k) => HEAD + k * ROW;
  const total = rows.length;
  const bottom = y(total) + 6;
  const pale = { line: theme.line, lineWidth: 1 };
  const drawn = join(
    ...COLUMNS.map(({ title, note, short }, k) =>
      headOf(starts[k], wide ? [title, note] : short, theme),
    ),
    zeroLine(main(0), bottom, theme),
    ...side.map((scale) => zeroLine(scale(0), bottom, theme)),
    ...rows.map((row, k) =>
      join(
        nameOf(row, left, y(k), theme),
        barOf([main(row.from), main(row.to)], y(k), { fill: hue(row.value, theme) }),
        k + 1 < total
          ? wire(
              [
                [main(row.to), y(k) + 3],
                [main(row.to), y(k + 1) + ROW - 3],
              ],
              { color: theme.muted, width: 1, arrow: false },
            )
          : null,
        numberOf(row.value, [main(row.from), main(row.to)], y(k), theme, starts[0], widths[0]),
        ...side.map((scale, s) => {
          const value = of(beside[s], row);
          if (value === null) return null;
          const ends = [scale(0), scale(value)];
          return join(
            barOf(ends, y(k), {
              ...pale,
              line: hue(value, theme),
              fill: theme.paper,
              lineWidth: 1.6,
            }),
            wide ? numberOf(value, ends, y(k), theme, starts[s + 1], widths[s + 1]) : null,
          );
        }),
        hitsOf(row, y(k), starts, widths, [
          { value: row.value, mark: marksOf(row).share },
          { value: of(beside[0], row), mark: marksOf(row).gradient },
          { value: of(beside[1], row), mark: marksOf(row).without },
        ]),
      ),
    ),
    ends(attributions, prediction, trace.steps.length, {
      y: bottom,
      left,
      main,
      width: widths[0],
      theme,
      wide,
    }),
  );
  return toFigure(drawn, {
    width,
    height: bottom + 62,
    theme,
    label: labelOf(trace, rows),
    table: tableOf(trace, rows, beside, of, marksOf),
  });
}

/** @param {number} x @param {string[]} lines @param {import("../../core/theme.js").Theme} theme */
const headOf = (x, [title, note], theme) =>
  join(
    label(x, 10, title, { color: theme.ink, bold: true, align: "left", size: 11.5 }),
    label(x, 27, note, { color: theme.muted, size: 11, align: "left" }),
  );

/** Room for the numbers, to the right of the longest bar: none reaches the names. */
const NUMBER = 42;
const LEFT = 8;

/** @param {number} low @param {number} high @param {number} start @param {number} width */
function scaleOf(low, high, start, width) {
  const span = high - low || 1;
  const right = Math.min(NUMBER, 0.4 * width);
  return (/** @type {number} */ value) =>
    start + LEFT + ((value - low) / span) * (width - LEFT - right);
}

/** @param {number} value @param {import("../../core/theme.js").Theme} theme */
const hue = (value, theme) => (value < 0 ? theme.muted : theme.ink);

/** @param {number} x @param {number} bottom @param {import("../../core/theme.js").Theme} theme */
const zeroLine = (x, bottom, theme) =>
  wire(
    [
      [x, HEAD],
      [x, bottom - 4],
    ],
    { color: theme.line, width: 1, arrow: false },
  );

/** @param {number[]} ends @param {number} y @param {{fill: string, line?: string,
 *   lineWidth?: number}} style */
const barOf = (ends, y, style) =>
  frame(
    {
      x: Math.min(...ends),
      y: y + 4,
      width: Math.max(1.5, Math.abs(ends[1] - ends[0])),
      height: ROW - 8,
    },
    { ...style, radius: 2 },
  );

/** @param {Row} row @param {number} left @param {number} y
 * @param {import("../../core/theme.js").Theme} theme */
function nameOf({ name, timesteps }, left, y, theme) {
  const { text, size } = timesteps.length ? fitted(name, left - 12, 12) : { text: name, size: 12 };
  return label(left - 8, y + ROW / 2, text, {
    color: timesteps.length === 1 ? theme.ink : theme.muted,
    size,
    align: "right",
  });
}

/** @param {number} value @param {number[]} ends @param {number} y
 * @param {import("../../core/theme.js").Theme} theme @param {number} start @param {number} width */
function numberOf(value, ends, y, theme, start, width) {
  const text = value >= 0.005 ? `+${fixed(value)}` : fixed(value);
  const right = Math.max(...ends) + 5;
  const fits = right + 34 <= start + width;
  return label(fits ? right : Math.min(...ends) - 5, y + ROW / 2, text, {
    color: theme.ink,
    size: 11,
    align: fits ? "left" : "right",
  });
}

/** What the numbers of a row open: sums over the words that it stands for.
 * @param {Trace} trace @param {Row} row @param {LeftOut[] | null} leftOut */
function opens(trace, { name, timesteps }, leftOut) {
  const { scores = [] } = trace.attributions ?? {};
  const [first = 0] = timesteps;
  /** @param {string} title @param {(t: number) => {value: number, mark: SumMark}} of */
  const together = (title, of) =>
    timesteps.length === 1
      ? of(first).mark
      : togetherMark(
          title,
          timesteps.map((t) => ({ name: nameAt(trace, t), ...of(t) })),
          first,
        );
  const share = (/** @type {number} */ t) => ({ value: scores[t - 1], mark: scoreMark(trace, t) });
  const gradient = { ...gradientMark("Gradient \u00d7 input"), timestep: first };
  if (first === 0) {
    return {
      share: name === "bias" ? biasMark(trace) : scoreMark(trace, 0),
      gradient,
      without: null,
    };
  }
  const without = (/** @type {number} */ t) => {
    const { value, without: rest } = /** @type {LeftOut[]} */ (leftOut)[t - 1];
    return { value, mark: leftOutMark(trace, rest, t) };
  };
  return {
    share: together(`share of ${name}`, share),
    gradient,
    without: leftOut && together(`what leaving each of ${name} out changes`, without),
  };
}

/** @param {Row} row @param {number} y @param {number[]} starts @param {number[]} widths
 * @param {{value: number | null, mark: SumMark | null}[]} columns */
function hitsOf({ name, timesteps }, y, starts, widths, columns) {
  const lines = COLUMNS.map(({ title }, k) => [title, columns[k].value])
    .filter(([, value]) => value !== null)
    .map(([title, value]) => `${title}: <b>${fixed(Number(value), 4)}</b>`);
  const text = [timesteps.length ? word(name) : name, ...lines].join("<br>");
  const hits = starts.flatMap((start, k) =>
    along(start, start + widths[k]).map((x) => ({
      x,
      y: y + ROW / 2,
      text,
      mark: columns[k].value === null ? columns[0].mark : columns[k].mark,
    })),
  );
  return touch(hits);
}

/** The logit, and the probability that it means: both open the sum behind them.
 * @param {import("../../core/types.js").Attributions} attributions
 * @param {import("../../core/types.js").Prediction} prediction @param {number} timestep
 * @param {{y: number, left: number, main: (value: number) => number, width: number,
 *   theme: import("../../core/theme.js").Theme, wide: boolean}} place */
function ends({ logit, label: name }, prediction, timestep, { y, left, main, width, theme, wide }) {
  const index = prediction.labels.indexOf(name);
  const probability = prediction.probabilities[index];
  const mark = { quantity: /** @type {const} */ ("answer"), timestep, unit: index };
  /** @param {number} at @param {string} text */
  const across = (at, text) => along(left, left + width).map((x) => ({ x, y: at, text, mark }));
  const scale = (/** @type {number} */ value) => left + LEFT + value * (width - 60);
  const squash = prediction.labels.length > 2 ? "softmax" : "σ";
  const percent = `${fixed(100 * probability, 1)}%`;
  const line = { x: 4, y: y - 3, width: left + width - 4, height: 1.5 };
  return join(
    frame(line, { fill: theme.ink, radius: 0 }),
    label(left - 8, y + ROW / 2, "logit", { color: theme.ink, bold: true, align: "right" }),
    barOf([main(0), main(logit)], y, { fill: theme.ink }),
    numberOf(logit, [main(0), main(logit)], y, theme, left, width),
    label(left - 8, y + 1.7 * ROW, wide ? `by ${squash}` : squash, {
      color: theme.muted,
      align: "right",
    }),
    frame(
      { x: scale(0), y: y + 1.7 * ROW - 7, width: scale(1) - scale(0), height: 14 },
      { fill: theme.panel, radius: 2 },
    ),
    frame(
      {
        x: scale(0),
        y: y + 1.7 * ROW - 7,
        width: Math.max(1.5, scale(probability) - scale(0)),
        height: 14,
      },
      { fill: theme.quantity.hidden_state, radius: 2 },
    ),
    label(scale(1) + 6, y + 1.7 * ROW, percent, { color: theme.ink, bold: true, align: "left" }),
    touch([
      ...across(y + ROW / 2, `logit: <b>${fixed(logit, 4)}</b>`),
      ...across(y + 1.7 * ROW, `${word(name)}: <b>${percent}</b>`),
    ]),
  );
}

/** @param {Trace} trace @param {Row[]} rows */
function labelOf({ attributions }, rows) {
  return (
    `Waterfall of ${rows.length} shares that add up to the logit ` +
    `${fixed(attributions?.logit ?? 0)} of “${attributions?.label}”; beside each gradient ` +
    "times input, and what leaving it out changes."
  );
}

/** @param {Trace} trace @param {Row[]} rows @param {(number[] | undefined | null)[]} beside
 * @param {(values: number[] | undefined | null, row: Row) => number | null} of
 * @param {(row: Row) => ReturnType<typeof opens>} marksOf
 * @returns {import("../../core/types.js").Table} */
function tableOf(trace, rows, beside, of, marksOf) {
  const write = (/** @type {number | null} */ value, /** @type {SumMark | null} */ mark) => {
    if (value === null) return "";
    return mark ? { text: fixed(value, 4), mark } : fixed(value, 4);
  };
  const sofar = rows.map((row, k) =>
    togetherMark(
      `shares up to ${row.name}`,
      rows
        .slice(0, k + 1)
        .map((one) => ({ name: one.name, value: one.value, mark: marksOf(one).share })),
      row.timesteps[0] ?? 0,
    ),
  );
  return {
    columns: [stepName(trace), "share of the logit", "sum so far", "gradient × input", "left out"],
    rows: rows.map((row, k) => [
      row.timesteps.length === 1 ? `${row.timesteps[0]} ${row.name}` : row.name,
      write(row.value, marksOf(row).share),
      write(row.to, sofar[k]),
      write(of(beside[0], row), marksOf(row).gradient),
      write(of(beside[1], row), marksOf(row).without),
    ]),
  };
}
