/** What to look at in the memory: the word that has lost most, in words computed from the ledger. */
import { shareLeft } from "./ledger-figure.js";
import { shareMark } from "../../arithmetic/memory-contributions.js";
import { paddingAt } from "../../arithmetic/state-update.js";
import { percent, wordAt } from "../../words/phrases.js";
import { openable, phrase } from "../../words/sentence.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** A ledger read from the end. @param {number[][]} rows */
const mirrored = (rows) =>
  rows.map(([initial, ...words]) => [initial, ...words.reverse()]).reverse();

/** Of what a word wrote: one that loses less at once is not what to look at. */
const MUCH = 0.1;

/**
 * The word that loses most at a timestep, or where none loses much there, the word that has lost most
 * by then; and the word that took most of it at once.
 *
 * @param {number[][]} rows (timesteps, sources) what each has left
 * @param {number} timestep
 * @param {boolean} [backwards] whether the layer reads from the end
 * @returns {{source: number, left: number, taker: number, before: number} | null} null where no
 *   word before this one wrote anything
 */
export function greatestLoss(rows, timestep, backwards = false) {
  if (backwards) {
    const { length } = rows;
    const turned = (/** @type {number} */ t) => length + 1 - t;
    const loss = greatestLoss(mirrored(rows), turned(timestep));
    return loss && { ...loss, source: turned(loss.source), taker: turned(loss.taker) };
  }
  const size = (/** @type {number} */ source, /** @type {number} */ t) =>
    Math.abs(rows[t - 1][source]);
  const most = (/** @type {(source: number) => number} */ lost) => {
    let best = { source: 0, lost: -Infinity };
    for (let source = 1; source < timestep; source++) {
      if (size(source, source) > 0 && lost(source) > best.lost)
        best = { source, lost: lost(source) };
    }
    return best;
  };
  const now = most((source) => size(source, timestep - 1) - size(source, timestep));
  if (now.source === 0) return null;
  const { source } =
    now.lost >= MUCH * size(now.source, now.source)
      ? now
      : most((one) => size(one, one) - size(one, timestep));
  const share = (/** @type {number} */ t) => shareLeft(rows, source, t) ?? 0;
  let taker = source + 1;
  for (let t = source + 1; t <= timestep; t++) {
    if (share(t - 1) - share(t) > share(taker - 1) - share(taker)) taker = t;
  }
  return { source, left: share(timestep), taker, before: share(taker - 1) };
}

/**
 * @param {Trace} trace
 * @param {number[][]} rows (timesteps, sources) what each has left
 * @param {{timestep: number, unit: number | null}} options unit: null for all of them
 * @returns {Phrase}
 */
export function memoryCaption(trace, rows, { timestep, unit }) {
  const step = trace.layer.go_backwards ? -1 : 1;
  const loss = greatestLoss(rows, timestep, step < 0);
  const here = wordAt(trace, timestep);
  if (!loss) {
    return trace.steps[timestep - 1].masked
      ? `${paddingAt(trace, timestep)}, empty.`
      : `After ${here} everything in memory was written by ${here} itself.`;
  }
  const { source, left, taker, before } = loss;
  const where = unit === null ? "" : ` to unit ${unit}`;
  const share = (/** @type {number} */ value, /** @type {number} */ t) =>
    openable(percent(value), shareMark(trace, source, t, unit));
  const rest = phrase`of what ${wordAt(trace, source)} wrote${where} is left`;
  const now = phrase`After ${here}, ${share(left, timestep)} ${rest}`;
  if (timestep === source + step) return phrase`${now}.`;
  return taker === source + step
    ? phrase`${now}; most of what went was gone at once, at ${wordAt(trace, taker)}.`
    : phrase`${now}; it was ${share(before, taker - step)} just before ${wordAt(trace, taker)}.`;
}
