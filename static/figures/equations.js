/** The six equations, filled with one unit's numbers at one timestep. */
import { fixed } from "./format.js";
import { heldAt } from "./pins.js";
import { addingUp } from "./rounding.js";
import { isGate, LETTERS, vector } from "./vectors.js";

/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("../types.js").Piece} Piece */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Weights} Weights */

const DECIMALS = 3;

/** @param {string} text @returns {Piece} */
const op = (text) => ({ kind: "operator", text });

/** @param {string} text @returns {Piece} */
const fn = (text) => ({ kind: "function", text });

/** @param {number} value @param {Mark} [mark] @returns {Piece} */
const number = (value, mark) => ({
  kind: "number",
  text: fixed(value, DECIMALS),
  ...(mark && { mark, quantity: mark.quantity }),
});

/** @param {Mark["quantity"]} quantity @param {string} [sub] @returns {Piece} */
const symbol = (quantity, sub = "t") => ({
  kind: "symbol",
  text: LETTERS[quantity],
  sub,
  quantity,
});

/** @param {"W" | "U" | "b"} text @param {Gate} gate @returns {Piece} */
const weight = (text, gate) => ({ kind: "symbol", text, sub: LETTERS[gate], quantity: gate });

/**
 * The equation of a quantity in letters.
 *
 * @param {Quantity} quantity
 * @returns {Piece[]}
 */
export function lettersOf(quantity) {
  if (quantity === "cell_state") {
    return [
      symbol("cell_state"),
      op("="),
      symbol("forget_gate"),
      op("⊙"),
      symbol("cell_state", "t−1"),
      op("+"),
      symbol("input_gate"),
      op("⊙"),
      symbol("candidate"),
    ];
  }
  if (quantity === "hidden_state") {
    return [
      symbol("hidden_state"),
      op("="),
      symbol("output_gate"),
      op("⊙"),
      fn("tanh"),
      symbol("cell_state"),
    ];
  }
  return [
    symbol(quantity),
    op("="),
    fn(isGate(quantity) ? "σ" : "tanh"),
    op("("),
    symbol("input"),
    weight("W", quantity),
    op("+"),
    symbol("hidden_state", "t−1"),
    weight("U", quantity),
    op("+"),
    weight("b", quantity),
    op(")"),
  ];
}

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity, weights: Weights | null}} options
 * @returns {Piece[][]} lines: in letters, in numbers, and what comes out
 */
export function equation(trace, { timestep, unit, quantity, weights }) {
  /** @param {Quantity} of @param {number} [at] */
  const marked = (of, at = timestep) =>
    number(vector(trace, of, at)[unit], { quantity: of, timestep: at, unit });
  const step = trace.steps[timestep - 1];
  const own = { quantity, timestep, unit };
  const result = [op("="), marked(quantity)];
  const letters = lettersOf(quantity);

  if (quantity === "cell_state") {
    const kept = step.forget_gate[unit] * vector(trace, "cell_state", timestep - 1)[unit];
    const written = step.cell_state[unit] - kept;
    const products = [
      op("="),
      marked("forget_gate"),
      op("×"),
      marked("cell_state", timestep - 1),
      op("+"),
      marked("input_gate"),
      op("×"),
      marked("candidate"),
    ];
    const added = [op("="), ...sum([kept, written], step.cell_state[unit], own), ...result];
    return [letters, products, added];
  }
  if (quantity === "hidden_state") {
    const squashed = number(Math.tanh(step.cell_state[unit]), own);
    return [
      letters,
      [op("="), marked("output_gate"), op("×"), fn("tanh"), marked("cell_state")],
      [op("="), marked("output_gate"), op("×"), squashed, ...result],
    ];
  }
  return gateEquation(trace, { timestep, unit, gate: quantity, weights }, letters, result);
}

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, gate: Gate, weights: Weights | null}} options
 * @param {Piece[]} letters
 * @param {Piece[]} result
 * @returns {Piece[][]}
 */
function gateEquation(trace, { timestep, unit, gate, weights }, letters, result) {
  const squash = fn(isGate(gate) ? "σ" : "tanh");
  const total = trace.steps[timestep - 1].preactivations?.[gate]?.[unit];
  if (total === undefined) return [letters, result];
  const own = { quantity: gate, timestep, unit };
  const computed = isGate(gate) ? 1 / (1 + Math.exp(-total)) : Math.tanh(total);
  const held = heldAt(trace, own) !== undefined;
  const outcome = held ? [op("="), number(computed), op(", held at"), result[1]] : result;
  const squashed = [op("="), squash, op("("), number(total, own), op(")"), ...outcome];
  if (!weights) return [letters, squashed];
  const { kernel, recurrent_kernel, bias } = weights[gate];
  const parts = [
    dot(trace.steps[timestep - 1].input, kernel, unit),
    dot(vector(trace, "hidden_state", timestep - 1), recurrent_kernel, unit),
    bias[unit],
  ];
  return [letters, [op("="), squash, op("("), ...sum(parts, total, own), op(")")], squashed];
}

/** @param {number[]} values @param {number[][]} matrix @param {number} column */
const dot = (values, matrix, column) =>
  values.reduce((total, value, row) => total + value * matrix[row][column], 0);

/**
 * Numbers with plus and minus between them, rounded so that what is written adds up.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {Mark} mark what they are part of, whose arithmetic tells how they came about
 * @returns {Piece[]}
 */
function sum(terms, total, mark) {
  return addingUp(terms, total, DECIMALS).flatMap((term, k) =>
    k === 0 ? [number(term, mark)] : [op(term < 0 ? "−" : "+"), number(Math.abs(term), mark)],
  );
}
