/** What the model answers at one word: the question, and the likeliest answers. */
import { atTemperature, probabilitiesAfter } from "../arithmetic/next-token.js";
import { capital, nameAt } from "../draw/text.js";
import { percent } from "../arithmetic/state-update.js";
import { fixed } from "../draw/format.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").AnswerMark} AnswerMark */

/** @typedef {{label: string, share: number, text: string, mark: AnswerMark | null,
 *   first: boolean, token?: string}} Bar share in 0..1; first: the likeliest; token: what can be taken */

const MOST = 4; // bars

/**
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @param {boolean} [writes] whether the answer is what comes next
 */
export function questionAt(trace, timestep, writes = false) {
  if (writes) return `What comes next ${after(trace, timestep)}:`;
  const { title } = trace.model;
  return title.endsWith("?")
    ? `${title} ${capital(after(trace, timestep))}:`
    : `The answer ${after(trace, timestep)}:`;
}

/** @param {Trace} trace @param {number} timestep */
const after = (trace, timestep) => `after ${nameAt(trace, timestep)}`;

/**
 * The tokens that the model holds likeliest to come next; at another temperature than its own the
 * percentages are no longer the sums that the model made.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @param {string[]} texts the token that each output speaks of
 * @param {number} temperature
 * @param {boolean} takeable whether there is a server that goes on from one
 * @returns {Bar[]}
 */
export function alternativesAt(trace, timestep, texts, temperature, takeable) {
  const own = probabilitiesAfter(trace, timestep);
  if (!own) return [];
  const row = atTemperature(own, temperature);
  const order = row.map((_, k) => k).sort((a, b) => row[b] - row[a] || own[b] - own[a]);
  return order.slice(0, MOST).map((unit, k) => ({
    label: texts[unit],
    token: takeable ? texts[unit] : undefined,
    share: row[unit],
    text: percent(row[unit]),
    mark:
      temperature === 1 && trace.prediction
        ? /** @type {AnswerMark} */ ({ quantity: "answer", timestep, unit })
        : null,
    first: k === 0,
  }));
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
