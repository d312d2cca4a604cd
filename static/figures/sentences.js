/**
 * What to look at now, in words computed from the trace. Plain text: it goes into the page as
 * text, so that a visitor's word needs no escaping, only its own direction.
 */
import {
  lookAtOtherCell,
  lookAtOtherPath,
  lookAtSimpleGlance,
  otherStepAloud,
} from "./cell-sentences.js";
import { blocksOf, cellOf, previous } from "./cells.js";
import { fixed } from "./format.js";
import { functionOf } from "./functions.js";
import { addingUp } from "./rounding.js";
import { nameAt, stepName } from "./text.js";
import { isGate, isLstm, NAMES, vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {{timestep: number, unit: number}} Cursor */

/** What is said beside a model's name. */
export const WHOSE_WEIGHTS = {
  seeded: "seeded, untrained",
  trained: "trained",
  imported: "imported",
};

/** @param {number} share 0..1 */
const percent = (share) => `${fixed(100 * share, 0)}%`;

/** Where the largest of some values stands. @param {number[]} values */
const indexOfMax = (values) => values.indexOf(Math.max(...values));

/** @param {number[]} values */
const indexOfMin = (values) => values.indexOf(Math.min(...values));

/** @param {number[]} values */
const indexOfLargest = (values) => indexOfMax(values.map(Math.abs));

/**
 * What a unit does at a timestep, written so that kept and written add up to the cell state.
 *
 * @param {Trace} trace
 * @param {Cursor} cursor
 */
function partsOf(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const before = vector(trace, "cell_state", previous(trace, timestep))[unit];
  const cell = step.cell_state[unit];
  const kept = step.forget_gate[unit] * before;
  const decimals = Math.max(Math.abs(cell), Math.abs(kept)) < 0.1 ? 3 : 2;
  const [keptShown, writtenShown] = addingUp([kept, cell - kept], cell, decimals);
  /** @param {number} value */
  const write = (value) => fixed(value, decimals);
  const verb = writtenShown < 0 ? "takes away" : "adds";
  return {
    empty: before === 0,
    forget: step.forget_gate[unit],
    output: step.output_gate[unit],
    before: write(before),
    kept: write(keptShown),
    change: `${verb} ${write(Math.abs(writtenShown))}`,
    cell: write(cell),
    hidden: write(step.hidden_state[unit]),
  };
}

/** The line that is spoken when the cursor moves. @param {Trace} trace @param {Cursor} cursor */
export function stepAloud(trace, cursor) {
  const { timestep, unit } = cursor;
  const word = trace.tokens[timestep - 1].text;
  const what = trace.tokens[timestep - 1].id === null ? "Timestep" : "Word";
  const said = what === "Word" ? `: ${word}` : "";
  const place = `${what} ${timestep} of ${trace.steps.length}${said}. Unit ${unit}:`;
  if (!isLstm(trace)) {
    return `${place} ${otherStepAloud(trace, cursor)}.`;
  }
  const { forget, cell, hidden } = partsOf(trace, cursor);
  return `${place} forget gate ${fixed(forget)}, cell state ${cell}, hidden state ${hidden}.`;
}

/** @param {Trace} trace @param {Cursor} cursor */
export function lookAtCell(trace, cursor) {
  if (!isLstm(trace)) return lookAtOtherCell(trace, cursor);
  const { empty, forget, before, kept, change, cell } = partsOf(trace, cursor);
  const at = `At ${nameAt(trace, cursor.timestep)} unit ${cursor.unit}`;
  if (empty) {
    return `${at} has nothing to keep yet: its memory is 0. It ${change}, and holds ${cell}.`;
  }
  return (
    `${at} keeps ${percent(forget)} of its memory of ${before}, that is ${kept}, and ${change}: ` +
    `it holds ${cell} now.`
  );
}

/** @param {Trace} trace @param {Cursor & {quantity: Quantity}} options */
export function lookAtPath(trace, { timestep, unit, quantity }) {
  if (!isLstm(trace)) return lookAtOtherPath(trace, { timestep, unit, quantity });
  const values = trace.steps[timestep - 1][quantity];
  const at = `At ${nameAt(trace, timestep)}`;
  const { empty, before, kept, change, cell, output, hidden } = partsOf(trace, { timestep, unit });
  const low = indexOfMin(values);
  const high = indexOfMax(values);
  const strong = indexOfLargest(values);
  const squash = functionOf(cellOf(trace).squash).sign;
  if (isGate(quantity) && values[low] === values[high] && values.length > 1) {
    return `${at} the ${NAMES[quantity]} is the same for every unit: ${percent(values[low])}.`;
  }
  switch (quantity) {
    case "forget_gate":
      return (
        `${at} unit ${low} forgets most: ${percent(values[low])} of its memory stays. Unit ` +
        `${high} keeps most: ${percent(values[high])}.`
      );
    case "input_gate":
      return (
        `${at} the gate is widest open for unit ${high}: ${percent(values[high])} of its ` +
        `candidate is written. For unit ${low} it is ${percent(values[low])}.`
      );
    case "candidate":
      return `${at} the strongest proposal is ${fixed(values[strong])}, for unit ${strong}.`;
    case "cell_state":
      return empty
        ? `${at} unit ${unit} had nothing in memory, and holds ${cell} now.`
        : `${at} unit ${unit} keeps ${kept} of ${before}, ${change}, and holds ${cell} now.`;
    case "output_gate":
      return (
        `${at} unit ${high} shows most of what it holds, ${percent(values[high])}, and unit ` +
        `${low} least, ${percent(values[low])}.`
      );
    default:
      return (
        `${at} unit ${unit} holds ${cell}; squashed by ${squash} and let through at ` +
        `${percent(output)}, ${hidden} goes on.`
      );
  }
}

/**
 * What an untrained model's panel has to admit; empty for any other.
 *
 * @param {Trace} trace
 * @param {Quantity} quantity
 */
export function untrained(trace, quantity) {
  if (trace.model.provenance.kind !== "seeded") return "";
  return isGate(quantity)
    ? `These weights are random: this ${NAMES[quantity]} has learned nothing about your words.`
    : `These weights are random: this ${NAMES[quantity]} means nothing yet.`;
}

/**
 * The same about the answers over the unrolled cells.
 *
 * @param {Trace} trace
 */
export function untrainedAnswer(trace) {
  const { prediction, model } = trace;
  return prediction?.by_timestep && model.provenance.kind === "seeded"
    ? "Over each cell stands what the model would answer had the sentence ended there. Its weights " +
        "are random: these answers mean nothing."
    : "";
}

/**
 * @param {Trace} trace
 * @param {Cursor & {weights: import("../types.js").Weights | null}} options
 */
export function lookAtWorked(trace, { timestep, unit, weights }) {
  const step = trace.steps[timestep - 1];
  const [first] = blocksOf(cellOf(trace));
  const gate = `unit ${unit}’s ${NAMES[first]}`;
  if (!weights?.[first])
    return `At ${nameAt(trace, timestep)} ${gate} is ${fixed(step[first][unit])}.`;
  const { kernel, bias } = weights[first];
  const products = step.input.map((value, j) => value * kernel[j][unit]);
  const strong = indexOfLargest(products);
  return (
    `At ${nameAt(trace, timestep)} the input that moves ${gate} most is number ${strong}: ` +
    `${fixed(step.input[strong])} times its weight ${fixed(kernel[strong][unit])} is ` +
    `${fixed(products[strong])}. The bias adds ${fixed(bias[unit])}.`
  );
}

/** @param {Trace} trace @param {Cursor} cursor */
export function lookAtUnrolled(trace, { unit }) {
  const [memory] = cellOf(trace).states;
  const was = trace.steps.map(
    ({ timestep }) => vector(trace, memory, previous(trace, timestep))[unit],
  );
  const changes = trace.steps.map((step, t) => step[memory][unit] - was[t]);
  const t = indexOfLargest(changes);
  return (
    `Unit ${unit}’s memory changes most at ${nameAt(trace, t + 1)}: from ` +
    `${fixed(was[t])} to ${fixed(trace.steps[t][memory][unit])}.`
  );
}

/**
 * @param {Trace} trace
 * @param {{return_sequences: boolean, return_state: boolean}} options
 */
export function lookAtReturns(trace, { return_sequences, return_state }) {
  const { length } = trace.steps;
  const name = stepName(trace, length);
  const words = length === 1 ? `the one ${name}` : `each of the ${length} ${name}`;
  const output = return_sequences
    ? `A hidden state for ${words} leaves the layer`
    : `Only the last hidden state, after ${nameAt(trace, length)}, leaves the layer`;
  if (cellOf(trace).states.length === 1) {
    return return_state ? `${output}, and with it the final hidden state once more.` : `${output}.`;
  }
  return return_state
    ? `${output}, and with it the final hidden state once more and the final cell state.`
    : `${output}; the cell state never does.`;
}

/** @param {Trace} trace @param {import("../types.js").Summary} summary */
export function lookAtModel(trace, summary) {
  const largest = summary.layers.reduce((a, b) => (b.parameters > a.parameters ? b : a));
  const lstm = summary.layers.find(({ name }) => name === trace.layer.name);
  const share = largest.parameters / summary.total_parameters;
  if (!lstm || lstm === largest) {
    return `Most of the ${inThousands(summary.total_parameters)} numbers are in the recurrent layer.`;
  }
  return (
    `${largest.type} holds ${inThousands(largest.parameters)} of the ` +
    `${inThousands(summary.total_parameters)} numbers, ${fixed(100 * share, share > 0.99 ? 2 : 0)}%; ` +
    `all that the ${cellOf(trace).name} can learn fits into ${inThousands(lstm.parameters)}.`
  );
}

/** @param {number} count */
export const inThousands = (count) => count.toLocaleString("en-US");

/** @param {Trace} trace */
export function lookAtGlance(trace) {
  const { gates, states } = cellOf(trace);
  if (gates.length === 0) return lookAtSimpleGlance(trace);
  const [{ quantity }] = gates; // the one that keeps; at the first word there is nothing to keep
  let lowest = { value: Infinity, timestep: 1, unit: 0 };
  const judged = trace.steps.length > 1 ? trace.steps.slice(1) : trace.steps;
  for (const { timestep, [quantity]: gate } of judged) {
    gate.forEach((value, unit) => {
      if (value < lowest.value) lowest = { value, timestep, unit };
    });
  }
  const where =
    judged.length < trace.steps.length ? `After the first ${stepName(trace, 1)} the` : "The";
  return (
    `${where} ${NAMES[quantity]} is lowest at ${nameAt(trace, lowest.timestep)}, for unit ${lowest.unit}: ` +
    `${fixed(lowest.value)}. Look at the same place in the ${NAMES[states[0]]}.`
  );
}
