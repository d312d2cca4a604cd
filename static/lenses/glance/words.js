/** What to look at in the whole sentence: where the gate that keeps drops most. */
import { gatelessGlanceCaption } from "./gateless-words.js";
import { cellOf } from "../../cells/kinds.js";
import { changeAt, isEmpty, numberAt } from "../../arithmetic/state-update.js";
import { phrase } from "../../words/sentence.js";
import { nameAt, stepName } from "../../draw/text.js";
import { NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @param {Trace} trace @returns {Phrase} */
export function glanceCaption(trace) {
  const { gates, states } = cellOf(trace);
  if (gates.length === 0) return gatelessGlanceCaption(trace);
  const [{ quantity }] = gates; // the one that keeps
  let most = { lost: -1, timestep: 0, unit: 0 };
  for (const { timestep, masked, [quantity]: gate } of trace.steps) {
    if (masked || isEmpty(trace, timestep)) continue; // there is nothing to keep
    gate.forEach((value, unit) => {
      const lost = Math.abs((1 - value) * changeAt(trace, timestep, unit).was);
      if (lost > most.lost) most = { lost, timestep, unit };
    });
  }
  const { timestep, unit } = most;
  if (timestep === 0) {
    return `The ${NAMES[quantity]} has nothing to keep yet: no ${stepName(trace)} was read before another.`;
  }
  const value = numberAt(trace, quantity, timestep, unit);
  const { from, to } = changeAt(trace, timestep, unit);
  return [
    ...phrase`Most memory is lost at ${nameAt(trace, timestep)}, in unit ${unit}: its ${NAMES[quantity]} `,
    ...phrase`is ${value}. Look at the same place in the ${NAMES[states[0]]}, which goes from `,
    ...phrase`${from} to ${to}.`,
  ];
}
