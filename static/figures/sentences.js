/**
 * What to look at now, in words computed from the trace, with numbers that open. It goes into the
 * page as text, so that a visitor's word needs no escaping, only its own direction.
 */
import { lookAtOtherCell, lookAtSimpleGlance } from "./cell-sentences.js";
import { blocksOf, cellOf } from "./cells.js";
import { fixed } from "./format.js";
import { inThousands, layerMark, partMark, totalMark } from "./counts.js";
import { ownRow } from "./layouts.js";
import { changeAt, isEmpty, numberAt, paddingAt, partsOf } from "./parts.js";
import { opening, said } from "./said.js";
import { nameAt, readsNumbers, stepName } from "./text.js";
import { isGate, isLstm, NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {import("../types.js").Said} Said */
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

/** @param {Trace} trace @param {Cursor} cursor @returns {Said} */
export function lookAtCell(trace, cursor) {
  if (trace.steps[cursor.timestep - 1].masked) return `${paddingAt(trace, cursor.timestep)}.`;
  if (!isLstm(trace)) return lookAtOtherCell(trace, cursor);
  const { empty, share, before, kept, change, held } = partsOf(trace, cursor);
  const at = `At ${nameAt(trace, cursor.timestep)} unit ${cursor.unit}`;
  if (empty) {
    return said`${at} has nothing to keep yet: its memory is 0. It ${change}, and holds ${held}.`;
  }
  const parts = said`of its memory of ${before}, that is ${kept}, and ${change}`;
  return said`${at} keeps ${share} ${parts}: it holds ${held} now.`;
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
 * @returns {Said}
 */
export function lookAtWorked(trace, { timestep, unit, weights }) {
  const step = trace.steps[timestep - 1];
  const [first] = blocksOf(cellOf(trace));
  const gate = `unit ${unit}’s ${NAMES[first]}`;
  if (!weights?.[first])
    return said`At ${nameAt(trace, timestep)} ${gate} is ${numberAt(trace, first, timestep, unit)}.`;
  const { kernel, bias } = weights[first];
  const products = step.input.map((value, j) => value * kernel[j][unit]);
  const strong = indexOfLargest(products);
  const number = numberAt(trace, "input", timestep, strong);
  // a weight opens the sum that it is part of
  const whole = { quantity: first, timestep, unit };
  const [weight, product, added] = [kernel[strong][unit], products[strong], bias[unit]].map(
    (value) => opening(fixed(value), whole),
  );
  return [
    ...said`At ${nameAt(trace, timestep)} the input that moves ${gate} most is number ${strong}: `,
    ...said`${number} times its weight ${weight} is ${product}. The bias adds ${added}.`,
  ];
}

/** @param {Trace} trace @param {Cursor} cursor @returns {Said} */
export function lookAtUnrolled(trace, { unit }) {
  const changes = trace.steps.map(({ timestep }) => changeAt(trace, timestep, unit));
  const t = indexOfLargest(changes.map(({ was, is }) => is - was));
  const { was, is, from, to } = changes[t];
  if (was === is) return said`Unit ${unit}’s memory is ${to} throughout.`;
  return said`Unit ${unit}’s memory changes most at ${nameAt(trace, t + 1)}: from ${from} to ${to}.`;
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

/** @param {Trace} trace @param {import("../types.js").Summary} summary @returns {Said} */
export function lookAtModel(trace, summary) {
  const largest = summary.layers.reduce((a, b) => (b.parameters > a.parameters ? b : a));
  const lstm = summary.layers.find(({ name }) => name === ownRow(trace.layer));
  const total = opening(inThousands(summary.total_parameters), totalMark(summary));
  if (!lstm || lstm === largest) {
    return said`Most of the ${total} numbers are in the recurrent layer.`;
  }
  const [most, own] = [largest, lstm].map((row) =>
    opening(inThousands(row.parameters), layerMark(summary, row.name)),
  );
  const share = largest.parameters / summary.total_parameters;
  const percents = `${fixed(100 * share, share > 0.99 ? 2 : 0)}%`;
  const part = opening(percents, partMark(summary, largest.name, percents));
  return [
    ...said`The ${largest.type} layer holds ${most} of the ${total} numbers, ${part}; `,
    ...said`all that the ${cellOf(trace).name} can learn fits into ${own}.`,
  ];
}

/** @param {Trace} trace @returns {Said} */
export function lookAtGlance(trace) {
  const { gates, states } = cellOf(trace);
  if (gates.length === 0) return lookAtSimpleGlance(trace);
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
    ...said`The ${NAMES[quantity]} drops most at ${nameAt(trace, timestep)}, in unit ${unit}: it is `,
    ...said`${value} there. Look at the same place in the ${NAMES[states[0]]}, which goes from `,
    ...said`${from} to ${to}.`,
  ];
}
