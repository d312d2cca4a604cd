/** What the figures read from a trace: vectors, single numbers, their names and colours. */
import { transformed } from "./kinds.js";
import { colorAt, mix } from "../draw/color.js";
import { precise } from "../draw/format.js";
import { overrideAt } from "../core/overrides.js";
import { functionOf } from "../core/activations.js";
import { readsNumbers, word } from "../draw/text.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {Mark["quantity"]} Drawn */

/** Names in words. @type {Record<Drawn, string>} */
export const NAMES = {
  input: "input",
  update_gate: "update gate",
  reset_gate: "reset gate",
  forget_gate: "forget gate",
  input_gate: "input gate",
  candidate: "candidate",
  output_gate: "output gate",
  cell_state: "cell state",
  hidden_state: "hidden state",
};

/** Letters of the equations. @type {Record<Drawn, string>} */
export const LETTERS = {
  input: "x",
  forget_gate: "f",
  input_gate: "i",
  candidate: "g",
  output_gate: "o",
  update_gate: "z",
  reset_gate: "r",
  cell_state: "c",
  hidden_state: "h",
};

/** A letter with its timestep, as Plotly's text. @param {Drawn} quantity @param {string} [time] */
export const symbol = (quantity, time = "t") => `<i>${LETTERS[quantity]}</i><sub>${time}</sub>`;

/** What the cell of a trace computes, in the order of the equations.
 * @param {Trace} trace @returns {import("../core/types.js").Quantity[]} */
export const quantitiesOf = (trace) =>
  /** @type {import("../core/types.js").Quantity[]} */ (Object.keys(NAMES)).filter(
    (name) => String(name) !== "input" && name in trace.steps[0],
  );

/** Whether a quantity lives in 0..1. @param {Drawn} quantity */
export const isGate = (quantity) => quantity.endsWith("_gate");

/** A vector of the trace; timestep 0 is the initial state.
 * @param {Trace} trace @param {Drawn} quantity @param {number} timestep @returns {number[]} */
export function vector(trace, quantity, timestep) {
  if (timestep > 0) return trace.steps[timestep - 1][quantity];
  return quantity === "cell_state" || quantity === "hidden_state"
    ? trace.initial_state[quantity]
    : [];
}

/** The number a mark points at. @param {Trace} trace @param {Mark} mark */
export const valueAt = (trace, mark) => vector(trace, mark.quantity, mark.timestep)[mark.unit];

/** @param {Trace} trace @param {Drawn} quantity */
function largest(trace, quantity) {
  let limit = 1;
  for (let t = 0; t <= trace.steps.length; t++) {
    for (const value of vector(trace, quantity, t)) limit = Math.max(limit, Math.abs(value));
  }
  return limit;
}

/** A trace never changes, so its limits are sought once. @type {WeakMap<Trace, Map<Drawn, number>>} */
const limits = new WeakMap();

/** The largest absolute value a quantity takes in the whole trace, at least 1: the end of its
 * colour scale, which therefore stays put while the cursor moves.
 * @param {Trace} trace @param {Drawn} quantity */
export function limitOf(trace, quantity) {
  if (quantity !== "input" && quantity !== "cell_state") return 1;
  const known = limits.get(trace) ?? new Map();
  limits.set(trace, known);
  const limit = known.get(quantity) ?? largest(trace, quantity);
  known.set(quantity, limit);
  return limit;
}

/** @typedef {import("../core/theme.js").Theme} Theme */

/** The colours of a quantity: a gate fills with its own hue, and signed numbers have none.
 * @param {Drawn} quantity @param {Theme} theme @returns {[number, string][]} */
export const scaleOf = (quantity, theme) =>
  isGate(quantity)
    ? [
        [0, theme.empty],
        [1, theme.quantity[quantity]],
      ]
    : theme.signed;

/** The colour of a value. @param {Drawn} quantity @param {number} value @param {number} limit
 * @param {Theme} theme */
export const valueColor = (quantity, value, limit, theme) =>
  colorAt(scaleOf(quantity, theme), isGate(quantity) ? value : (value / limit + 1) / 2);

const TINT = 0.5; // of a gate's hue, on which its number can be read

/** A box with a number as a gauge: a gate's is filled from the left in its own hue, a signed number's
 * from the middle. @param {Drawn} quantity @param {number} value @param {number} limit
 * @param {Theme} theme @returns {import("../draw/primitives.js").Gauge} */
export function gaugeOf(quantity, value, limit, theme) {
  if (isGate(quantity)) {
    const color = mix(theme.quantity[quantity], theme.paper, TINT);
    return { from: 0, to: Math.min(1, Math.max(0, value)), color };
  }
  const end = 0.5 + Math.min(1, Math.max(-1, value / limit)) / 2;
  return { from: Math.min(0.5, end), to: Math.max(0.5, end), color: theme.gauge };
}

/** The indices shown of a vector: all, or a window of `count` around the cursor.
 * @param {number} length @param {number} cursor @param {number} count @returns {number[]} */
export function windowAround(length, cursor, count) {
  const size = Math.min(length, count);
  const first = Math.min(Math.max(0, cursor - Math.floor(size / 2)), length - size);
  return Array.from({ length: size }, (_, k) => first + k);
}

/** @param {string} token */
const quoted = (token) => `\u201c${token}\u201d`;

/** How many numbers a quantity has at a timestep: a projected hidden state has fewer than units.
 * @param {import("../core/types.js").Layer} layer @param {Drawn} quantity */
export const countOf = ({ units, hidden }, quantity) =>
  quantity === "hidden_state" ? (hidden ?? units) : units;

/** Whether it is a hidden state that is shorter than there are units.
 * @param {Trace} trace @param {Drawn} quantity */
export const isProjected = ({ layer }, quantity) =>
  quantity === "hidden_state" && layer.hidden !== undefined;

/** Which of a quantity's numbers are shown where these units are.
 * @param {Trace} trace @param {Drawn} quantity @param {number[]} units @param {number} cursor */
export function shownOf({ layer }, quantity, units, cursor) {
  const count = countOf(layer, quantity);
  return count === layer.units
    ? units
    : windowAround(count, Math.min(cursor, count - 1), units.length);
}

/** A number for a table or a sentence; of a projected state that has no such number a dash.
 * @param {Trace} trace @param {Mark} mark */
export function preciseAt(trace, mark) {
  const value = valueAt(trace, mark);
  return value === undefined ? "\u2013" : precise(value);
}

/** A mark in words. @param {Trace} trace @param {Mark} mark
 * @param {(token: string) => string} [write] how the visitor's word is written */
export function describe(trace, { quantity, timestep, unit }, write = quoted) {
  const place = quantity === "input" ? `feature ${unit}` : `unit ${unit}`;
  if (timestep === 0) return `initial ${NAMES[quantity]}, ${place}`;
  const at = readsNumbers(trace) ? `timestep ${timestep}` : write(trace.steps[timestep - 1].token);
  return `${NAMES[quantity]}, ${place}, at ${at}`;
}

/** A mark and its value, or what comes of the value, as the text that a figure shows on hover.
 * @param {Trace} trace @param {Mark} mark @param {import("./kind.js").Operand["how"]} [how] */
export function hoverText(trace, mark, how) {
  const name = describe(trace, mark, (token) => quoted(word(token)));
  const value = valueAt(trace, mark);
  const held = overrideAt(trace, mark) === undefined ? "" : " held here";
  if (!how) return `${name}<br><b>${precise(value)}</b>${held}`;
  const made = how === "rest" ? "1 \u2212" : `${functionOf(how).sign} of`;
  return `${made} ${name}<br><b>${precise(transformed(how, value))}</b>`;
}
