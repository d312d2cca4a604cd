/**
 * The guide's words: numbers by the names that steps.json gives them, all computed from the trace.
 *
 * @typedef {import("../core/types.js").Openable} Openable
 * @typedef {import("../core/types.js").Phrase} Phrase
 * @typedef {import("../core/types.js").Quantity} Quantity
 * @typedef {import("../core/types.js").Summary} Summary
 * @typedef {import("../core/types.js").Trace} Trace
 * @typedef {import("./guide-steps.js").Choice} Choice
 * @typedef {import("./guide-steps.js").Question} Question
 *
 * @typedef {object} Path where a value is found
 * @property {string} quantity one of a cell's; units, features, timesteps, parameters,
 *   pytorch_parameters; answer, probability; left: the share of what a word wrote that is still in
 *   memory; kept: the product of a unit's forget gates since a word; forecast: what is foretold of
 *   the next timestep
 * @property {number} [timestep] from 1; 0 is the initial state
 * @property {number} [unit] from 0
 * @property {number} [source] the word that wrote, from 1
 * @property {string} [label]
 * @property {number} [after] timesteps that are not counted
 * @property {"tanh"} [how] what is done with it
 * @property {Path} [minus]
 *
 * @typedef {object} Run what values are found in
 * @property {Trace} trace
 * @property {Summary | null} summary
 */
import { answerAt, percent } from "../arithmetic/probabilities.js";
import { keeps, memorySharesAt } from "../arithmetic/memory-kept.js";
import { cellOf } from "../cells/kinds.js";
import { vector } from "../cells/quantities.js";
import { fixed } from "../draw/format.js";
import { isolate } from "../draw/text.js";

/** @param {Path} path @param {Trace} trace */
function keptOf({ source = 1, timestep = 1, unit = 0 }, trace) {
  let product = 1;
  for (let t = source + 1; t <= timestep; t++) product *= keeps(trace, t, unit);
  return product;
}

/** Of the layer that is shown. @param {Run} run */
function parametersOf({ trace, summary }) {
  return summary?.layers.find(({ name }) => name === trace.layer.name)?.parameters ?? NaN;
}

/** @type {Record<string, (path: Path, run: Run) => number | string>} */
const FOUND = {
  units: (_, { trace }) => trace.layer.units,
  features: (_, { trace }) => trace.layer.features,
  timesteps: ({ after = 0 }, { trace }) => trace.steps.length - after,
  parameters: (_, run) => parametersOf(run),
  // a second bias for each of the four blocks
  pytorch_parameters: (_, run) => parametersOf(run) + 4 * run.trace.layer.units,
  answer: ({ timestep = 1 }, { trace }) => answerAt(trace, timestep).label,
  probability: ({ timestep = 1, label = "" }, { trace: { prediction } }) =>
    prediction?.by_timestep?.[timestep - 1][prediction.labels.indexOf(label)] ?? NaN,
  left: ({ source, timestep = 1 }, { trace }) =>
    memorySharesAt(trace, timestep).find((part) => part.source === source)?.share ?? NaN,
  kept: (path, { trace }) => keptOf(path, trace),
  forecast: ({ timestep = 1, unit = 0 }, { trace }) =>
    trace.answer?.by_timestep?.[timestep - 1][unit] ?? NaN,
};

const COUNTS = ["units", "features", "timesteps", "parameters", "pytorch_parameters"];
const SHARES = ["probability", "left", "kept"];

/**
 * @param {Path} path
 * @param {Run} run
 * @returns {number | string} a label for an answer
 */
export function valueAt(path, run) {
  const { quantity, timestep = 1, unit = 0, how, minus } = path;
  const found =
    FOUND[quantity]?.(path, run) ??
    vector(run.trace, /** @type {Quantity} */ (quantity), timestep)[unit];
  if (typeof found === "string") return found;
  const value = how === "tanh" ? Math.tanh(found) : found;
  return minus ? value - Number(valueAt(minus, run)) : value;
}

/** As it is read; a number of the cell opens.
 * @param {Path} path @param {Run} run @returns {string | {text: string, mark: Openable}} */
function written(path, run) {
  const { quantity, timestep = 1, unit = 0, how, minus } = path;
  const value = valueAt(path, run);
  if (typeof value === "string") return `“${isolate(value)}”`;
  if (Number.isNaN(value)) return "…";
  if (COUNTS.includes(quantity)) return String(value);
  if (SHARES.includes(quantity)) return percent(value);
  const opens =
    timestep > 0 &&
    !how &&
    !minus &&
    cellOf(run.trace).order.includes(/** @type {Quantity} */ (quantity));
  const text = fixed(value);
  const mark = { quantity: /** @type {Quantity} */ (quantity), timestep, unit };
  return opens ? { text, mark } : text;
}

/**
 * A text with its values in the places of their names.
 *
 * @param {string} text
 * @param {Record<string, Path>} values by name
 * @param {Run | null} run null while it is on its way: then an ellipsis stands there
 * @returns {Exclude<Phrase, string>}
 */
export function filled(text, values, run) {
  return text.split(/\{(\w+)\}/).flatMap((part, k) => {
    if (k % 2 === 0) return part === "" ? [] : [part];
    if (!values[part]) throw new Error(`the guide has no value {${part}}: ${text}`);
    return [run ? written(values[part], run) : "…"];
  });
}

/** Whether a choice is right. @param {Choice} choice @param {number | string} value */
export function isRight({ is, min = -Infinity, max = Infinity }, value) {
  if (is !== undefined) return is === value;
  return typeof value === "number" && value >= min && value <= max;
}

/**
 * Whether a prediction is right.
 *
 * @param {Question} question
 * @param {string} said a choice's text, or a number as typed
 * @param {Run} run
 */
export function predicted({ of, choices, number }, said, run) {
  const value = valueAt(of, run);
  if (choices) return choices.some((choice) => choice.text === said && isRight(choice, value));
  const guess = parsed(said);
  // a number is right as it is read: rounded to two decimals
  return guess !== null && Math.abs(guess - Number(value)) <= (number?.near ?? 0) + 1e-9;
}

/** A number as people type it; null where it is none. @param {string} text */
export function parsed(text) {
  const number = text
    .trim()
    .replace(/[\u2212\u2013]/g, "-")
    .replace(",", ".");
  return number !== "" && Number.isFinite(Number(number)) ? Number(number) : null;
}
