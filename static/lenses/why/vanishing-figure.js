/** How much the answer still moves with what the network held some words before: on a log axis. */
import { plainLayout } from "../../draw/word-columns.js";
import { derived } from "../../arithmetic/derived-numbers.js";
import { fixed } from "../../draw/format.js";
import { gradientMark } from "../../arithmetic/score-sum.js";
import { DECIMALS, amount, closed, factor, term } from "../../arithmetic/terms.js";
import { textWidth, word } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {{lstm: Trace, rnn: Trace}} Pair the same words through both, gradients included */
/** @typedef {{name: string, norms: number[], color: string, dash: string, width: number}} Line */

const LEAST = 1e-16; // what is smaller is drawn at the edge

/** The ends of a line that can be set on a log axis, the last word's first.
 * @param {number[]} norms by timestep */
function endsOf(norms) {
  const there = norms
    .map((norm, t) => ({ back: norms.length - 1 - t, norm }))
    .filter(({ norm }) => norm > 0);
  return there.length < 2 ? null : { near: there[there.length - 1], far: there[0] };
}

/** The factor that, taken once for each word back, leads from one end of a line to the other.
 * @param {number[]} norms by timestep */
export function factorPerStep(norms) {
  const ends = endsOf(norms);
  return ends && (ends.far.norm / ends.near.norm) ** (1 / (ends.far.back - ends.near.back));
}

/** A small number as people read it: in full decimals, as long as they can be counted.
 * @param {number} value */
export function plainNumber(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return digits <= 12 ? fixed(value, Math.min(digits, 12)) : value.toExponential(1);
}

/** How far one step of gradient descent moves a word's vector. @param {number} length */
export const updateMark = (length) =>
  derived(() => {
    const written = (/** @type {string} */ name, /** @type {number} */ value) => ({
      name,
      value,
      text: plainNumber(value),
      mark: name ? gradientMark("The length of the gradient") : null,
    });
    const result = { name: "length", value: length, text: plainNumber(length) };
    const factors = [
      { ...written("", 0.01), name: "learning rate" },
      written("gradient", length / 0.01),
    ];
    const label = "one step of gradient descent";
    return {
      title: "how far a word\u2019s vector would move",
      equation: "learning rate \u00d7 length of the loss\u2019s gradient",
      terms: [{ kind: "given", label, factors, product: length, text: result.text }],
      sum: result,
      activation: null,
      result,
    };
  });

/** How the factor of a line a word comes about. @param {Line} line
 * @returns {import("../../core/types.js").SumMark} */
const factorMark = ({ name, norms }) =>
  derived(() => {
    const ends = endsOf(norms);
    if (!ends) return "There is no way between two words to take a factor of.";
    const { near, far } = ends;
    const steps = far.back - near.back;
    const log = (/** @type {number} */ norm) =>
      factor(`ln ${norm.toPrecision(3)}`, Math.log(norm), gradientMark("This length"));
    const terms = [
      term("state", `${far.back} words back`, [log(far.norm)]),
      term("state", `less ${near.back} words back`, [factor("", -1), log(near.norm)]),
    ];
    const sum = Math.log(far.norm / near.norm);
    const value = Math.exp(sum / steps);
    return {
      title: `${name}: the factor for each word back`,
      equation: "the root of the last length by the first, one for each word back",
      terms: closed(terms, sum),
      sum: amount("sum", sum),
      activation: {
        name: "exp",
        symbol: "exp",
        input: fixed(sum, DECIMALS),
        output: fixed(value, DECIMALS),
        rounding: null,
        held: false,
        formula: `e^(${fixed(sum, DECIMALS)} \u00f7 ${steps}) = `,
      },
      result: amount("factor", value),
    };
  });

/** @param {Pair} pair @param {import("../../core/theme.js").Theme} theme @returns {Line[]} */
function linesOf({ lstm, rnn }, theme) {
  const { hidden_state: h, cell_state: c, direct } = gradientsOf(lstm);
  return [
    ...(c ? [line("LSTM, memory c", c, theme.quantity.cell_state, "solid", 3)] : []),
    ...(direct ? [line("forget gates alone", direct, theme.quantity.forget_gate, "dash", 2)] : []),
    line("LSTM, hidden h", h, theme.quantity.hidden_state, "solid", 1.6),
    line("simple RNN, h", gradientsOf(rnn).hidden_state, theme.muted, "solid", 3),
  ];
}

/** @param {string} name @param {number[]} norms @param {string} color @param {string} dash
 * @param {number} width @returns {Line} */
const line = (name, norms, color, dash, width) => ({ name, norms, color, dash, width });

/** @param {Trace} trace */
function gradientsOf(trace) {
  if (!trace.gradients) throw new Error("the figure needs gradients");
  return trace.gradients;
}

/** @param {Line} line */
function nameOf({ name, norms }) {
  const factor = factorPerStep(norms);
  return factor === null ? name : `${name}: ×${fixed(factor, 2)} a word`;
}

/**
 * @param {Pair} pair
 * @param {{theme: import("../../core/theme.js").Theme, width: number, cursor: number}} options cursor: a
 *   timestep to mark, 0 for none
 * @returns {Figure}
 */
export function vanishingFigure(pair, { theme, width, cursor }) {
  const lines = linesOf(pair, theme);
  const count = pair.lstm.steps.length;
  const beside = width >= 640;
  const names = lines.map(nameOf);
  const right = beside ? Math.max(...names.map((name) => textWidth(name, 12))) + 12 : 12;
  const top = beside ? 10 : 12 + 18 * lines.length;
  const plot = beside ? 300 : 240;
  const all = lines.flatMap(({ norms }) => norms.map((norm) => Math.max(norm, LEAST)));
  const [low, high] = [Math.min(...all), Math.max(...all)].map(Math.log10);
  const range = [Math.floor(low - 0.2), Math.ceil(high + 0.05)];
  const decades = range[1] - range[0];
  const every = Math.ceil(decades / 8);
  const plain = range[0] >= -6; // so far as zeros can be counted
  const ticks = Array.from(
    { length: Math.floor(decades / every) + 1 },
    (_, k) => range[0] + k * every,
  );
  const ends = spread(
    lines.map(({ norms }) => Math.log10(Math.max(norms[0], LEAST))),
    (17 * decades) / plot,
  );
  const figure = {
    data: lines.map(({ norms, color, dash, width: thick, name }) => ({
      type: "scatter",
      mode: count <= 60 ? "lines+markers" : "lines",
      x: norms.map((_, t) => count - 1 - t),
      y: norms.map((norm) => Math.max(norm, LEAST)),
      line: { color, dash, width: thick },
      marker: { color, size: thick + 2 },
      hoverinfo: "text",
      customdata: norms.map(() => gradientMark("This length")),
      hovertext: norms.map(
        (norm, t) =>
          `${name}<br>at “${word(pair.lstm.tokens[t].text)}”, ${count - 1 - t} words before the ` +
          `end: <b>${norm.toPrecision(3)}</b>`,
      ),
    })),
    layout: {
      ...plainLayout(theme),
      width,
      height: top + plot + 56,
      margin: { l: 62, r: right, t: top, b: 56 },
      xaxis: {
        range: [-0.3, count - 0.7],
        dtick: Math.max(1, Math.ceil(count / (width / 60))),
        tick0: 0,
        ticklabelstandoff: 4,
        title: { text: "words back from the end", font: { size: 12 }, standoff: 8 },
        gridcolor: theme.line,
        zeroline: false,
        fixedrange: true,
      },
      yaxis: {
        type: "log",
        range,
        tickvals: ticks.map((power) => 10 ** power),
        ticktext: ticks.map((power) => powerText(power, plain)),
        tickfont: { size: plain ? 11 : 16 }, // an exponent is smaller than its base
        gridcolor: theme.line,
        zeroline: false,
        fixedrange: true,
      },
      shapes: cursor > 0 ? [wordLine(count - cursor, theme)] : [],
      annotations: names.map((text, k) =>
        beside
          ? {
              text,
              x: count - 1,
              xanchor: "left",
              xshift: 8,
              y: ends[k],
              showarrow: false,
              captureevents: true,
              font: { size: 12, color: lines[k].color },
            }
          : {
              text,
              x: 0,
              xref: "paper",
              xanchor: "left",
              y: 1,
              yref: "paper",
              yanchor: "bottom",
              yshift: 6 + 18 * (lines.length - 1 - k),
              showarrow: false,
              captureevents: true,
              font: { size: 12, color: lines[k].color },
            },
      ),
      meta: {
        label: labelOf(pair, names),
        table: tableOf(pair, lines),
        opens: lines.map(factorMark),
      },
    },
  };
  return /** @type {Figure} */ (/** @type {unknown} */ (figure));
}

/** A power of ten in full, or with its exponent. @param {number} power @param {boolean} plain */
function powerText(power, plain) {
  if (plain || power === 0) return power < 0 ? (10 ** power).toFixed(-power) : `${10 ** power}`;
  return `10<sup>${power < 0 ? "\u2212" : ""}${Math.abs(power)}</sup>`;
}

/** @param {number} x @param {import("../../core/theme.js").Theme} theme */
const wordLine = (x, theme) => ({
  type: "line",
  x0: x,
  x1: x,
  y0: 0,
  y1: 1,
  yref: "paper",
  layer: "below",
  line: { color: theme.muted, width: 1, dash: "dot" },
});

/** Moves values apart until labels at them do not touch.
 * @param {number[]} values @param {number} least */
export function spread(values, least) {
  const order = values.map((_, k) => k).sort((a, b) => values[b] - values[a]);
  const moved = [...values];
  for (let k = 1; k < order.length; k++) {
    moved[order[k]] = Math.min(moved[order[k]], moved[order[k - 1]] - least);
  }
  return moved;
}

/** @param {Pair} pair @param {string[]} names */
function labelOf({ lstm }, names) {
  return (
    `Lines on a log axis: how the logit of “${lstm.gradients?.label}” moves with what was held up ` +
    `to ${lstm.steps.length - 1} words before. ${names.join("; ")}.`
  );
}

/** @param {Line} line */
const factorCell = (line) => ({
  text: fixed(factorPerStep(line.norms) ?? 0, 2),
  mark: factorMark(line),
});

/** @param {Pair} pair @param {Line[]} lines @returns {import("../../core/types.js").Table} */
function tableOf({ lstm }, lines) {
  return {
    columns: ["word", ...lines.map(({ name }) => name)],
    rows: lstm.tokens
      .map(({ text }, t) => [
        `${t + 1} ${text}`,
        ...lines.map(({ norms }) => ({
          text: norms[t].toPrecision(3),
          mark: gradientMark("This length"),
        })),
      ])
      .concat([["factor for each word back", ...lines.map(factorCell)]]),
  };
}
