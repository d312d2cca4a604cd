/** What to look at in one unit: where it is highest and lowest. */
import { fixed } from "../../draw/format.js";
import { numberAt } from "../../arithmetic/state-update.js";
import { wordAt } from "../../words/phrases.js";
import { phrase } from "../../words/sentence.js";
import { NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/**
 * @param {Trace} trace
 * @param {import("../../core/types.js").Quantity} quantity
 * @param {number} unit
 * @returns {Phrase}
 */
export function unitCaption(trace, quantity, unit) {
  const values = trace.steps.map((step) => step[quantity][unit]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // the first of those that look alike
  const first = (/** @type {number} */ value) =>
    values.findIndex((other) => fixed(other) === fixed(value)) + 1;
  const at = (/** @type {number} */ value) => wordAt(trace, first(value));
  const number = (/** @type {number} */ value) => numberAt(trace, quantity, first(value), unit);
  if (low === high)
    return phrase`The ${NAMES[quantity]} of unit ${unit} is ${number(low)} throughout.`;
  return [
    ...phrase`The ${NAMES[quantity]} of unit ${unit} is highest at ${at(high)}, ${number(high)}, `,
    ...phrase`and lowest at ${at(low)}, ${number(low)}.`,
  ];
}
