/** Parts of sentences that several sections need: words, answers and how sure they are. */
import { fixed } from "../draw/format.js";
import { openable, phrase } from "./sentence.js";
import { isolate, nameAt } from "../draw/text.js";

/** @typedef {import("../core/types.js").Prediction} Prediction */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Phrase} Phrase */

/** @typedef {Pick<Trace, "prediction" | "steps"> & {run?: Trace}} Run run: itself, where it is not
 *   the page's own */

/** @param {string} text */
export const quote = (text) => `“${isolate(text)}”`;

/** @param {Trace} trace @param {number} timestep */
export const wordAt = (trace, timestep) => nameAt(trace, timestep);

/** @param {number} share 0..1 */
export function percent(share) {
  const shown = 100 * share;
  if (shown > 0 && shown < 0.5) return "less than 1%";
  return shown < 100 && shown > 99.5 ? "more than 99%" : `${fixed(shown, 0)}%`;
}

/** @param {Prediction} prediction @returns {{label: string, probability: number, index: number}} */
export function predicted({ labels, probabilities }) {
  const index = probabilities.indexOf(Math.max(...probabilities));
  return { label: labels[index], probability: probabilities[index], index };
}

/** How likely a label is at a run's end, or after a word of it, ready to open.
 * @param {Run} run @param {number} unit the label @param {number} [timestep] */
export function sureOf({ prediction, steps, run }, unit, timestep = steps.length) {
  const row = prediction?.by_timestep?.[timestep - 1] ?? prediction?.probabilities ?? [];
  const quantity = /** @type {const} */ ("answer");
  return openable(percent(row[unit]), { quantity, timestep, unit, ...(run && { run }) });
}

/** A run that is not the page's own. @param {Trace} run */
export const other = (run) => ({ ...run, run });

/** @param {number} value */
export const signedText = (value) => (value >= 0.005 ? `+${fixed(value)}` : fixed(value));

/**
 * What a prediction was and has become.
 *
 * @param {Run & {prediction: Prediction}} before
 * @param {Run & {prediction: Prediction}} after
 * @returns {Phrase}
 */
export function change(before, after) {
  const [was, is] = [predicted(before.prediction), predicted(after.prediction)];
  const now = after.prediction.probabilities[was.index];
  const [then, there] = [sureOf(before, was.index), sureOf(after, was.index)];
  if (was.label !== is.label) {
    const here = sureOf(after, is.index);
    return phrase`the answer changes from ${quote(was.label)} (${then}) to ${quote(is.label)} (${here})`;
  }
  return now === was.probability
    ? phrase`the answer stays ${quote(was.label)}, at exactly ${there}`
    : phrase`the answer stays ${quote(was.label)}: ${then} before, ${there} now`;
}

/** @param {string} gate */
export const gateName = (gate) => gate.replaceAll("_", " ");
