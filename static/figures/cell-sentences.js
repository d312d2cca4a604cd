/**
 * What to look at now in cells other than an LSTM's, in words computed from the trace. Plain text,
 * as all sentences are.
 */
import { cellOf } from "./cells.js";
import { fixed } from "./format.js";
import { functionOf } from "./functions.js";
import { changeAt, partsOf, percent } from "./parts.js";
import { nameAt } from "./text.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {Trace} trace @param {number} timestep */
const at = (trace, timestep) => `At ${nameAt(trace, timestep)}`;

/** @param {Trace} trace @param {Cursor} cursor */
function simpleChange(trace, { timestep, unit }) {
  const { was, is } = changeAt(trace, timestep, unit);
  const sum = trace.steps[timestep - 1].preactivations?.hidden_state?.[unit];
  const { sign } = functionOf(cellOf(trace).squash);
  const made = sum === undefined ? "" : `, the ${sign} of ${fixed(sum)}`;
  return `it was ${fixed(was)} and is ${fixed(is)} now${made}. Nothing of the old value is kept as it was.`;
}

/** @param {Trace} trace @param {Cursor} cursor */
export function lookAtOtherCell(trace, cursor) {
  const { timestep, unit } = cursor;
  const place = at(trace, timestep);
  if (cellOf(trace).layout === "simple_rnn") {
    return `${place} unit ${unit} is written anew: ${simpleChange(trace, cursor)}`;
  }
  const { share, before, kept, change, held, empty } = partsOf(trace, cursor);
  if (empty)
    return `${place} unit ${unit} has nothing to keep yet. It ${change}, and holds ${held}.`;
  return (
    `${place} unit ${unit} keeps ${percent(share)} of its state of ${before}, that is ${kept}; the ` +
    `other ${percent(1 - share)} comes from the candidate, which ${change}: it holds ${held} now.`
  );
}

/** Where a state without gates moves most over the sentence. @param {Trace} trace */
export function lookAtSimpleGlance(trace) {
  let most = { change: -1, timestep: 1, unit: 0 };
  for (const { timestep } of trace.steps) {
    for (let unit = 0; unit < trace.layer.units; unit++) {
      const { was, is } = changeAt(trace, timestep, unit);
      const change = Math.abs(is - was);
      if (change > most.change) most = { change, timestep, unit };
    }
  }
  const { timestep, unit } = most;
  const { was, is } = changeAt(trace, timestep, unit);
  return `${at(trace, timestep)} a unit moves most: unit ${unit} goes from ${fixed(was)} to ${fixed(is)}.`;
}
