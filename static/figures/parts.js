/** What a unit keeps of its memory at a timestep, and what it adds to it. */
import { cellOf, previous } from "./cells.js";
import { fixed } from "./format.js";
import { keepingGate } from "./pins.js";
import { addingUp } from "./rounding.js";
import { nameAt } from "./text.js";
import { vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */

/** @param {number} share 0..1 */
export const percent = (share) => `${fixed(100 * share, 0)}%`;

/**
 * In numbers as they are shown, so that what is kept and what is added come to what is held.
 *
 * @param {Trace} trace of a cell with a gate that keeps
 * @param {{timestep: number, unit: number}} cursor
 */
export function partsOf(trace, { timestep, unit }) {
  const [memory] = cellOf(trace).states;
  const step = trace.steps[timestep - 1];
  const before = vector(trace, memory, previous(trace, timestep))[unit];
  const share = step[/** @type {import("../types.js").Gate} */ (keepingGate(trace))][unit];
  const [held, kept] = [step[memory][unit], share * before];
  const decimals = Math.max(Math.abs(held), Math.abs(kept)) < 0.1 ? 3 : 2;
  const [keptShown, added] = addingUp([kept, held - kept], held, decimals);
  const write = (/** @type {number} */ value) => fixed(value, decimals);
  return {
    empty: before === 0,
    share,
    before: write(before),
    kept: write(keptShown),
    change: `${added < 0 ? "takes away" : "adds"} ${write(Math.abs(added))}`,
    held: write(held),
    hidden: write(step.hidden_state[unit]),
  };
}

/** How a unit's state changes at a timestep. @param {Trace} trace @param {number} timestep
 * @param {number} unit @returns {{was: number, is: number}} */
export function changeAt(trace, timestep, unit) {
  const [memory] = cellOf(trace).states;
  const was = vector(trace, memory, previous(trace, timestep))[unit];
  return { was, is: trace.steps[timestep - 1][memory][unit] };
}

/** Whether nothing is in memory yet when a timestep begins. @param {Trace} trace
 * @param {number} timestep */
export const isEmpty = (trace, timestep) =>
  vector(trace, cellOf(trace).states[0], previous(trace, timestep)).every((value) => value === 0);

/** Where padding stands in a sentence, what it does to the memory. @param {Trace} trace
 * @param {number} timestep */
export const paddingAt = (trace, timestep) =>
  `At ${nameAt(trace, timestep)} the input is padding: the memory stays as it is`;
