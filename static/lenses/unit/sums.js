/**
 * What makes one unit's gates at one word, product by product: each input and each unit of the state
 * before times this unit's column of the weights.
 */
import { arithmetic } from "../../arithmetic/arithmetic.js";
import { blocksOf, cellOf } from "../../cells/kinds.js";

/** @typedef {import("../../arithmetic/arithmetic.js").LayerWeights} LayerWeights */
/** @typedef {import("../../arithmetic/arithmetic.js").Term} Term */
/** @typedef {import("../../cells/kind.js").Block} Block */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {"input" | "hidden" | "bias" | "state"} Side */

/**
 * @typedef {object} Row one gate's sum
 * @property {Block} gate
 * @property {Record<Side, Term[]>} terms empty while the weights are on their way
 * @property {number | null} sum null where nobody knows it
 * @property {number} value what its activation makes of the sum, or where it is held
 */

/** Sources that are shown one by one, by their indices. @typedef {{input: number[], hidden: number[]}
 *   } Shown */

/** @param {Term} term its product, exactly */
export const productOf = ({ factors }) => factors.reduce((all, { value }) => all * value, 1);

/** @param {Term[]} terms */
export const totalOf = (terms) => terms.reduce((sum, term) => sum + productOf(term), 0);

/**
 * @param {Trace} trace
 * @param {LayerWeights | null} weights
 * @param {{timestep: number, unit: number}} cursor
 * @returns {Row[]} one a gate, in the order in which they are drawn
 */
export function unitRows(trace, weights, { timestep, unit }) {
  const { features, units } = trace.layer;
  const step = trace.steps[timestep - 1];
  return blocksOf(cellOf(trace)).map((gate) => {
    const known = weights?.[gate] && !(step.masked && gate === "hidden_state");
    const made = known ? arithmetic(trace, weights, { quantity: gate, timestep, unit }) : null;
    const all = made?.terms ?? [];
    const input = all.slice(0, features);
    const hidden = all.slice(features, features + units);
    const others = all.slice(features + units).filter(({ kind }) => kind !== "rounding");
    const state = others.filter(({ kind }) => kind === "state");
    const bias = others.filter(({ kind }) => kind !== "state");
    const sum = step.preactivations?.[gate]?.[unit] ?? made?.sum.value ?? null;
    return { gate, terms: { input, hidden, bias, state }, sum, value: step[gate][unit] };
  });
}

/**
 * The inputs and units whose products are largest in any gate; where not all can be shown, each kind's
 * others have a place of their own.
 *
 * @param {Row[]} rows
 * @param {{features: number, units: number}} layer
 * @param {number} room places
 * @returns {Shown} in the order of their indices
 */
export function largestSources(rows, { features, units }, room) {
  const all = [
    ...Array.from({ length: features }, (_, index) => sized(rows, "input", index)),
    ...Array.from({ length: units }, (_, index) => sized(rows, "hidden", index)),
  ];
  const few = all.length <= room ? all : all.sort((a, b) => b.size - a.size).slice(0, room - 2);
  const of = (/** @type {"input" | "hidden"} */ side) =>
    few
      .filter((one) => one.side === side)
      .map(({ index }) => index)
      .sort((a, b) => a - b);
  return { input: of("input"), hidden: of("hidden") };
}

/** @param {Row[]} rows @param {"input" | "hidden"} side @param {number} index */
function sized(rows, side, index) {
  const sizes = rows.map(({ terms }) => {
    const term = terms[side][index];
    return term ? Math.abs(productOf(term)) : 0;
  });
  return { side, index, size: Math.max(...sizes) };
}

/** Those of one side that have no place of their own. @param {Term[]} terms @param {number[]} shown */
export function othersOf(terms, shown) {
  const own = new Set(shown);
  return terms.filter((_, index) => !own.has(index));
}
