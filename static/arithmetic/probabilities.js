/** What a model answers after a word: probabilities as they are written, and the likeliest labels. */
import { fixed } from "../draw/format.js";

/** @typedef {import("../core/types.js").Prediction} Prediction */
/** @typedef {import("../core/types.js").Trace} Trace */

const MOST = 8; // labels in one figure

const FEWEST = 3;

const LIKELY = 0.005; // what is never as likely as that is shown only to fill up

/** A probability as it is read. @param {number} p */
export const percent = (p) =>
  `${fixed(100 * p, (p > 0.99 && p < 0.9995) || (p > 0 && p < 0.01) ? 1 : 0)}%`;

/** The labels that are ever likely, most of them, in their own order; never more than fit.
 * @param {Prediction} prediction @returns {number[]} */
export function likelyLabels({ labels, by_timestep }) {
  const highest = labels.map((_, k) => Math.max(...(by_timestep ?? []).map((row) => row[k])));
  return labels
    .map((_, k) => k)
    .sort((a, b) => highest[b] - highest[a] || a - b)
    .slice(0, MOST)
    .filter((k, i) => i < FEWEST || highest[k] >= LIKELY)
    .sort((a, b) => a - b);
}

/** What it would say after a word. @param {Trace} trace @param {number} timestep */
export function answerAt({ prediction }, timestep) {
  const row = prediction?.by_timestep?.[timestep - 1] ?? prediction?.probabilities ?? [];
  const index = row.indexOf(Math.max(...row));
  return { label: prediction?.labels[index] ?? "", probability: row[index] ?? 0, index };
}
