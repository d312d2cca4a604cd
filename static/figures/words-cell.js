/** What to look at in the cell: what one unit keeps of its memory and adds to it. */
import { lookAtOtherCell } from "./words-cell-other.js";
import { paddingAt, partsOf } from "./parts.js";
import { said } from "./said.js";
import { nameAt } from "./text.js";
import { isLstm } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Said} Said */

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
