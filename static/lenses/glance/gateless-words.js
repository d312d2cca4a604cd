/** What to look at in a sentence that a cell without gates has read: where a state moves most. */
import { changeAt } from "../../arithmetic/state-update.js";
import { phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @param {Trace} trace @param {number} timestep */
const at = (trace, timestep) => `At ${nameAt(trace, timestep)}`;

/** Where a state without gates moves most over the sentence. @param {Trace} trace
 * @returns {Phrase} */
export function gatelessGlanceCaption(trace) {
  let most = { change: -1, timestep: 1, unit: 0 };
  for (const { timestep } of trace.steps) {
    for (let unit = 0; unit < trace.layer.units; unit++) {
      const { was, is } = changeAt(trace, timestep, unit);
      const change = Math.abs(is - was);
      if (change > most.change) most = { change, timestep, unit };
    }
  }
  const { timestep, unit } = most;
  const { from, to } = changeAt(trace, timestep, unit);
  return phrase`${at(trace, timestep)} a unit moves most: unit ${unit} goes from ${from} to ${to}.`;
}
