/** What to look at in the unrolled sentence: where a unit's memory changes most. */
import { indexOfLargest } from "../../arithmetic/largest.js";
import { changeAt } from "../../arithmetic/state-update.js";
import { phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {Trace} trace @param {Cursor} cursor @returns {Phrase} */
export function unrolledCaption(trace, { unit }) {
  const changes = trace.steps.map(({ timestep }) => changeAt(trace, timestep, unit));
  const t = indexOfLargest(changes.map(({ was, is }) => is - was));
  const { was, is, from, to } = changes[t];
  if (was === is) return phrase`Unit ${unit}’s memory is ${to} throughout.`;
  return phrase`Unit ${unit}’s memory changes most at ${nameAt(trace, t + 1)}: from ${from} to ${to}.`;
}
