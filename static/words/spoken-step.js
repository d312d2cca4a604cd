/** The line that a screen reader speaks when the cursor moves. */
import { cellOf } from "../cells/kinds.js";
import { fixed } from "../draw/format.js";
import { capital, readsNumbers, stepName } from "../draw/text.js";
import { NAMES } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Quantity} Quantity */

/** @typedef {{timestep: number, unit: number}} Cursor */

/** The line that is spoken when the cursor moves. @param {Trace} trace @param {Cursor} cursor */
export function spokenStep(trace, cursor) {
  const { timestep, unit } = cursor;
  const step = trace.steps[timestep - 1];
  const said = readsNumbers(trace)
    ? `Timestep ${timestep} of ${trace.steps.length}`
    : `${capital(stepName(trace))} ${timestep} of ${trace.steps.length}: ${trace.tokens[timestep - 1].text}`;
  const { gates, states } = cellOf(trace);
  /** @type {Quantity[]} */
  const told = [...gates.slice(0, step.masked ? 0 : 1).map(({ quantity }) => quantity), ...states];
  const numbers = told.map((name) => `${NAMES[name]} ${fixed(step[name][unit])}`);
  return `${said}${step.masked ? ", padding" : ""}. Unit ${unit}: ${numbers.join(", ")}.`;
}
