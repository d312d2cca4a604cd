/**
 * The sum behind a probability: hidden states times the weights of the head, a bias, and what makes
 * probabilities of such sums. Everything adds up as displayed, as in every other arithmetic.
 */
import { fixed } from "../draw/format.js";
import { percent } from "./probabilities.js";
import { DECIMALS, amount, below, closed, digits, factor, factorAt, term, write } from "./terms.js";
import { isolate, nameAt } from "../draw/text.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Head} Head */
/** @typedef {import("../core/types.js").AnswerMark} AnswerMark */
/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */
/** @typedef {import("./arithmetic.js").Term} Term */
/** @typedef {{run: Trace, timestep: number, unit: number, row: number, share: number}} Reading a
 *   hidden state the head reads, the row of its weights, and the part of it that counts */

const MOST = 160; // terms on their own
const KEPT = 60; // of more: those that weigh most, the others together

/** The runs of the directions a head reads, each with the first row of its weights.
 * @param {Trace} trace @param {Head} head */
function halvesOf(trace, { directions, runs = [trace] }) {
  let first = 0;
  return directions.map(({ layer, units }) => {
    const half = { run: runs.find((run) => run.layer.name === layer) ?? trace, units, first };
    first += units;
    return half;
  });
}

/** What is read of the hidden states after a word. @param {Trace} trace @param {Head} head
 * @param {number} timestep @returns {Reading[]} */
export function readings(trace, head, timestep) {
  const halves = halvesOf(trace, head);
  const width = halves.reduce((sum, { units }) => sum + units, 0);
  /** @param {(run: Trace) => number} at @param {number} share @param {number} above rows */
  const unitsAt = (at, share = 1, above = 0) =>
    halves.flatMap(({ run, units, first }) =>
      Array.from({ length: units }, (_, unit) => {
        return { run, timestep: at(run), unit, row: above + first + unit, share };
      }),
    );
  const unitsOf = (/** @type {number} */ t, share = 1, above = 0) => unitsAt(() => t, share, above);
  const times = Array.from({ length: timestep }, (_, k) => k + 1);
  const masked = (/** @type {number} */ t) => trace.steps[t - 1].masked === true;
  const value = (/** @type {Trace} */ run, /** @type {number} */ t, /** @type {number} */ unit) =>
    head.skips_masked && masked(t) ? 0 : run.steps[t - 1].hidden_state[unit];
  switch (head.reads) {
    case "flatten":
      return times
        .filter((t) => !(head.skips_masked && masked(t)))
        .flatMap((t) => unitsOf(t, 1, (t - 1) * width));
    case "average": {
      const read = times.filter((t) => !masked(t));
      return read.flatMap((t) => unitsOf(t, 1 / read.length));
    }
    case "max":
      return unitsOf(0).map((one) => ({
        ...one,
        timestep: times.reduce(
          (a, b) => (value(one.run, b, one.unit) > value(one.run, a, one.unit) ? b : a),
          1,
        ),
      }));
    case "final":
      return unitsAt(({ layer }) => (layer.go_backwards ? 1 : timestep));
    default:
      return head.skips_masked && masked(timestep) ? [] : unitsOf(timestep);
  }
}

/** The sum of one output. @param {Head} head @param {Reading[]} read @param {number} column */
const sumOf = (head, read, column) =>
  read.reduce(
    (sum, { run, timestep, unit, row, share }) =>
      sum + share * run.steps[timestep - 1].hidden_state[unit] * head.kernel[row][column],
    head.bias[column],
  );

/** @param {Trace} trace @param {Head} head @param {Reading[]} read @param {number} column */
function termsOf(trace, head, read, column) {
  const terms = read.map(({ run, timestep, unit, row, share }) =>
    term("hidden", `${unitName(run, head, unit)}, after ${nameAt(trace, timestep)}`, [
      factorAt(run, ofRun(run, trace, { quantity: "hidden_state", timestep, unit })),
      factor(`W[${row},${column}]`, head.kernel[row][column]),
      ...(share === 1 ? [] : [factor("of all", share)]),
    ]),
  );
  const bias = term("bias", "bias", [factor(`b[${column}]`, head.bias[column])]);
  return [...gathered(terms), bias];
}

/** A number of a run, which may not be the one that is shown. @param {Trace} run
 * @param {Trace} shown @param {import("../core/types.js").Mark} mark */
export const ofRun = (run, shown, mark) => (run === shown ? mark : { ...mark, run });

/** What a unit is called, and its direction where there are two. @param {Trace} run
 * @param {Head} head @param {number} unit */
export const unitName = ({ layer }, { directions }, unit) =>
  directions.length > 1
    ? `unit ${unit} ${layer.go_backwards ? "backward" : "forward"}`
    : `unit ${unit}`;

/** Of very many terms those that weigh most, and the others as one. @param {Term[]} terms */
export function gathered(terms) {
  if (terms.length <= MOST) return terms;
  const sizes = terms.map(({ product }) => Math.abs(product)).sort((a, b) => b - a);
  let room = KEPT;
  /** @param {Term} one */
  const stays = ({ product }) => Math.abs(product) >= sizes[KEPT - 1] && room-- > 0;
  const own = terms.filter(stays);
  const others = terms.filter((one) => !own.includes(one));
  const total = others.reduce((sum, { product }) => sum + digits(product), 0);
  /** @type {Term} */
  const rest = {
    kind: "rest",
    label: `the ${others.length} smaller products together`,
    factors: [],
    product: total / 10 ** DECIMALS,
    text: write(total),
  };
  return [...own, rest];
}

/** A number with five digits that count, for what has no fixed size. @param {number} value */
const roughly = (value) => String(Number(value.toPrecision(5)));

/**
 * How a probability comes of the sums.
 *
 * @param {Head} head
 * @param {number[]} sums one for each output
 * @param {number} label
 * @returns {{probability: number, formula: string}}
 */
function squash(head, sums, label) {
  const single = sums.length === 1;
  const z = sums[single ? 0 : label];
  const shown = fixed(z, DECIMALS);
  const sigma = 1 / (1 + Math.exp(-z));
  if (head.activation === "softmax") {
    const powers = sums.map((sum) => Math.exp(sum));
    const all = powers.reduce((sum, power) => sum + power, 0);
    const top = Math.max(...sums);
    const safe = sums.reduce((sum, other) => sum + Math.exp(other - top), 0);
    const formula =
      `e^(${shown}) \u00f7 (e^sum of all ${sums.length} answers together) = ` +
      `${roughly(powers[label])} \u00f7 ${roughly(all)} = `;
    return { probability: Math.exp(z - top) / safe, formula };
  }
  if (head.activation === "sigmoid" && single && label === 0) {
    return { probability: 1 - sigma, formula: `1 \u2212 \u03c3(${shown}) = ` };
  }
  if (head.activation === "sigmoid") return { probability: sigma, formula: `\u03c3(${shown}) = ` };
  return { probability: z, formula: `${head.activation}(${shown}) = ` };
}

/**
 * The arithmetic of a probability; null where there is none to open.
 *
 * @param {Trace} trace of the layer that the head reads
 * @param {Head} head
 * @param {AnswerMark} mark
 * @returns {Arithmetic | null}
 */
export function answerArithmetic(trace, head, mark) {
  const { prediction } = trace;
  const { timestep, unit: label } = mark;
  const shown = prediction?.by_timestep?.[timestep - 1] ?? prediction?.probabilities;
  if (!prediction || !shown) return null;
  const read = readings(trace, head, timestep);
  const sums = head.bias.map((_, column) => sumOf(head, read, column));
  const column = sums.length === 1 ? 0 : label;
  const name = `\u201c${isolate(prediction.labels[label])}\u201d`;
  const { probability, formula } = squash(head, sums, label);
  const gap = digits(shown[label]) - digits(probability);
  const rest = sums.length === 1 && label === 0 && head.activation === "sigmoid";
  const how = { softmax: "softmax", sigmoid: "\u03c3" }[head.activation] ?? head.activation;
  const all = timestep > 1 ? `h\u2081, \u2026, h${below(timestep)}` : "h\u2081";
  const inside = {
    flatten: timestep > 1 ? `${all} side by side` : all,
    average: `average of ${all}`,
    max: `maximum of ${all}`,
    each: `h${below(timestep)}`,
    last: `h${below(timestep)}`,
    final: `h${below(timestep)} forward and h\u2081 backward side by side`,
  }[head.reads];
  return {
    mark,
    title: `probability of ${name}, after ${nameAt(trace, timestep)}`,
    equation: `p = ${rest ? "1 \u2212 " : ""}${how}(${inside.includes(" ") ? `(${inside})` : inside} W + b)${sums.length === 1 ? "" : `[${label}]`}`,
    terms: closed(termsOf(trace, head, read, column), sums[column]),
    sum: amount("logit", sums[column]),
    activation: {
      name: "sigmoid",
      symbol: how,
      input: fixed(sums[column], DECIMALS),
      output: fixed(probability, DECIMALS),
      rounding: gap === 0 ? null : write(gap),
      held: false,
      formula,
    },
    result: { ...amount("p", shown[label]), note: `, that is ${percent(shown[label])}` },
  };
}
