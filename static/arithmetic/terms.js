/** Numbers as an arithmetic displays them: counted in their last digits, so that sums are exact. */
import { fixed } from "../draw/format.js";
import { LETTERS, valueAt } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Openable} Openable */
/** @typedef {import("./arithmetic.js").Factor} Factor */
/** @typedef {import("./arithmetic.js").Term} Term */
/** @typedef {import("./arithmetic.js").TermKind} TermKind */
/** @typedef {import("./arithmetic.js").Amount} Amount */

export const DECIMALS = 4;
export const SCALE = 10 ** DECIMALS;

/** A number as displayed, counted in its last digits: sums of these are exact.
 * @param {number} value */
export const digits = (value) => Math.round(Number(value.toFixed(DECIMALS)) * SCALE);

/** @param {number} count */
export const write = (count) => fixed(count / SCALE, DECIMALS);

/** @param {number} timestep */
export const below = (timestep) =>
  [...String(timestep)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join("");

/** A mark in letters: f₂[1]. @param {Mark} mark */
export const letter = ({ quantity, timestep, unit }) =>
  `${LETTERS[quantity]}${below(timestep)}[${unit}]`;

/** @param {string} name @param {number} value @param {Openable | null} [mark] @returns {Factor} */
export const factor = (name, value, mark = null) => ({
  name,
  value,
  text: fixed(value, DECIMALS),
  mark,
});

/** @param {Trace} trace @param {Mark} mark */
export const factorAt = (trace, mark) => factor(letter(mark), valueAt(trace, mark), mark);

/** A factor by which is divided. @param {Factor} of @returns {Factor} */
export const divisor = (of) => ({ ...of, divides: true });

/** @param {number} product @param {Factor} by */
function times(product, { value, divides }) {
  const shown = digits(value) / SCALE;
  if (!divides) return product * shown;
  return shown === 0 ? 0 : product / shown;
}

/** @param {TermKind} kind @param {string} label @param {Factor[]} factors @returns {Term} */
export function term(kind, label, factors) {
  const exact = factors.reduce(times, 1);
  const count = digits(exact);
  return { kind, label, factors, product: count / SCALE, text: write(count) };
}

/** Adds the term that closes the gap between the displayed terms and the displayed total.
 * @param {Term[]} terms @param {number} total @returns {Term[]} */
export function closed(terms, total) {
  const gap = digits(total) - terms.reduce((sum, { product }) => sum + digits(product), 0);
  if (gap === 0) return terms;
  const rounding = { kind: /** @type {const} */ ("rounding"), label: "rounding", factors: [] };
  return [...terms, { ...rounding, product: gap / SCALE, text: write(gap) }];
}

/** @param {string} name @param {number} value @returns {Amount} */
export const amount = (name, value) => ({
  name,
  value: digits(value) / SCALE,
  text: fixed(value, DECIMALS),
});
