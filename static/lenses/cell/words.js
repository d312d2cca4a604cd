/** What to look at in the cell: what one unit keeps of its memory and adds to it. */
import { lookAtOtherCell } from "./gru-and-rnn-words.js";
import { paddingAt, partsOf } from "../../arithmetic/state-update.js";
import { said } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";
import { isLstm } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Said} Said */

/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {Trace} trace @param {Cursor} cursor @returns {Said} */
export function lookAtCell(trace, cursor) {
  if (trace.steps[cursor.timestep - 1].masked) return `${paddingAt(trace, cursor.timestep)}.`;
  if (!isLstm(trace)) return lookAtOtherCell(trace, cursor);
  const { empty, share, before, kept, change, held } = partsOf(trace, cursor);
  const at = `At ${nameAt(trace, cursor.timestep)} unit ${cursor.unit}`;
  if (empty) {
    return said`${at} has nothing to keep yet: its memory is 0. It ${change}, and holds ${held}.`;
  }
  const parts = said`of its memory of ${before}, that is ${kept}, and ${change}`;
  return said`${at} keeps ${share} ${parts}: it holds ${held} now.`;
}
