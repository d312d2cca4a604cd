/**
 * The sum that made a number, as data. Everything adds up as displayed: products are taken of the
 * factors as displayed, and where the displayed terms do not meet the displayed total, a last term
 * called "rounding" closes the gap, so that a reader with a calculator comes to the same digits.
 */
import { cellOf, previous, transformed } from "../cells/kinds.js";
import { fixed, signed } from "../draw/format.js";
import { functionOf } from "../core/activations.js";
import { overrideAt } from "../core/overrides.js";
import {
  DECIMALS,
  SCALE,
  amount,
  below,
  closed,
  digits,
  factor,
  factorAt,
  letter,
  term,
  write,
} from "./terms.js";
import { LETTERS, describe, valueAt, isProjected } from "../cells/quantities.js";
import { stepName } from "../draw/text.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../cells/kind.js").Block} Block */
/** @typedef {import("../cells/kind.js").Operand} Operand */
/** @typedef {{kernel: number[], recurrent_kernel: number[], bias: number,
 *   recurrent_bias?: number, peephole?: number}} UnitGateWeights */
/** @typedef {import("../core/types.js").Weights | Record<Block, UnitGateWeights>} LayerWeights whole, or
 *   of the one unit that is asked about */
/** @typedef {{name: string, value: number, text: string, divides?: boolean,
 *   mark: import("../core/types.js").Openable | null}} Factor */
/** @typedef {"input" | "hidden" | "bias" | "state" | "given" | "rest" | "rounding"} TermKind */
/** @typedef {{kind: TermKind, label: string, factors: Factor[], product: number, text: string,
 *   opens?: Mark}} Term product and text as displayed; opens: the sum that it stands for */
/** @typedef {{name: string, value: number, text: string, note?: string}} Amount as displayed */
/** @typedef {object} Activation
 * @property {string} name
 * @property {string} symbol
 * @property {string} input the sum, as displayed
 * @property {string} output the function of the sum as displayed
 * @property {string | null} rounding what then leads to the result, null where nothing is missing
 * @property {boolean} held whether a pin puts the result in the place of the output
 * @property {string} [formula] how it is written where one symbol does not say it
 */
/** @typedef {object} Arithmetic
 * @property {import("../core/types.js").Openable} [mark] not of a number that the page itself makes
 * @property {string} title
 * @property {string} equation
 * @property {Term[]} terms
 * @property {Amount} sum
 * @property {Activation | null} activation
 * @property {Amount} result
 */

/** @param {string} name @param {number} sum @param {number} result
 * @param {boolean} held @returns {Activation} */
function activate(name, sum, result, held) {
  const { sign, of } = functionOf(name);
  const output = of(digits(sum) / SCALE);
  const gap = digits(result) - digits(output);
  return {
    name,
    symbol: sign,
    input: fixed(sum, DECIMALS),
    output: fixed(output, DECIMALS),
    rounding: gap === 0 || held ? null : write(gap),
    held,
  };
}

/** One column of a matrix; the matrix itself where only that unit's column was sent.
 * @param {number[] | number[][]} matrix @param {number} unit */
const column = (matrix, unit) => matrix.map((row) => (Array.isArray(row) ? row[unit] : row));

/** @param {number | number[]} bias @param {number} unit */
const biasOf = (bias, unit) => (Array.isArray(bias) ? bias[unit] : bias);

/** @param {Trace} trace @param {LayerWeights} weights @param {Mark & {quantity: Block}} mark */
function gateTerms(trace, weights, { quantity, timestep, unit }) {
  const { kernel, recurrent_kernel: recurrent, bias, recurrent_bias: second } = weights[quantity];
  const gate = letterOf(quantity);
  const { peephole } = weights[quantity];
  const { reset, peephole: looks } = cellOf(trace).sums[quantity] ?? {};
  const before = previous(trace, timestep);
  const step = trace.layer.go_backwards ? "one step later" : "one step before";
  const letThrough = (/** @type {number} */ k) =>
    reset ? [factorAt(trace, { quantity: reset.gate, timestep, unit: k })] : [];
  const after = reset?.after ? letThrough(unit) : [];
  const inputs = column(kernel, unit).map((weight, feature) => {
    const operand = factorAt(trace, { quantity: "input", timestep, unit: feature });
    return term("input", `feature ${feature}`, [
      operand,
      factor(`W${gate}[${feature},${unit}]`, weight),
    ]);
  });
  const hidden = column(recurrent, unit).map((weight, from) => {
    const mark = { quantity: /** @type {const} */ ("hidden_state"), timestep: before };
    return term("hidden", `unit ${from}, ${step}`, [
      ...(reset && !reset.after ? letThrough(from) : after),
      factorAt(trace, { ...mark, unit: from }),
      factor(`U${gate}[${from},${unit}]`, weight),
    ]);
  });
  const biases = [term("bias", "bias", [factor(`b${gate}[${unit}]`, biasOf(bias, unit))])];
  if (second !== undefined) {
    const own = factor(`b\u2032${gate}[${unit}]`, biasOf(second, unit));
    // what a reset gate is multiplied with is part of what comes of the state before
    biases.push(term(reset?.after ? "hidden" : "bias", "recurrent bias", [...after, own]));
  }
  if (peephole !== undefined) {
    const when = looks === "now" ? timestep : before;
    const seen = factorAt(trace, { quantity: "cell_state", timestep: when, unit });
    const own = factor(`p${gate}[${unit}]`, biasOf(peephole, unit));
    biases.push(term("state", "peephole on the cell state", [seen, own]));
  }
  return [...inputs, ...hidden, ...biases];
}

/** The letter that the weights of a gate wear; a cell with one block of weights needs none.
 * @param {Block} quantity */
const letterOf = (quantity) => (quantity === "hidden_state" ? "" : LETTERS[quantity]);

/** What the activation is taken of, in letters. @param {Trace} trace @param {Block} quantity
 * @param {number} timestep */
function insideOf(trace, quantity, timestep) {
  const [gate, now] = [letterOf(quantity), below(timestep)];
  const before = below(previous(trace, timestep));
  const { reset, peephole } = cellOf(trace).sums[quantity] ?? {};
  const looked = peephole ? ` + p${gate} \u2299 c${peephole === "now" ? now : before}` : "";
  if (!reset) return `x${now} W${gate} + h${before} U${gate} + b${gate}${looked}`;
  const met = `${LETTERS[reset.gate]}${now}`;
  return reset.after
    ? `x${now} W${gate} + ${met} \u2299 (h${before} U${gate} + b\u2032${gate}) + b${gate}`
    : `x${now} W${gate} + (${met} \u2299 h${before}) U${gate} + b${gate}`;
}

/** What the parts of a gate's sum come of, as a title says it.
 * @type {Record<import("../core/types.js").Part["of"], string>} */
export const PARTS = {
  input: "from the input",
  hidden: "from the state before",
  bias: "its bias",
  state: "through its peephole",
};

/** @param {Term[]} terms their sum, without what rounding takes from it */
const exactly = (terms) =>
  terms.reduce((sum, { factors }) => sum + factors.reduce((all, { value }) => all * value, 1), 0);

/** What a gate's sum takes from one side alone.
 * @param {Trace} trace @param {Term[]} all @param {Mark} mark
 * @param {import("../core/types.js").Part} part @returns {Arithmetic} */
function partArithmetic(trace, all, mark, { of, written }) {
  const terms = all.filter(({ kind }) => kind === of);
  const value = exactly(terms);
  const result = amount("sum", value);
  const note = written === fixed(value, 3) ? "" : `, written ${written} so that the line adds up`;
  return {
    mark,
    title: `${describe(trace, mark)}: ${PARTS[of]}`,
    equation: "",
    terms: closed(terms, value),
    sum: result,
    activation: null,
    result: { ...result, note },
  };
}

/** @param {Trace} trace @param {LayerWeights} weights @param {Mark & {quantity: Block}} mark
 * @returns {Arithmetic} */
function gateArithmetic(trace, weights, mark) {
  const { quantity, timestep, unit, part } = mark;
  const terms = gateTerms(trace, weights, mark);
  if (part) return partArithmetic(trace, terms, mark, part);
  const exact = exactly(terms);
  const total = trace.steps[timestep - 1].preactivations?.[quantity][unit] ?? exact;
  const name = cellOf(trace).sums[quantity]?.activation ?? "sigmoid";
  const value = valueAt(trace, mark);
  const inside = insideOf(trace, quantity, timestep);
  return {
    mark,
    title: describe(trace, mark),
    equation: `${letter(mark)} = ${functionOf(name).sign}(${inside})[${unit}]`,
    terms: closed(terms, total),
    sum: amount("z", total),
    activation: activate(name, total, value, overrideAt(trace, mark) !== undefined),
    result: amount(letter(mark), value),
  };
}

/** @param {Trace} trace @param {Mark} mark @param {boolean} carried whether it is a state that
 * padding leaves as it is @returns {[string, Term[]]} equation and terms */
function updateTerms(trace, { quantity, timestep, unit }, carried) {
  if (carried) {
    const carried = factorAt(trace, { quantity, timestep: previous(trace, timestep), unit });
    return [carried.name, [term("state", "carried over: this timestep is padding", [carried])]];
  }
  const name = /** @type {import("../core/types.js").Quantity} */ (quantity);
  const terms = (cellOf(trace).updates[name]?.products ?? []).map(({ label, factors }) =>
    term(
      "state",
      label,
      factors.map((operand) => operandAt(trace, operand, timestep, unit)),
    ),
  );
  const names = terms.map(({ factors }) => factors.map(({ name }) => name).join(" \u00d7 "));
  return [names.join(" + "), terms];
}

/** What an equation takes of a number. @param {Trace} trace @param {Operand} operand
 * @param {number} timestep @param {number} unit */
export function operandAt(trace, { quantity, before, how }, timestep, unit) {
  const when = before ? previous(trace, timestep) : timestep;
  const plain = factorAt(trace, { quantity, timestep: when, unit });
  if (!how) return plain;
  const name =
    how === "rest" ? `(1 \u2212 ${plain.name})` : `${functionOf(how).sign}(${plain.name})`;
  const mark = { quantity, timestep: when, unit, how };
  return factor(name, transformed(how, plain.value), mark);
}

/** What another layer hands on as an input: its name, and the hidden state where that opens.
 * @typedef {{name: string, mark: Mark | null}} HandedOn */

/** Where a number comes from that no sum made. @param {Trace} trace @param {Mark} mark
 * @param {HandedOn | null} handed */
function sourceOf(trace, { quantity, timestep, unit }, handed) {
  if (handed) return `handed on by the layer ${handed.name}`;
  if (timestep === 0) return `given before the first ${stepName(trace)} is read`;
  const token = quantity === "input" ? trace.tokens[timestep - 1] : null;
  if (!token || token.id === null) return `value ${unit} of the input at timestep ${timestep}`;
  return `row ${token.id} of the embedding, column ${unit}`;
}

/** @param {Trace} trace @param {Mark} mark @param {string} right @param {Term[]} terms
 * @param {number} [value] @returns {Arithmetic} */
function plainArithmetic(trace, mark, right, terms, value = valueAt(trace, mark)) {
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

/** What an equation takes of a number: an activation of it, or what is left of 1.
 * @param {Trace} trace @param {Mark & {how: string}} mark @returns {Arithmetic} */
function appliedArithmetic(trace, { how, ...plain }) {
  const mark = { ...plain, how };
  const of = factorAt(trace, plain);
  if (how === "rest") {
    const terms = [
      term("given", "all of it", [{ ...factor("", 1), text: "1" }]),
      term("state", "without what is kept", [{ ...factor("", -1), text: "\u22121" }, of]),
    ];
    return {
      ...plainArithmetic(trace, plain, "", terms, 1 - of.value),
      ...titled(`1 \u2212 ${of.name}`),
    };
  }
  const { sign } = functionOf(how);
  const value = transformed(/** @type {Operand["how"]} */ (how), of.value);
  return {
    ...titled(`${sign}(${of.name})`),
    terms: [term("state", describe(trace, plain), [of])],
    sum: amount(of.name, of.value),
    activation: activate(how, of.value, value, false),
    result: amount("", value),
  };

  /** @param {string} equation */
  function titled(equation) {
    const name = how === "rest" ? "what is left of 1" : functionOf(how).sign;
    return { title: `${name}: ${describe(trace, plain)}`, equation, mark };
  }
}

/** The arithmetic of one number; null while the weights it needs are not there.
 * @param {Trace} trace @param {LayerWeights | null} weights @param {Mark} mark
 * @param {HandedOn | null} [handed] where an input is no word's
 * @returns {Arithmetic | null} */
export function arithmetic(trace, weights, mark, handed = null) {
  const { quantity, timestep, how } = mark;
  if (how) return appliedArithmetic(trace, { ...mark, how });
  if (quantity === "input" || timestep === 0) {
    const source = sourceOf(trace, mark, handed);
    const given = handed?.mark
      ? factor(letter(handed.mark), valueAt(trace, mark), handed.mark)
      : { ...factorAt(trace, mark), mark: null };
    return plainArithmetic(trace, mark, source, [term("given", source, [given])]);
  }
  const { updates, states } = cellOf(trace);
  const padding = trace.steps[timestep - 1].masked;
  const carried = padding && /** @type {string[]} */ (states).includes(quantity);
  if (isProjected(trace, quantity)) {
    if (valueAt(trace, mark) === undefined) return null;
    const whole = "what all units show, times the projection (proj_size)";
    const given = { ...factorAt(trace, mark), mark: null };
    return plainArithmetic(trace, mark, whole, [term("given", whole, [given])]);
  }
  if (updates[quantity] || carried) {
    return plainArithmetic(trace, mark, ...updateTerms(trace, mark, Boolean(carried)));
  }
  // while another model's are on their way, those there are may have other gates
  const block = /** @type {Block} */ (quantity);
  return weights?.[block] ? gateArithmetic(trace, weights, { ...mark, quantity: block }) : null;
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
    return `${whole}; ${computed}; held at ${result.text}`;
  }
  const gap = activation.rounding ? ` (rounding ${activation.rounding})` : "";
  return `${whole}; ${activation.name}(${activation.input}) = ${result.text}${gap}`;
}
