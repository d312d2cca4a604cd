/**
 * Numbers that the page itself makes of others: shares, differences, counts. Each tells how it was
 * made, of numbers that open in turn.
 */
import { fixed } from "../draw/format.js";
import { amount, closed, divisor, factor, term } from "./terms.js";

/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */
/** @typedef {import("./arithmetic.js").Factor} Factor */
/** @typedef {import("./arithmetic.js").Term} Term */
/** @typedef {import("../core/types.js").SumMark} SumMark */
/** @typedef {{name: string, value: number, mark: import("../core/types.js").Openable | null}} Part */

/** A number that opens what makes it. @param {SumMark["work"]} work
 * @param {Partial<SumMark>} [more] @returns {SumMark} */
export const derived = (work, more = {}) => ({
  quantity: "sum",
  timestep: 0,
  unit: 0,
  ...more,
  work,
});

/** The arithmetic of a plain sum.
 * @param {{title: string, equation?: string, name?: string, terms: Term[], value: number,
 *   note?: string}} sum @returns {Arithmetic} */
export const calculated = ({ title, equation = "", name = "sum", terms, value, note = "" }) => ({
  title,
  equation,
  terms: closed(terms, value),
  sum: amount(name, value),
  activation: null,
  result: { ...amount(name, value), note },
});

/** @param {number} share 0..1 */
export const asPercent = (share) => `, that is ${fixed(100 * share, 0)}%`;

/** One number as a part of another. @param {{title: string, equation?: string, label: string,
 *   part: Part, whole: Part, note?: string}} share @returns {Arithmetic} */
export function shareOf({ title, equation, label, part, whole, note }) {
  const value = whole.value === 0 ? 0 : part.value / whole.value;
  const terms = [term("state", label, [of(part), divisor(of(whole))])];
  return calculated({
    title,
    equation,
    name: "share",
    terms,
    value,
    note: note ?? asPercent(value),
  });
}

/** What is left when one number is taken from another. @param {{title: string, from: Part,
 *   taken: Part, note?: string}} difference @returns {Arithmetic} */
export function differenceOf({ title, from, taken, note }) {
  const terms = [
    term("state", from.name, [nameless(from)]),
    term("state", `without ${taken.name}`, [LESS, nameless(taken)]),
  ];
  return calculated({ title, name: "difference", terms, value: from.value - taken.value, note });
}

/** Turns the sign of what it stands before. @type {Factor} */
export const LESS = { name: "", value: -1, text: "\u22121", mark: null };

/** @param {Part} part @returns {Factor} */
const nameless = ({ value, mark }) => factor("", value, mark);

/** @param {Part} part @returns {Factor} */
const of = ({ name, value, mark }) => factor(name, value, mark);
