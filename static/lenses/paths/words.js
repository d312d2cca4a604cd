/**
 * What to look at in one path through a cell: the unit that stands out, in words computed from the
 * trace.
 */
import { cellOf, keepingFactor, remembers, writingFactors } from "../../cells/kinds.js";
import { functionOf } from "../../core/activations.js";
import {
  changeAt,
  isEmpty,
  numberAt,
  paddingAt,
  stateUpdateOf,
  percentAt,
  restAt,
} from "../../arithmetic/state-update.js";
import { phrase } from "../../words/sentence.js";
import { nameAt } from "../../draw/text.js";
import { isGate, NAMES } from "../../cells/quantities.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @param {number[]} values */
const indexOfMax = (values) => values.indexOf(Math.max(...values));

/**
 * @param {Trace} trace
 * @param {{timestep: number, unit: number, quantity: Quantity}} options
 * @returns {Phrase}
 */
export function pathCaption(trace, { timestep, unit, quantity }) {
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
    return phrase`${at} ${alone ? ofOne(trace, timestep, quantity) : ofGate(trace, timestep, quantity)}`;
  }
  if (quantity === "candidate") {
    const strong = indexOfMax(values.map(Math.abs));
    const which = values.length > 1 ? `, for unit ${strong}` : "";
    const number = numberAt(trace, quantity, timestep, strong);
    return phrase`${at} the strongest proposal is ${number}${which}.`;
  }
  return quantity === cellOf(trace).states[0]
    ? phrase`${at} ${ofMemory(trace, timestep)}`
    : phrase`${at} ${ofShown(trace, timestep, unit)}`;
}

/** What a gate does, by the equations of its cell: mixes, where what it does not keep of the memory is
 * what is written; replaces, where that is the other way round. @param {Trace} trace
 * @param {Quantity} gate @returns {"keeps" | "mixes" | "replaces" | "writes" | "resets" | "shows"} */
function roleOf(trace, gate) {
  const kept = keepingFactor(trace);
  const writes = writingFactors(trace).some(({ quantity }) => quantity === gate);
  if (kept?.quantity === gate) return kept.how === "rest" ? "replaces" : writes ? "mixes" : "keeps";
  if (writes) return "writes";
  const resets = Object.values(cellOf(trace).sums).some((sum) => sum.reset?.gate === gate);
  return resets ? "resets" : "shows";
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
    return phrase`the ${NAMES[gate]} is the same for every unit: ${most}.`;
  switch (roleOf(trace, gate)) {
    case "keeps":
      return isEmpty(trace, timestep)
        ? phrase`nothing is in memory to forget yet: the gate would keep most, ${most}, in unit ${high}.`
        : phrase`unit ${low} forgets most: ${least} of its memory stays. Unit ${high} keeps most: ${most}.`;
    case "mixes":
      return [
        ...phrase`unit ${low} is renewed most: ${renewed} of it comes from the candidate. `,
        ...phrase`Unit ${high} least: ${kept}.`,
      ];
    case "replaces":
      return [
        ...phrase`unit ${high} is renewed most: ${most} of it comes from the candidate. `,
        ...phrase`Unit ${low} least: ${least}.`,
      ];
    case "writes":
      return [
        ...phrase`the gate is widest open for unit ${high}: ${most} of its candidate is written. `,
        ...phrase`For unit ${low} it is ${least}.`,
      ];
    case "resets":
      return [
        ...phrase`the ${NAMES[gate]} is widest open for unit ${high}, at ${most}, and closest to shut `,
        ...phrase`for unit ${low}, at ${least}.`,
      ];
    default:
      return phrase`unit ${high} shows most of what it holds, ${most}, and unit ${low} least, ${least}.`;
  }
}

/** The same where there is one unit alone. @param {Trace} trace @param {number} timestep
 * @param {Quantity} gate */
function ofOne(trace, timestep, gate) {
  const share = percentAt(trace, gate, timestep, 0);
  const told = {
    keeps: isEmpty(trace, timestep)
      ? "nothing is in memory to forget yet"
      : phrase`${share} of the memory stays`,
    mixes: phrase`${share} of the state stays`,
    replaces: phrase`${share} of the state is renewed`,
    writes: phrase`${share} of the candidate is written`,
    resets: phrase`${share} of the state counts for the candidate`,
    shows: phrase`${share} of what is in memory is shown`,
  };
  return phrase`${told[roleOf(trace, gate)]}.`;
}

/** The unit whose memory changes most. @param {Trace} trace @param {number} timestep */
function ofMemory(trace, timestep) {
  const changes = Array.from({ length: trace.layer.units }, (_, k) => changeAt(trace, timestep, k));
  const unit = indexOfMax(changes.map(({ was, is }) => Math.abs(is - was)));
  const { was, from, to } = changes[unit];
  const who = changes.length > 1 ? `unit ${unit} changes most: it` : "the unit";
  if (was === 0) return phrase`${who} had nothing in memory, and holds ${to} now.`;
  if (!remembers(trace)) {
    return phrase`${who} was ${from}, and is made anew as ${to}.`;
  }
  const { before, kept, change, held } = stateUpdateOf(trace, { timestep, unit });
  return phrase`${who} keeps ${kept} of ${before}, ${change}, and holds ${held} now.`;
}

/** What of a unit's memory goes on. @param {Trace} trace @param {number} timestep
 * @param {number} unit */
function ofShown(trace, timestep, unit) {
  const { held, hidden } = stateUpdateOf(trace, { timestep, unit });
  const squash = functionOf(cellOf(trace).squash).sign;
  const share = percentAt(trace, "output_gate", timestep, unit);
  return phrase`unit ${unit} holds ${held}; squashed by ${squash} and let through at ${share}, ${hidden} goes on.`;
}
