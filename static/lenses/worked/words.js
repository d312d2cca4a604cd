/** What to look at in the worked cell: the input that moves the first gate most. */
import { blocksOf, cellOf } from "../../cells/kinds.js";
import { fixed } from "../../draw/format.js";
import { indexOfLargest } from "../../arithmetic/largest.js";
import { numberAt } from "../../arithmetic/state-update.js";
import { openable, phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";
import { NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @typedef {{timestep: number, unit: number}} Cursor */

/**
 * @param {Trace} trace
 * @param {Cursor & {weights: import("../../core/types.js").Weights | null}} options
 * @returns {Phrase}
 */
export function workedCaption(trace, { timestep, unit, weights }) {
  const step = trace.steps[timestep - 1];
  const [first] = blocksOf(cellOf(trace));
  const gate = `unit ${unit}’s ${NAMES[first]}`;
  if (!weights?.[first])
    return phrase`At ${nameAt(trace, timestep)} ${gate} is ${numberAt(trace, first, timestep, unit)}.`;
  const { kernel, bias } = weights[first];
  const products = step.input.map((value, j) => value * kernel[j][unit]);
  const strong = indexOfLargest(products);
  const number = numberAt(trace, "input", timestep, strong);
  // a weight opens the sum that it is part of
  const whole = { quantity: first, timestep, unit };
  const [weight, product, added] = [kernel[strong][unit], products[strong], bias[unit]].map(
    (value) => openable(fixed(value), whole),
  );
  return [
    ...phrase`At ${nameAt(trace, timestep)} the input that moves ${gate} most is number ${strong}: `,
    ...phrase`${number} times its weight ${weight} is ${product}. The bias adds ${added}.`,
  ];
}
