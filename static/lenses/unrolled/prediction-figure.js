/** What the model would say after each word: bars for the word of the cursor, and all words beside. */
import { colorAt, readable } from "../../draw/color.js";
import { derived, calculated } from "../../arithmetic/derived-numbers.js";
import { along, block, frame, join, label, toFigure, touch } from "../../draw/primitives.js";
import { fixed } from "../../draw/format.js";
import { answerAt, likelyLabels, percent } from "../../arithmetic/probabilities.js";
import { factor, term } from "../../arithmetic/terms.js";
import { fitted, isolate, nameAt, stepName, textWidth, word } from "../../draw/text.js";
import { windowAround } from "../../cells/quantities.js";

/** @typedef {import("../../core/theme.js").Theme} Theme */
/** @typedef {import("../../core/types.js").FigureOptions} FigureOptions */
/** @typedef {import("../../core/types.js").Prediction} Prediction */
/** @typedef {import("../../core/types.js").Trace} Trace */

const ROW = 27;

const HEAD = 26; // the line of words

const SIDE_BY_SIDE_FROM = 560;

const CELL = { least: 46, most: 96 };

const ROOMY = { from: 900, least: 64 }; // where there is room, longer words are whole

/**
 * @param {Trace} trace
 * @param {FigureOptions} options
 * @returns {import("../../core/types.js").Figure}
 */
export function predictionFigure(trace, options) {
  const { prediction } = trace;
  if (!prediction?.by_timestep) return nothing(trace, options);
  const shown = likelyLabels(prediction);
  const plan = planOf(trace, prediction, shown, options);
  return toFigure(
    join(
      bars(trace, prediction, shown, plan, options),
      grid(trace, prediction, shown, plan, options),
      others(trace, prediction, shown, plan, options),
    ),
    {
      width: options.width,
      height: plan.height,
      theme: options.theme,
      label: labelOf(trace, options.timestep),
      table: tableOf(trace, prediction),
    },
  );
}

/** What is said of the labels that are not shown, which opens their sum where it is largest.
 * @param {Trace} trace @param {Prediction} prediction @param {number[]} shown
 * @param {Plan} plan @param {FigureOptions} options */
function others(trace, { labels, by_timestep }, shown, { height }, { theme, width }) {
  const rest = labels.map((_, k) => k).filter((k) => !shown.includes(k));
  if (rest.length === 0) return null;
  const rows = by_timestep ?? [];
  const sums = rows.map((row) => rest.reduce((sum, k) => sum + row[k], 0));
  const most = Math.max(...sums);
  const timestep = sums.indexOf(most) + 1;
  const one = rest.length === 1;
  const what = one ? "One more label" : `The ${rest.length} others together`;
  const text = `${what} never reach${one ? "es" : ""} more than ${percent(most)}.`;
  const mark = derived(
    () =>
      calculated({
        title: `${what.toLowerCase()}, after ${nameAt(trace, timestep)}`,
        terms: rest.map((unit) => {
          const mark = { quantity: /** @type {const} */ ("answer"), timestep, unit };
          return term("state", isolate(labels[unit]), [
            factor("p", rows[timestep - 1][unit], mark),
          ]);
        }),
        value: most,
        note: `, that is ${percent(most)}`,
      }),
    { timestep },
  );
  const y = height - 10;
  const size = width < 320 ? 11 : 12;
  const hover = `after \u201c${word(trace.tokens[timestep - 1].text)}\u201d: <b>${percent(most)}</b>`;
  return join(
    label(10, y, text, { color: theme.muted, size, align: "left" }),
    touch(along(10, 10 + textWidth(text, size)).map((x) => ({ x, y, text: hover, mark }))),
  );
}

/**
 * Where everything stands: names, bars and the grid of words side by side, or the grid below.
 *
 * @param {Trace} trace @param {Prediction} prediction @param {number[]} shown
 * @param {FigureOptions} options
 */
function planOf(trace, prediction, shown, { timestep, width }) {
  const longest = Math.max(...shown.map((k) => textWidth(prediction.labels[k], 13)));
  const beside = width >= SIDE_BY_SIDE_FROM;
  const names = Math.min(Math.max(longest, 30) + 18, width * (beside ? 0.3 : 0.42));
  const percents = 52;
  const barWidth = beside ? Math.min(240, width * 0.24) : width - names - percents - 6;
  const left = beside ? names + barWidth + percents + 12 : names;
  const room = width - left - 6;
  const words = windowAround(
    trace.steps.length,
    timestep - 1,
    Math.max(1, Math.floor(room / (width < ROOMY.from ? CELL.least : ROOMY.least))),
  ).map((t) => t + 1);
  const rows = shown.length * ROW;
  const gridTop = beside ? HEAD : HEAD + rows + 14 + HEAD;
  const notes = prediction.labels.length > shown.length ? 24 : 6;
  return {
    names,
    barWidth,
    beside,
    words,
    left,
    cell: Math.min(CELL.most, room / words.length),
    barTop: HEAD,
    gridTop,
    height: gridTop + rows + notes,
  };
}

/** @typedef {ReturnType<typeof planOf>} Plan */

/** @param {Trace} trace @param {Prediction} prediction @param {number[]} shown
 * @param {Plan} plan @param {FigureOptions} options */
function bars(trace, prediction, shown, plan, { timestep, theme }) {
  const row = /** @type {number[][]} */ (prediction.by_timestep)[timestep - 1];
  const best = answerAt(trace, timestep).index;
  const { names, barWidth, barTop } = plan;
  const text = word(trace.tokens[timestep - 1].text, barWidth, 12);
  return join(
    label(names, barTop - 12, `after \u201c${text}\u201d`, {
      color: theme.muted,
      align: "left",
    }),
    ...shown.map((k, i) => {
      const y = barTop + i * ROW;
      const color = k === best ? theme.ink : theme.muted;
      return join(
        nameOf(prediction.labels[k], names, y + ROW / 2, { color, bold: k === best }),
        frame(
          { x: names, y: y + 5, width: barWidth, height: ROW - 10 },
          { fill: theme.panel, radius: 3 },
        ),
        frame(
          { x: names, y: y + 5, width: Math.max(2, row[k] * barWidth), height: ROW - 10 },
          { fill: color, radius: 3 },
        ),
        label(names + barWidth + 8, y + ROW / 2, percent(row[k]), {
          color,
          bold: k === best,
          align: "left",
        }),
        barHits(
          prediction.labels[k],
          row[k],
          { quantity: "answer", timestep, unit: k },
          [names + 0.1 * barWidth, names + 0.5 * barWidth, names + barWidth + 24],
          y + ROW / 2,
        ),
      );
    }),
  );
}

/** Places on a bar, and its number, that open it. @param {string} name @param {number} p
 * @param {import("../../core/types.js").AnswerMark} mark @param {number[]} across @param {number} y */
function barHits(name, p, mark, across, y) {
  const text = `${word(name)}: <b>${fixed(100 * p, 1)}%</b>`;
  return touch(across.map((x) => ({ x, y, text, mark })));
}

/** @param {string} name @param {number} right @param {number} y
 * @param {{color: string, bold: boolean}} style */
function nameOf(name, right, y, style) {
  const { text, size } = fitted(name, right - 10, 13, style.bold);
  return label(right - 8, y, text, { ...style, size, align: "right" });
}

/** @param {Trace} trace @param {Prediction} prediction @param {number[]} shown
 * @param {Plan} plan @param {FigureOptions} options */
function grid(trace, prediction, shown, plan, { timestep, theme }) {
  const { words, left, cell, gridTop, names, beside } = plan;
  const width = cell * words.length;
  /** @type {[number, string][]} */
  const scale = [
    [0, theme.panel],
    [1, theme.ink],
  ];
  const rows = shown.map((k, i) => {
    const y = gridTop + i * ROW;
    const values = words.map((t) => {
      const p = /** @type {number[][]} */ (prediction.by_timestep)[t - 1][k];
      const color = colorAt(scale, p);
      return {
        text: p >= 0.005 ? fixed(100 * p, 0) : "",
        color,
        ink: readable(color, theme),
        hover:
          `after \u201c${word(trace.tokens[t - 1].text)}\u201d<br>` +
          `${word(prediction.labels[k])}: <b>${fixed(100 * p, 1)}%</b>`,
        mark: { quantity: /** @type {const} */ ("answer"), timestep: t, unit: k },
        selected: false,
      };
    });
    return join(
      beside
        ? null
        : nameOf(prediction.labels[k], names, y + ROW / 2, { color: theme.muted, bold: false }),
      block({ x: left, y: y + 1, width, height: ROW - 2 }, values, words.length, {
        line: null,
        hairline: theme.paper,
        selection: theme.ink,
      }),
    );
  });
  const at = words.indexOf(timestep);
  const column = {
    x: left + at * cell,
    y: gridTop - 1,
    width: cell,
    height: shown.length * ROW + 2,
  };
  return join(
    ...words.map((t, i) => wordAbove(trace, t, left + (i + 0.5) * cell, plan, timestep, theme)),
    ...rows,
    frame(column, { line: theme.ink, lineWidth: 2.6, radius: 3, layer: "above" }),
  );
}

/** @param {Trace} trace @param {number} t @param {number} x @param {Plan} plan
 * @param {number} timestep @param {Theme} theme */
function wordAbove(trace, t, x, { gridTop, cell }, timestep, theme) {
  const here = t === timestep;
  const { text, size } = fitted(trace.tokens[t - 1].text, cell - 4, 12, here);
  return label(x, gridTop - 13, text, {
    color: here ? theme.ink : theme.muted,
    bold: here,
    size,
  });
}

/** @param {Trace} trace @param {number} timestep */
function labelOf(trace, timestep) {
  const { label: answer, probability } = answerAt(trace, timestep);
  const { length } = trace.steps;
  return (
    `What the model would say after each of ${length} ${stepName(trace, length)}. After ` +
    `${nameAt(trace, timestep)}: ${answer}, ${percent(probability)}.`
  );
}

/** @param {Trace} trace @param {Prediction} prediction @returns {import("../../core/types.js").Table} */
function tableOf(trace, { labels, by_timestep }) {
  return {
    columns: [stepName(trace), ...labels],
    rows: (by_timestep ?? []).map((row, t) => [
      `${t + 1} ${trace.tokens[t].text}`,
      ...row.map((p, k) => ({
        text: `${fixed(100 * p, 1)}%`,
        mark: { quantity: /** @type {const} */ ("answer"), timestep: t + 1, unit: k },
      })),
    ]),
  };
}

/** A model that answers nothing, or only once everything has been read.
 * @param {Trace} trace @param {FigureOptions} options */
function nothing({ prediction, answer }, { width, theme }) {
  let text = "This model says nothing after each word: it has no head that could.";
  if (answer) text = "This model’s output is numbers, no probabilities: Your model shows them.";
  if (prediction) text = "This model answers only once everything has been read.";
  // the second half on a line of its own where there is no room
  const lines = textWidth(text, 12) < width ? [text] : text.split(/(?<=:) |(?= once)/);
  const drawn = lines.map((line, k) =>
    label(4, 14 + 18 * k, line.trim(), { color: theme.muted, align: "left" }),
  );
  return toFigure(join(...drawn), {
    width,
    height: 22 + 18 * (lines.length - 1) + 8,
    theme,
    label: text,
    table: { columns: ["word"], rows: [] },
  });
}
