/**
 * The sum that made a number, as data. Everything adds up as displayed: products are taken of the
 * factors as displayed, and where the displayed terms do not meet the displayed total, a last term
 * called "rounding" closes the gap, so that a reader with a calculator comes to the same digits.
 */
import { fixed, signed } from "./format.js";
import { heldAt } from "./pins.js";
import { LETTERS, describe, valueAt } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Mark} Mark */
/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {{kernel: number[], recurrent_kernel: number[], bias: number}} UnitGateWeights */
/** @typedef {import("../types.js").Weights | Record<Gate, UnitGateWeights>} LayerWeights whole, or
 *   of the one unit that is asked about */
/** @typedef {{name: string, value: number, text: string, mark: Mark | null}} Factor */
/** @typedef {"input" | "hidden" | "bias" | "state" | "given" | "rounding"} TermKind */
/** @typedef {{kind: TermKind, label: string, factors: Factor[], product: number, text: string}
 *   } Term product and text as displayed */
/** @typedef {{name: string, value: number, text: string}} Amount as displayed */
/** @typedef {object} Activation
 * @property {"sigmoid" | "tanh"} name
 * @property {string} symbol
 * @property {string} input the sum, as displayed
 * @property {string} output the function of the sum as displayed
 * @property {string | null} rounding what then leads to the result, null where nothing is missing
 * @property {boolean} held whether a pin puts the result in the place of the output
 */
/** @typedef {object} Arithmetic
 * @property {Mark} mark
 * @property {string} title
 * @property {string} equation
 * @property {Term[]} terms
 * @property {Amount} sum
 * @property {Activation | null} activation
 * @property {Amount} result
 */

export const DECIMALS = 4;
const SCALE = 10 ** DECIMALS;

/** A number as displayed, counted in its last digits: sums of these are exact.
 * @param {number} value */
const digits = (value) => Math.round(Number(value.toFixed(DECIMALS)) * SCALE);

/** @param {number} count */
const write = (count) => fixed(count / SCALE, DECIMALS);

/** @param {number} timestep */
const below = (timestep) =>
  [...String(timestep)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join("");

/** A mark in letters: f₂[1]. @param {Mark} mark */
const letter = ({ quantity, timestep, unit }) => `${LETTERS[quantity]}${below(timestep)}[${unit}]`;

/** @param {string} name @param {number} value @param {Mark | null} [mark] @returns {Factor} */
const factor = (name, value, mark = null) => ({
  name,
  value,
  text: fixed(value, DECIMALS),
  mark,
});

/** @param {Trace} trace @param {Mark} mark */
const factorAt = (trace, mark) => factor(letter(mark), valueAt(trace, mark), mark);

/** @param {TermKind} kind @param {string} label @param {Factor[]} factors @returns {Term} */
function term(kind, label, factors) {
  const exact = factors.reduce((product, { value }) => product * (digits(value) / SCALE), 1);
  const count = digits(exact);
  return { kind, label, factors, product: count / SCALE, text: write(count) };
}

/** Adds the term that closes the gap between the displayed terms and the displayed total.
 * @param {Term[]} terms @param {number} total @returns {Term[]} */
function closed(terms, total) {
  const gap = digits(total) - terms.reduce((sum, { product }) => sum + digits(product), 0);
  if (gap === 0) return terms;
  const rounding = { kind: /** @type {const} */ ("rounding"), label: "rounding", factors: [] };
  return [...terms, { ...rounding, product: gap / SCALE, text: write(gap) }];
}

/** @param {string} name @param {number} value @returns {Amount} */
const amount = (name, value) => ({
  name,
  value: digits(value) / SCALE,
  text: fixed(value, DECIMALS),
});

const FUNCTIONS = {
  sigmoid: { symbol: "\u03c3", of: (/** @type {number} */ z) => 1 / (1 + Math.exp(-z)) },
  tanh: { symbol: "tanh", of: Math.tanh },
};

/** @param {"sigmoid" | "tanh"} name @param {number} sum @param {number} result
 * @param {boolean} held @returns {Activation} */
function activate(name, sum, result, held) {
  const output = FUNCTIONS[name].of(digits(sum) / SCALE);
  const gap = digits(result) - digits(output);
  return {
    name,
    symbol: FUNCTIONS[name].symbol,
    input: fixed(sum, DECIMALS),
    output: fixed(output, DECIMALS),
    rounding: gap === 0 || held ? null : write(gap),
    held,
  };
}

/** One column of a matrix; the matrix itself where only that unit's column was sent.
 * @param {number[] | number[][]} matrix @param {number} unit */
const column = (matrix, unit) => matrix.map((row) => (Array.isArray(row) ? row[unit] : row));

/** @param {Trace} trace @param {LayerWeights} weights @param {Mark & {quantity: Gate}} mark */
function gateTerms(trace, weights, { quantity, timestep, unit }) {
  const { kernel, recurrent_kernel: recurrent, bias } = weights[quantity];
  const gate = LETTERS[quantity];
  const inputs = column(kernel, unit).map((weight, feature) => {
    const operand = factorAt(trace, { quantity: "input", timestep, unit: feature });
    return term("input", `feature ${feature}`, [
      operand,
      factor(`W${gate}[${feature},${unit}]`, weight),
    ]);
  });
  const hidden = column(recurrent, unit).map((weight, from) => {
    const mark = { quantity: /** @type {const} */ ("hidden_state"), timestep: timestep - 1 };
    return term("hidden", `unit ${from}, one step before`, [
      factorAt(trace, { ...mark, unit: from }),
      factor(`U${gate}[${from},${unit}]`, weight),
    ]);
  });
  const constant = Array.isArray(bias) ? bias[unit] : bias;
  return [...inputs, ...hidden, term("bias", "bias", [factor(`b${gate}[${unit}]`, constant)])];
}

/** @param {Trace} trace @param {LayerWeights} weights @param {Mark & {quantity: Gate}} mark
 * @returns {Arithmetic} */
function gateArithmetic(trace, weights, mark) {
  const { quantity, timestep, unit } = mark;
  const terms = gateTerms(trace, weights, mark);
  const exact = terms.reduce(
    (sum, { factors }) => sum + factors.reduce((product, { value }) => product * value, 1),
    0,
  );
  const total = trace.steps[timestep - 1].preactivations?.[quantity][unit] ?? exact;
  const name = quantity === "candidate" ? "tanh" : "sigmoid";
  const [gate, now, before] = [LETTERS[quantity], below(timestep), below(timestep - 1)];
  const inside = `x${now} W${gate} + h${before} U${gate} + b${gate}`;
  const value = valueAt(trace, mark);
  return {
    mark,
    title: describe(trace, mark),
    equation: `${letter(mark)} = ${FUNCTIONS[name].symbol}(${inside})[${unit}]`,
    terms: closed(terms, total),
    sum: amount("z", total),
    activation: activate(name, total, value, heldAt(trace, mark) !== undefined),
    result: amount(letter(mark), value),
  };
}

/** @param {Trace} trace @param {Mark} mark @returns {[string, Term[]]} equation and terms */
function stateTerms(trace, { quantity, timestep, unit }) {
  const at = (/** @type {Mark["quantity"]} */ of, when = timestep) =>
    factorAt(trace, { quantity: of, timestep: when, unit });
  if (trace.steps[timestep - 1].masked) {
    const carried = at(quantity, timestep - 1);
    return [carried.name, [term("state", "carried over: this timestep is padding", [carried])]];
  }
  if (quantity === "cell_state") {
    const kept = [at("forget_gate"), at("cell_state", timestep - 1)];
    const added = [at("input_gate"), at("candidate")];
    const written = [kept, added].map((pair) => pair.map(({ name }) => name).join(" \u00d7 "));
    return [
      written.join(" + "),
      [term("state", "kept of the old", kept), term("state", "added by the new", added)],
    ];
  }
  const cell = at("cell_state");
  const squashed = factor(`tanh(${cell.name})`, Math.tanh(cell.value), cell.mark);
  const pair = [at("output_gate"), squashed];
  return [pair.map(({ name }) => name).join(" \u00d7 "), [term("state", "let out", pair)]];
}

/** Where a number comes from that no sum made. @param {Trace} trace @param {Mark} mark */
function sourceOf(trace, { quantity, timestep, unit }) {
  if (timestep === 0) return "given before the first word";
  const token = quantity === "input" ? trace.tokens[timestep - 1] : null;
  if (!token || token.id === null) return `value ${unit} of the input at timestep ${timestep}`;
  return `row ${token.id} of the embedding, column ${unit}`;
}

/** @param {Trace} trace @param {Mark} mark @param {string} right @param {Term[]} terms
 * @returns {Arithmetic} */
function plainArithmetic(trace, mark, right, terms) {
  const value = valueAt(trace, mark);
  return {
    mark,
    title: describe(trace, mark),
    equation: `${letter(mark)} = ${right}`,
    terms: closed(terms, value),
    sum: amount(letter(mark), value),
    activation: null,
    result: amount(letter(mark), value),
  };
}

/** The arithmetic of one number; null while the weights it needs are not there.
 * @param {Trace} trace @param {LayerWeights | null} weights @param {Mark} mark
 * @returns {Arithmetic | null} */
export function arithmetic(trace, weights, mark) {
  const { quantity, timestep } = mark;
  if (quantity === "input" || timestep === 0) {
    const source = sourceOf(trace, mark);
    const given = { ...factorAt(trace, mark), mark: null };
    return plainArithmetic(trace, mark, source, [term("given", source, [given])]);
  }
  if (quantity === "cell_state" || quantity === "hidden_state") {
    return plainArithmetic(trace, mark, ...stateTerms(trace, mark));
  }
  return weights && gateArithmetic(trace, weights, { ...mark, quantity });
}

/** The arithmetic in one line, as it would be read out. @param {Arithmetic} sum */
export function arithmeticText({ title, terms, sum, activation, result }) {
  const products = terms.map(({ label, factors, text, product }, k) => {
    const operands = factors.map((operand) => operand.text).join(" \u00d7 ");
    const shown = k === 0 ? text : signed(product, DECIMALS);
    return factors.length > 1 ? `${shown} (${operands}, ${label})` : `${shown} (${label})`;
  });
  const whole = `${title}: ${products.join(" ")} = ${sum.text}`;
  if (!activation) return whole;
  if (activation.held) {
    const computed = `${activation.name}(${activation.input}) = ${activation.output}`;
    return `${whole}; ${computed}; held at ${result.text} by a pin`;
  }
  const gap = activation.rounding ? ` (rounding ${activation.rounding})` : "";
  return `${whole}; ${activation.name}(${activation.input}) = ${result.text}${gap}`;
}
