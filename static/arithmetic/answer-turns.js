/**
 * The word at which a model that has learned something changes its mind: where the page opens when
 * a link names no word.
 */

/** @typedef {import("../core/types.js").Trace} Trace */

/** How far the answer's probabilities must move, of 1, for it to be a change of mind. */
const FAR = 0.3;

/**
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{from: string, to: string, index: number} | null} index: of the answer it turns to; null where it stays about as it was, or means nothing
 */
export function answerTurnAt({ prediction, model }, timestep) {
  const rows = prediction?.by_timestep;
  if (!prediction || !rows || timestep < 2 || model.provenance.kind === "seeded") return null;
  const [before, after] = [rows[timestep - 2], rows[timestep - 1]];
  const moved = after.reduce((sum, p, k) => sum + Math.abs(p - before[k]), 0) / 2;
  if (moved < FAR) return null;
  const best = (/** @type {number[]} */ row) => row.indexOf(Math.max(...row));
  const [from, to] = [best(before), best(after)];
  const { labels } = prediction;
  return { from: labels[from], to: labels[to], index: to };
}

/**
 * What a model that has learned something says after a word.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{label: string, index: number} | null}
 */
export function learnedAnswerAt({ prediction, model }, timestep) {
  const row = prediction?.by_timestep?.[timestep - 1];
  if (!prediction || !row || model.provenance.kind === "seeded") return null;
  const index = row.indexOf(Math.max(...row));
  return { label: prediction.labels[index], index };
}

/**
 * The last word that changes the answer.
 *
 * @param {Trace} trace
 * @returns {number | null} its timestep
 */
export function turningPoint(trace) {
  for (let timestep = trace.steps.length; timestep > 1; timestep--) {
    if (answerTurnAt(trace, timestep)) return timestep;
  }
  return null;
}
