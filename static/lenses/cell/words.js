/** What to look at in the cell: what one unit keeps of its memory and adds to it. */
import { otherCellCaption } from "./gru-and-rnn-words.js";
import { paddingAt, stateUpdateOf } from "../../arithmetic/state-update.js";
import { phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";
import { cellOf } from "../../cells/kinds.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {Trace} trace @param {Cursor} cursor @returns {Phrase} */
export function cellCaption(trace, cursor) {
  if (trace.steps[cursor.timestep - 1].masked) return `${paddingAt(trace, cursor.timestep)}.`;
  if (cellOf(trace).states.length === 1) return otherCellCaption(trace, cursor);
  const { empty, share, before, kept, change, held } = stateUpdateOf(trace, cursor);
  const at = `At ${nameAt(trace, cursor.timestep)} unit ${cursor.unit}`;
  if (empty) {
    return phrase`${at} has nothing to keep yet: its memory is 0. It ${change}, and holds ${held}.`;
  }
  const parts = phrase`of its memory of ${before}, that is ${kept}, and ${change}`;
  return phrase`${at} keeps ${share} ${parts}: it holds ${held} now.`;
}
