/**
 * What to look at in one path through a cell: the unit that stands out, in words computed from the
 * trace. Plain text, as all sentences are.
 */
import { cellOf } from "./cells.js";
import { fixed } from "./format.js";
import { functionOf } from "./functions.js";
import { changeAt, isEmpty, paddingAt, partsOf, percent } from "./parts.js";
import { nameAt } from "./text.js";
import { isGate, NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Quantity} Quantity */

/** @param {number[]} values */
const indexOfMax = (values) => values.indexOf(Math.max(...values));

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity}} options
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
    return `${at} ${alone ? ofOne(trace, timestep, quantity) : ofGate(trace, timestep, quantity)}`;
  }
  if (quantity === "candidate") {
    const strong = indexOfMax(values.map(Math.abs));
    const which = values.length > 1 ? `, for unit ${strong}` : "";
    return `${at} the strongest proposal is ${fixed(values[strong])}${which}.`;
  }
  return quantity === cellOf(trace).states[0]
    ? `${at} ${ofMemory(trace, timestep)}`
    : `${at} ${ofShown(trace, timestep, unit)}`;
}

/** Which unit's gate is furthest open, and which least. @param {Trace} trace
 * @param {number} timestep @param {Quantity} gate */
function ofGate(trace, timestep, gate) {
  const values = trace.steps[timestep - 1][gate];
  const high = indexOfMax(values);
  const low = values.indexOf(Math.min(...values));
  const [most, least] = [percent(values[high]), percent(values[low])];
  if (values[low] === values[high])
    return `the ${NAMES[gate]} is the same for every unit: ${most}.`;
  switch (gate) {
    case "forget_gate":
      return isEmpty(trace, timestep)
        ? `nothing is in memory to forget yet: the gate would keep most, ${most}, in unit ${high}.`
        : `unit ${low} forgets most: ${least} of its memory stays. Unit ${high} keeps most: ${most}.`;
    case "update_gate":
      return (
        `unit ${low} is renewed most: ${percent(1 - values[low])} of it comes from the candidate. ` +
        `Unit ${high} least: ${percent(1 - values[high])}.`
      );
    case "input_gate":
      return (
        `the gate is widest open for unit ${high}: ${most} of its candidate is written. For unit ` +
        `${low} it is ${least}.`
      );
    case "reset_gate":
      return (
        `the reset gate is widest open for unit ${high}, at ${most}, and closest to shut for unit ` +
        `${low}, at ${least}.`
      );
    default:
      return `unit ${high} shows most of what it holds, ${most}, and unit ${low} least, ${least}.`;
  }
}

/** The same where there is one unit alone. @param {Trace} trace @param {number} timestep
 * @param {Quantity} gate */
function ofOne(trace, timestep, gate) {
  const share = percent(trace.steps[timestep - 1][gate][0]);
  const said = /** @type {Partial<Record<Quantity, string>>} */ ({
    forget_gate: isEmpty(trace, timestep)
      ? "nothing is in memory to forget yet"
      : `${share} of the memory stays`,
    update_gate: `${share} of the state stays`,
    input_gate: `${share} of the candidate is written`,
    reset_gate: `${share} of the state counts for the candidate`,
    output_gate: `${share} of what is in memory is shown`,
  });
  return `${said[gate]}.`;
}

/** The unit whose memory changes most. @param {Trace} trace @param {number} timestep */
function ofMemory(trace, timestep) {
  const changes = Array.from({ length: trace.layer.units }, (_, k) => changeAt(trace, timestep, k));
  const unit = indexOfMax(changes.map(({ was, is }) => Math.abs(is - was)));
  const { was, is } = changes[unit];
  const who = changes.length > 1 ? `unit ${unit} changes most: it` : "the unit";
  if (was === 0) return `${who} had nothing in memory, and holds ${fixed(is)} now.`;
  if (cellOf(trace).layout === "simple_rnn") {
    return `${who} was ${fixed(was)}, and is made anew as ${fixed(is)}.`;
  }
  const { before, kept, change, held } = partsOf(trace, { timestep, unit });
  return `${who} keeps ${kept} of ${before}, ${change}, and holds ${held} now.`;
}

/** What of a unit's memory goes on. @param {Trace} trace @param {number} timestep
 * @param {number} unit */
function ofShown(trace, timestep, unit) {
  const { held, hidden } = partsOf(trace, { timestep, unit });
  const squash = functionOf(cellOf(trace).squash).sign;
  const share = percent(trace.steps[timestep - 1].output_gate[unit]);
  return `unit ${unit} holds ${held}; squashed by ${squash} and let through at ${share}, ${hidden} goes on.`;
}
