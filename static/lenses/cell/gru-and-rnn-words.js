/** What to look at in cells other than an LSTM's, in words computed from the trace. */
import { cellOf, remembers } from "../../cells/kinds.js";
import { fixed } from "../../draw/format.js";
import { functionOf } from "../../core/activations.js";
import { changeAt, stateUpdateOf } from "../../arithmetic/state-update.js";
import { openable, phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {Trace} trace @param {number} timestep */
const at = (trace, timestep) => `At ${nameAt(trace, timestep)}`;

/** @param {Trace} trace @param {Cursor} cursor @returns {Phrase} */
function simpleChange(trace, { timestep, unit }) {
  const { from, to } = changeAt(trace, timestep, unit);
  const sum = trace.steps[timestep - 1].preactivations?.hidden_state?.[unit];
  const { sign } = functionOf(cellOf(trace).squash);
  const made = sum === undefined ? "" : phrase`, the ${sign} of ${openable(fixed(sum), to.mark)}`;
  return phrase`it was ${from} and is ${to} now${made}. Nothing of the old value is kept as it was.`;
}

/** @param {Trace} trace @param {Cursor} cursor @returns {Phrase} */
export function otherCellCaption(trace, cursor) {
  const { timestep, unit } = cursor;
  const place = at(trace, timestep);
  if (!remembers(trace)) {
    return phrase`${place} unit ${unit} is written anew: ${simpleChange(trace, cursor)}`;
  }
  const { share, rest, before, kept, change, held, empty } = stateUpdateOf(trace, cursor);
  if (empty)
    return phrase`${place} unit ${unit} has nothing to keep yet. It ${change}, and holds ${held}.`;
  return [
    ...phrase`${place} unit ${unit} keeps ${share} of its state of ${before}, that is ${kept}; the `,
    ...phrase`other ${rest} comes from the candidate, which ${change}: it holds ${held} now.`,
  ];
}
