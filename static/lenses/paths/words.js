/**
 * What to look at in one path through a cell: the unit that stands out, in words computed from the
 * trace.
 */
import { cellOf } from "../../cells/kinds.js";
import { functionOf } from "../../core/activations.js";
import {
  changeAt,
  isEmpty,
  numberAt,
  paddingAt,
  partsOf,
  percentAt,
  restAt,
} from "../../arithmetic/state-update.js";
import { said } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";
import { isGate, NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../../core/types.js").Said} Said */

/** @param {number[]} values */
const indexOfMax = (values) => values.indexOf(Math.max(...values));

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity}} options
 * @returns {Said}
 */
export function lookAtPath(trace, { timestep, unit, quantity }) {
  const step = trace.steps[timestep - 1];
  const values = step[quantity];
  if (!values) return "";
  if (step.masked) {
    const idle = isGate(quantity) || quantity === "candidate";
    return `${paddingAt(trace, timestep)}${idle ? `, and the ${NAMES[quantity]} is not used` : ""}.`;
  }
  const at = `At ${nameAt(trace, timestep)}`;
  if (isGate(quantity)) {
    const alone = values.length === 1;
    return said`${at} ${alone ? ofOne(trace, timestep, quantity) : ofGate(trace, timestep, quantity)}`;
  }
  if (quantity === "candidate") {
    const strong = indexOfMax(values.map(Math.abs));
    const which = values.length > 1 ? `, for unit ${strong}` : "";
    const number = numberAt(trace, quantity, timestep, strong);
    return said`${at} the strongest proposal is ${number}${which}.`;
  }
  return quantity === cellOf(trace).states[0]
    ? said`${at} ${ofMemory(trace, timestep)}`
    : said`${at} ${ofShown(trace, timestep, unit)}`;
}

/** Which unit's gate is furthest open, and which least. @param {Trace} trace
 * @param {number} timestep @param {Quantity} gate */
function ofGate(trace, timestep, gate) {
  const values = trace.steps[timestep - 1][gate];
  const high = indexOfMax(values);
  const low = values.indexOf(Math.min(...values));
  const [most, least] = [high, low].map((unit) => percentAt(trace, gate, timestep, unit));
  const [kept, renewed] = [high, low].map((unit) => restAt(trace, gate, timestep, unit));
  if (values[low] === values[high])
    return said`the ${NAMES[gate]} is the same for every unit: ${most}.`;
  switch (gate) {
    case "forget_gate":
      return isEmpty(trace, timestep)
        ? said`nothing is in memory to forget yet: the gate would keep most, ${most}, in unit ${high}.`
        : said`unit ${low} forgets most: ${least} of its memory stays. Unit ${high} keeps most: ${most}.`;
    case "update_gate":
      return [
        ...said`unit ${low} is renewed most: ${renewed} of it comes from the candidate. `,
        ...said`Unit ${high} least: ${kept}.`,
      ];
    case "input_gate":
      return [
        ...said`the gate is widest open for unit ${high}: ${most} of its candidate is written. `,
        ...said`For unit ${low} it is ${least}.`,
      ];
    case "reset_gate":
      return [
        ...said`the reset gate is widest open for unit ${high}, at ${most}, and closest to shut `,
        ...said`for unit ${low}, at ${least}.`,
      ];
    default:
      return said`unit ${high} shows most of what it holds, ${most}, and unit ${low} least, ${least}.`;
  }
}

/** The same where there is one unit alone. @param {Trace} trace @param {number} timestep
 * @param {Quantity} gate */
function ofOne(trace, timestep, gate) {
  const share = percentAt(trace, gate, timestep, 0);
  const told = /** @type {Partial<Record<Quantity, Said>>} */ ({
    forget_gate: isEmpty(trace, timestep)
      ? "nothing is in memory to forget yet"
      : said`${share} of the memory stays`,
    update_gate: said`${share} of the state stays`,
    input_gate: said`${share} of the candidate is written`,
    reset_gate: said`${share} of the state counts for the candidate`,
    output_gate: said`${share} of what is in memory is shown`,
  });
  return said`${told[gate] ?? ""}.`;
}

/** The unit whose memory changes most. @param {Trace} trace @param {number} timestep */
function ofMemory(trace, timestep) {
  const changes = Array.from({ length: trace.layer.units }, (_, k) => changeAt(trace, timestep, k));
  const unit = indexOfMax(changes.map(({ was, is }) => Math.abs(is - was)));
  const { was, from, to } = changes[unit];
  const who = changes.length > 1 ? `unit ${unit} changes most: it` : "the unit";
  if (was === 0) return said`${who} had nothing in memory, and holds ${to} now.`;
  if (cellOf(trace).layout === "simple_rnn") {
    return said`${who} was ${from}, and is made anew as ${to}.`;
  }
  const { before, kept, change, held } = partsOf(trace, { timestep, unit });
  return said`${who} keeps ${kept} of ${before}, ${change}, and holds ${held} now.`;
}

/** What of a unit's memory goes on. @param {Trace} trace @param {number} timestep
 * @param {number} unit */
function ofShown(trace, timestep, unit) {
  const { held, hidden } = partsOf(trace, { timestep, unit });
  const squash = functionOf(cellOf(trace).squash).sign;
  const share = percentAt(trace, "output_gate", timestep, unit);
  return said`unit ${unit} holds ${held}; squashed by ${squash} and let through at ${share}, ${hidden} goes on.`;
}
