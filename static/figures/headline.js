/**
 * What the forget gate did, in one plain sentence for one word. The shares are those of the memory
 * as a whole: every unit counts with the size of what it holds.
 */
import { fixed } from "./format.js";
import { nameAt } from "./text.js";
import { isLstm, vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */

const NEARLY_ALL = 0.95;

/** @param {number} share 0..1 */
const percent = (share) => `${fixed(100 * share, 0)}%`;

/**
 * How much of the memory a word's forget gate keeps.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {number | null} 0..1; null where there is nothing in memory yet
 */
export function keptAt(trace, timestep) {
  const step = trace.steps[timestep - 1];
  const before = vector(trace, "cell_state", timestep - 1).map(Math.abs);
  const all = before.reduce((sum, size) => sum + size, 0);
  if (all === 0 || step.masked) return null;
  return before.reduce((sum, size, unit) => sum + step.forget_gate[unit] * size, 0) / all;
}

/**
 * The word that loses most by a forget gate: what each one wrote, times the forget gates since.
 *
 * @param {Trace} trace
 * @param {number} timestep from 2
 * @returns {{source: number, left: number} | null} left: of what it wrote, after this word
 */
export function loserAt(trace, timestep) {
  /** @type {{source: number, lost: number, left: number} | null} */
  let loser = null;
  for (let source = 1; source < timestep; source++) {
    let before = 0;
    let after = 0;
    let written = 0;
    for (let unit = 0; unit < trace.layer.units; unit++) {
      const { input_gate, candidate } = trace.steps[source - 1];
      let share = Math.abs(input_gate[unit] * candidate[unit]);
      written += share;
      for (let t = source + 1; t < timestep; t++) share *= trace.steps[t - 1].forget_gate[unit];
      before += share;
      after += share * trace.steps[timestep - 1].forget_gate[unit];
    }
    if (!loser || before - after > loser.lost) {
      loser = { source, lost: before - after, left: written ? after / written : 0 };
    }
  }
  return loser;
}

/**
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {string} empty for a cell without a forget gate
 */
export function headline(trace, timestep) {
  if (!isLstm(trace)) return "";
  const kept = keptAt(trace, timestep);
  const at = `At ${nameAt(trace, timestep)}`;
  if (kept === null) return `${at} there is nothing in memory to forget yet.`;
  if (kept >= NEARLY_ALL) {
    return `${at} the forget gate keeps nearly everything: ${percent(kept)} of the memory stays.`;
  }
  const loser = loserAt(trace, timestep);
  const whose = loser
    ? `, most of it what ${nameAt(trace, loser.source)} had written: ${percent(loser.left)} of ` +
      "that is left"
    : "";
  return `${at} the forget gate keeps ${percent(kept)} of the memory and drops the rest${whose}.`;
}

/**
 * Where in the sentence the forget gate keeps least.
 *
 * @param {Trace} trace
 * @returns {{timestep: number, kept: number} | null}
 */
export function leastKept(trace) {
  if (!isLstm(trace)) return null;
  /** @type {{timestep: number, kept: number} | null} */
  let least = null;
  for (const { timestep } of trace.steps) {
    const kept = keptAt(trace, timestep);
    if (kept !== null && (!least || kept < least.kept)) least = { timestep, kept };
  }
  return least;
}
