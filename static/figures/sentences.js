/**
 * What to look at now, in words computed from the trace. Plain text: it goes into the page as
 * text, so that a visitor's word needs no escaping, only its own direction.
 */
import { lookAtOtherCell, lookAtSimpleGlance } from "./cell-sentences.js";
import { blocksOf, cellOf } from "./cells.js";
import { fixed } from "./format.js";
import { ownRow } from "./layouts.js";
import { changeAt, isEmpty, paddingAt, partsOf, percent } from "./parts.js";
import { nameAt, readsNumbers, stepName } from "./text.js";
import { isGate, isLstm, NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {{timestep: number, unit: number}} Cursor */

/** What is said beside a model's name. */
export const WHOSE_WEIGHTS = {
  seeded: "seeded, untrained",
  trained: "trained",
  imported: "imported",
};

/** Where the value furthest from 0 stands. @param {number[]} values */
function indexOfLargest(values) {
  const sizes = values.map(Math.abs);
  return sizes.indexOf(Math.max(...sizes));
}

/** The line that is spoken when the cursor moves. @param {Trace} trace @param {Cursor} cursor */
export function stepAloud(trace, cursor) {
  const { timestep, unit } = cursor;
  const step = trace.steps[timestep - 1];
  const said = readsNumbers(trace)
    ? `Timestep ${timestep} of ${trace.steps.length}`
    : `Word ${timestep} of ${trace.steps.length}: ${trace.tokens[timestep - 1].text}`;
  const { gates, states } = cellOf(trace);
  /** @type {Quantity[]} */
  const told = [...gates.slice(0, step.masked ? 0 : 1).map(({ quantity }) => quantity), ...states];
  const numbers = told.map((name) => `${NAMES[name]} ${fixed(step[name][unit])}`);
  return `${said}${step.masked ? ", padding" : ""}. Unit ${unit}: ${numbers.join(", ")}.`;
}

/** @param {Trace} trace @param {Cursor} cursor */
export function lookAtCell(trace, cursor) {
  if (trace.steps[cursor.timestep - 1].masked) return `${paddingAt(trace, cursor.timestep)}.`;
  if (!isLstm(trace)) return lookAtOtherCell(trace, cursor);
  const { empty, share, before, kept, change, held } = partsOf(trace, cursor);
  const at = `At ${nameAt(trace, cursor.timestep)} unit ${cursor.unit}`;
  if (empty) {
    return `${at} has nothing to keep yet: its memory is 0. It ${change}, and holds ${held}.`;
  }
  return (
    `${at} keeps ${percent(share)} of its memory of ${before}, that is ${kept}, and ${change}: ` +
    `it holds ${held} now.`
  );
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
  const changes = trace.steps.map(({ timestep }) => changeAt(trace, timestep, unit));
  const t = indexOfLargest(changes.map(({ was, is }) => is - was));
  const { was, is } = changes[t];
  if (was === is) return `Unit ${unit}’s memory is ${fixed(is)} throughout.`;
  return (
    `Unit ${unit}’s memory changes most at ${nameAt(trace, t + 1)}: from ${fixed(was)} to ` +
    `${fixed(is)}.`
  );
}

/**
 * @param {Trace} trace
 * @param {{return_sequences: boolean, return_state: boolean}} options
 */
export function lookAtReturns(trace, { return_sequences, return_state }) {
  const { length } = trace.steps;
  const last = trace.layer.go_backwards ? 1 : length;
  const name = stepName(trace, length);
  const words = length === 1 ? `the one ${name}` : `each of the ${length} ${name}`;
  const output = return_sequences
    ? `A hidden state for ${words} leaves the layer`
    : `Only the last hidden state, after ${nameAt(trace, last)}, leaves the layer`;
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
  const lstm = summary.layers.find(({ name }) => name === ownRow(trace.layer));
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
  const [{ quantity }] = gates; // the one that keeps
  let lowest = { value: Infinity, timestep: 0, unit: 0 };
  for (const { timestep, masked, [quantity]: gate } of trace.steps) {
    if (masked || isEmpty(trace, timestep)) continue; // there is nothing to keep
    gate.forEach((value, unit) => {
      if (value < lowest.value) lowest = { value, timestep, unit };
    });
  }
  const { value, timestep, unit } = lowest;
  if (timestep === 0) {
    return `The ${NAMES[quantity]} has nothing to keep yet: no ${stepName(trace)} was read before another.`;
  }
  return (
    `Once there is something to keep, the ${NAMES[quantity]} is lowest at ` +
    `${nameAt(trace, timestep)}, for unit ${unit}: ${fixed(value)}. Look at the same place in the ` +
    `${NAMES[states[0]]}.`
  );
}
