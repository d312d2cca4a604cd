/** What a unit keeps of its memory at a timestep, and what it adds to it. */
import { operandAt } from "./arithmetic.js";
import { cellOf, keepingFactor, previous } from "../cells/kinds.js";
import { derived, calculated } from "./derived-numbers.js";
import { fixed } from "../draw/format.js";
import { keeps } from "./memory-kept.js";
import { addingUp, decimalsToAddUp } from "../draw/rounding.js";
import { openable, phrase } from "../words/sentence.js";
import { term } from "./terms.js";
import { nameAt } from "../draw/text.js";
import { valueAt, vector } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Quantity} Quantity */

/** @param {number} share 0..1 */
export const percent = (share) => `${fixed(100 * share, 0)}%`;

/** A number of a trace, ready to open. @param {Trace} trace @param {Quantity | "input"} quantity
 * @param {number} timestep @param {number} unit @param {number} [decimals] */
export const numberAt = (trace, quantity, timestep, unit, decimals = 2) => {
  const mark = { quantity, timestep, unit };
  return openable(fixed(valueAt(trace, mark), decimals), mark);
};

/** A gate in percent. @param {Trace} trace @param {Quantity} quantity @param {number} timestep
 * @param {number} unit */
export const percentAt = (trace, quantity, timestep, unit) => {
  const mark = { quantity, timestep, unit };
  return openable(percent(valueAt(trace, mark)), mark);
};

/** What a gate leaves of 1, in percent. @param {Trace} trace @param {Quantity} quantity
 * @param {number} timestep @param {number} unit */
export const restAt = (trace, quantity, timestep, unit) => {
  const mark = { quantity, timestep, unit };
  return openable(percent(1 - valueAt(trace, mark)), { ...mark, how: "rest" });
};

/**
 * In numbers as they are shown, so that what is kept and what is added come to what is held.
 *
 * @param {Trace} trace of a cell with a gate that keeps
 * @param {{timestep: number, unit: number}} cursor
 */
export function stateUpdateOf(trace, { timestep, unit }) {
  const [memory] = cellOf(trace).states;
  const factor = /** @type {NonNullable<ReturnType<typeof keepingFactor>>} */ (
    keepingFactor(trace)
  );
  const gate = factor.quantity;
  const [share, rest] = factor.how === "rest" ? [restAt, percentAt] : [percentAt, restAt];
  const step = trace.steps[timestep - 1];
  const then = previous(trace, timestep);
  const before = vector(trace, memory, then)[unit];
  const [held, kept] = [step[memory][unit], keeps(trace, timestep, unit) * before];
  const least = Math.max(Math.abs(held), Math.abs(kept)) < 0.1 ? 3 : 2;
  const decimals = decimalsToAddUp([kept, held - kept], held, least);
  const [keptShown, added] = addingUp([kept, held - kept], held, decimals);
  const write = (/** @type {number} */ value) => fixed(value, decimals);
  const own = { quantity: memory, timestep, unit };
  return {
    empty: before === 0,
    share: share(trace, gate, timestep, unit),
    rest: rest(trace, gate, timestep, unit),
    before: numberAt(trace, memory, then, unit, decimals),
    kept: openable(write(keptShown), productMark(trace, own, 0, write(keptShown))),
    change: phrase`${added < 0 ? "takes away" : "adds"} ${openable(
      write(Math.abs(added)),
      productMark(trace, own, 1, write(added)),
    )}`,
    held: numberAt(trace, memory, timestep, unit, decimals),
    hidden: shownAt(trace, timestep, unit, decimals),
  };
}

/** What a unit shows of its memory: its hidden state; of a projected layer what is projected.
 * @param {Trace} trace @param {number} timestep @param {number} unit @param {number} decimals */
function shownAt(trace, timestep, unit, decimals) {
  const quantity = /** @type {const} */ ("hidden_state");
  if (trace.layer.hidden === undefined) return numberAt(trace, quantity, timestep, unit, decimals);
  const [{ factors }] = cellOf(trace).updates[quantity]?.products ?? [{ factors: [] }];
  const operands = factors.map((operand) => operandAt(trace, operand, timestep, unit));
  const value = operands.reduce((product, operand) => product * operand.value, 1);
  const shown = fixed(value, decimals);
  return openable(shown, productMark(trace, { quantity, timestep, unit }, 0, shown));
}

/** One product of the sum that makes a state.
 * @param {Trace} trace @param {Mark & {quantity: import("../cells/kind.js").StateName}} mark
 * @param {number} which @param {string} shown how a sentence rounds it, so that it adds up */
export function productMark(trace, { quantity, timestep, unit }, which, shown) {
  return derived(() => {
    const { label, factors } = (cellOf(trace).updates[quantity]?.products ?? [])[which];
    const operands = factors.map((operand) => operandAt(trace, operand, timestep, unit));
    const value = operands.reduce((product, operand) => product * operand.value, 1);
    const decimals = shown.split(".")[1]?.length ?? 0;
    return calculated({
      title: `${label}, unit ${unit}, at ${nameAt(trace, timestep)}`,
      equation: operands.map(({ name }) => name).join(" \u00d7 "),
      terms: [term("state", label, operands)],
      value,
      note: fixed(value, decimals) === shown ? "" : `, written ${shown} so that the sum is true`,
    });
  });
}

/** How a unit's state changes at a timestep, in numbers and as they are shown.
 * @param {Trace} trace @param {number} timestep @param {number} unit */
export function changeAt(trace, timestep, unit) {
  const [memory] = cellOf(trace).states;
  const then = previous(trace, timestep);
  return {
    was: vector(trace, memory, then)[unit],
    is: trace.steps[timestep - 1][memory][unit],
    from: numberAt(trace, memory, then, unit),
    to: numberAt(trace, memory, timestep, unit),
  };
}

/** Whether nothing is in memory yet when a timestep begins. @param {Trace} trace
 * @param {number} timestep */
export const isEmpty = (trace, timestep) =>
  vector(trace, cellOf(trace).states[0], previous(trace, timestep)).every((value) => value === 0);

/** Where padding stands in a sentence, what it does to the memory. @param {Trace} trace
 * @param {number} timestep */
export const paddingAt = (trace, timestep) =>
  `At ${nameAt(trace, timestep)} the input is padding: the memory stays as it is`;
