/** The equations of a cell, filled with one unit's numbers at one timestep. */
import { cellOf, previous, transformed } from "./kinds.js";
import { fixed } from "../draw/format.js";
import { functionOf } from "../core/activations.js";
import { overrideAt } from "../core/overrides.js";
import { addingUp } from "../draw/rounding.js";
import { LETTERS, vector, isProjected } from "./quantities.js";

/** @typedef {import("./kind.js").Block} Block */
/** @typedef {import("./kind.js").Operand} Operand */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Piece} Piece */
/** @typedef {import("../core/types.js").Quantity} Quantity */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Weights} Weights */

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

/** @param {"W" | "U" | "b" | "b\u2032" | "p"} text @param {Block} gate @returns {Piece} */
const weight = (text, gate) => ({
  kind: "symbol",
  text,
  // a cell with one block of weights needs no letter to tell them apart
  ...(gate !== "hidden_state" && { sub: LETTERS[gate] }),
  quantity: gate,
});

/** Pieces of a list of lists with an operator between them.
 * @param {Piece[][]} parts @param {string} sign */
const between = (parts, sign) => parts.flatMap((part, k) => [...(k ? [op(sign)] : []), ...part]);

/** What is done with a number before it is multiplied.
 * @param {Operand["how"]} how @param {Piece} plain @returns {Piece[]} */
function done(how, plain) {
  if (how === "rest") return [op("(1 −"), plain, op(")")];
  return how ? [fn(functionOf(how).sign), plain] : [plain];
}

/** @param {Trace} trace @returns {(operand: Operand) => Piece[]} */
const lettersIn =
  (trace) =>
  ({ quantity, before, how }) =>
    done(how, symbol(quantity, before ? cellOf(trace).previous : "t"));

/** What is multiplied, in letters. @param {Trace} trace @param {Operand[]} factors */
export const productLetters = (trace, factors) => between(factors.map(lettersIn(trace)), "⊙");

/** The state before on its way into a gate, where it or its product meets another gate.
 * @param {Piece} met @param {Piece} hidden @param {Block} gate @param {boolean} after */
const resetLetters = (met, hidden, gate, after) =>
  after
    ? [met, op("⊙ ("), hidden, weight("U", gate), op("+"), weight("b′", gate), op(")")]
    : [op("("), met, op("⊙"), hidden, op(")"), weight("U", gate)];

/**
 * The equation of a quantity in letters.
 *
 * @param {Trace} trace
 * @param {Quantity} quantity
 * @returns {Piece[]}
 */
export function lettersOf(trace, quantity) {
  const { sums, updates, previous: before } = cellOf(trace);
  const update = updates[quantity];
  if (update) {
    const products = update.products.map(({ factors }) => productLetters(trace, factors));
    const line = between(products, "+");
    if (!isProjected(trace, quantity)) return [symbol(quantity), op("="), ...line];
    return [symbol(quantity), op("="), op("("), ...line, op(")"), PROJECTION];
  }
  const gate = /** @type {Block} */ (quantity);
  const { activation, reset, peephole } = sums[gate] ?? { activation: "sigmoid" };
  const inputs = [symbol("input"), weight("W", gate), op("+")];
  const hidden = symbol("hidden_state", before);
  const recurrent = reset
    ? resetLetters(symbol(reset.gate), hidden, gate, reset.after)
    : [hidden, weight("U", gate)];
  const seen = symbol("cell_state", peephole === "now" ? "t" : before);
  const looked = peephole ? [op("+"), weight("p", gate), op("⊙"), seen] : [];
  const sum = [...inputs, ...recurrent, op("+"), weight("b", gate), ...looked];
  return [symbol(quantity), op("="), fn(functionOf(activation).sign), op("("), ...sum, op(")")];
}

/** What makes a hidden state shorter than the cell state (proj_size). @type {Piece} */
const PROJECTION = { kind: "symbol", text: "W", sub: "hr", quantity: "output_gate" };

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity, weights: Weights | null}} options
 * @returns {Piece[][]} lines: in letters, in numbers, and what comes out
 */
export function equation(trace, { timestep, unit, quantity, weights }) {
  const own = { quantity, timestep, unit };
  // of a projected state each unit has what it shows, and no number of its own
  const projected = isProjected(trace, quantity);
  const result = projected ? [] : [op("="), number(vector(trace, quantity, timestep)[unit], own)];
  const written = lettersOf(trace, quantity);
  const update = cellOf(trace).updates[quantity];
  if (!update) {
    const gate = /** @type {Block} */ (quantity);
    if (gate === "hidden_state" && trace.steps[timestep - 1].masked) {
      const carried = marked(trace, { quantity, before: true }, { timestep, unit });
      return [written, [op("carried over ="), ...carried], result];
    }
    return gateEquation(trace, { timestep, unit, gate, weights }, written, result);
  }
  const { products } = update;
  const line = products.map(({ factors }) =>
    between(
      factors.map((operand) => marked(trace, operand, { timestep, unit })),
      "×",
    ),
  );
  const last =
    products.length > 1
      ? sum(productsAt(trace, products, own), vector(trace, quantity, timestep)[unit], () => own)
      : between(
          products[0].factors.map((operand) => squashed(trace, operand, own)),
          "×",
        );
  return [written, [op("="), ...between(line, "+")], [op("="), ...last, ...result]];
}

/** @param {Trace} trace @param {Operand} operand @param {{timestep: number, unit: number}} at */
function valueOf(trace, { quantity, before, how }, { timestep, unit }) {
  const when = before ? previous(trace, timestep) : timestep;
  return transformed(how, vector(trace, quantity, when)[unit]);
}

/** The operand's own number, and what is to be done with it.
 * @param {Trace} trace @param {Operand} operand @param {{timestep: number, unit: number}} at
 * @returns {Piece[]} */
function marked(trace, { quantity, before, how }, { timestep, unit }) {
  const mark = { quantity, timestep: before ? previous(trace, timestep) : timestep, unit };
  return done(how, number(vector(trace, quantity, mark.timestep)[unit], mark));
}

/** What comes of the operand.
 * @param {Trace} trace @param {Operand} operand @param {Mark} own @returns {Piece[]} */
const squashed = (trace, operand, own) =>
  operand.how
    ? [
        number(valueOf(trace, operand, own), {
          ...own,
          quantity: operand.quantity,
          how: operand.how,
        }),
      ]
    : marked(trace, operand, own);

/** What each product of an update adds; the last closes the sum.
 * @param {Trace} trace @param {import("./kind.js").Update["products"]} products
 * @param {Mark & {quantity: Quantity}} own */
function productsAt(trace, products, own) {
  const first = products
    .slice(0, -1)
    .map(({ factors }) => factors.reduce((all, one) => all * valueOf(trace, one, own), 1));
  const total = vector(trace, own.quantity, own.timestep)[own.unit];
  return [...first, total - first.reduce((all, one) => all + one, 0)];
}

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, gate: Block, weights: Weights | null}} options
 * @param {Piece[]} written
 * @param {Piece[]} result
 * @returns {Piece[][]}
 */
function gateEquation(trace, { timestep, unit, gate, weights }, written, result) {
  const { activation, reset, peephole } = cellOf(trace).sums[gate] ?? { activation: "sigmoid" };
  const { sign, of } = functionOf(activation);
  const squash = fn(sign);
  const step = trace.steps[timestep - 1];
  const total = step.preactivations?.[gate]?.[unit];
  if (total === undefined) return [written, result];
  const own = { quantity: gate, timestep, unit };
  const computed = of(total);
  const held = overrideAt(trace, own) !== undefined;
  const outcome = held ? [op("="), number(computed), op(", held at"), result[1]] : result;
  const last = [op("="), squash, op("("), number(total, own), op(")"), ...outcome];
  if (!weights?.[gate]) return [written, last];
  const { kernel, recurrent_kernel, bias, recurrent_bias: second, peephole: p } = weights[gate];
  const before = previous(trace, timestep);
  const hidden = vector(trace, "hidden_state", before).map((value, k) =>
    reset && !reset.after ? value * step[reset.gate][k] : value,
  );
  const product = dot(hidden, recurrent_kernel, unit);
  const other = second?.[unit] ?? 0;
  const parts = [
    dot(step.input, kernel, unit),
    reset?.after ? step[reset.gate][unit] * (product + other) : product,
    bias[unit] + (reset?.after ? 0 : other),
  ];
  if (p) {
    const when = peephole === "now" ? timestep : before;
    parts.push(p[unit] * vector(trace, "cell_state", when)[unit]);
  }
  /** @param {number} k @param {string} written @returns {Mark} */
  const markOf = (k, written) => ({ ...own, part: { of: SIDES[k], written } });
  return [written, [op("="), squash, op("("), ...sum(parts, total, markOf), op(")")], last];
}

/** What the parts of a gate's sum come of. @type {import("../core/types.js").Part["of"][]} */
const SIDES = ["input", "hidden", "bias", "state"];

/** @param {number[]} values @param {number[][]} matrix @param {number} column */
const dot = (values, matrix, column) =>
  values.reduce((total, value, row) => total + value * matrix[row][column], 0);

/**
 * Numbers with plus and minus between them, rounded so that what is written adds up.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {(k: number, written: string) => Mark} markOf whose arithmetic tells how one came about
 * @returns {Piece[]}
 */
function sum(terms, total, markOf) {
  return addingUp(terms, total, DECIMALS).flatMap((term, k) => {
    const mark = markOf(k, fixed(term, DECIMALS));
    return k === 0
      ? [number(term, mark)]
      : [op(term < 0 ? "−" : "+"), number(Math.abs(term), mark)];
  });
}
