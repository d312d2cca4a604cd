/** What the model answers at one word: the question, and the likeliest answers. */
import { nameAt } from "../draw/text.js";
import { percent } from "../arithmetic/state-update.js";
import { fixed } from "../draw/format.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").AnswerMark} AnswerMark */

/** @typedef {{label: string, share: number, text: string, mark: AnswerMark | null,
 *   first: boolean}} Bar share in 0..1; first: the likeliest */

const MOST = 4; // bars

/**
 * @param {Trace} trace
 * @param {number} timestep from 1
 */
export function questionAt(trace, timestep) {
  const { title } = trace.model;
  const after = `after ${nameAt(trace, timestep)}`;
  return title.endsWith("?")
    ? `${title} ${after[0].toUpperCase()}${after.slice(1)}:`
    : `The answer ${after}:`;
}

/**
 * The answers that the model holds likeliest once it has read so far.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {{bars: Bar[], note: string}} note: why there are none, or what they are of; else empty
 */
export function answersAt(trace, timestep) {
  const { prediction, answer } = trace;
  if (prediction) {
    const rows = prediction.by_timestep;
    const row = rows ? rows[timestep - 1] : prediction.probabilities;
    const order = row.map((_, k) => k).sort((a, b) => row[b] - row[a]);
    const bars = order.slice(0, MOST).map((unit, k) => ({
      label: prediction.labels[unit],
      share: row[unit],
      text: percent(row[unit]),
      mark: /** @type {AnswerMark} */ ({
        quantity: "answer",
        timestep: rows ? timestep : trace.steps.length,
        unit,
      }),
      first: k === 0,
    }));
    return { bars, note: rows ? "" : "This model answers once it has read the whole sentence." };
  }
  if (!answer) return { bars: [], note: "This model has no head: it gives hidden states alone." };
  return { bars: numbersOf(answer, timestep), note: "" };
}

/** Numbers that are no probabilities. @param {import("../core/types.js").Answer} answer
 * @param {number} timestep @returns {Bar[]} */
function numbersOf({ by_timestep: rows, labels, output }, timestep) {
  const row = rows?.[timestep - 1] ?? /** @type {number[]} */ (output.flat().slice(-labels.length));
  const largest = Math.max(...row.map(Math.abs)) || 1;
  return row.slice(0, MOST).map((value, unit) => ({
    label: labels[unit] ?? `output ${unit}`,
    share: Math.abs(value) / largest,
    text: fixed(value, 3),
    mark: null,
    first: false,
  }));
}
