/**
 * How much of its memory a word keeps, and which earlier word loses most there: shares of all units
 * together, where every unit counts with the size of what it holds.
 */
import {
  cellOf,
  keepingFactor,
  previous,
  remembers,
  transformed,
  writingFactors,
} from "../cells/kinds.js";
import { vector } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */

/** What a unit of the memory lets stay at a word; a masked word changes nothing.
 * @param {Trace} trace of a cell that keeps part of a state @param {number} timestep
 * @param {number} unit */
export function keeps(trace, timestep, unit) {
  const step = trace.steps[timestep - 1];
  const factor = keepingFactor(trace);
  return step.masked || !factor ? 1 : transformed(factor.how, step[factor.quantity][unit]);
}

/** What a word writes to a unit of the memory. @param {Trace} trace @param {number} timestep
 * @param {number} unit */
export function writes(trace, timestep, unit) {
  const step = trace.steps[timestep - 1];
  if (step.masked) return 0;
  return writingFactors(trace).reduce(
    (product, { quantity, how }) => product * transformed(how, step[quantity][unit]),
    1,
  );
}

/** The timesteps read before one, the nearest first. @param {Trace} trace @param {number} timestep */
function readBefore({ layer, steps }, timestep) {
  return layer.go_backwards
    ? steps.slice(timestep).map((step) => step.timestep)
    : steps
        .slice(0, timestep - 1)
        .map((step) => step.timestep)
        .reverse();
}

/**
 * How much of the memory a word keeps.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {number | null} 0..1; null where nothing is in memory yet, or no gate keeps anything
 */
export function memoryKeptAt(trace, timestep) {
  if (!remembers(trace) || trace.steps[timestep - 1].masked) return null;
  const before = vector(trace, cellOf(trace).states[0], previous(trace, timestep)).map(Math.abs);
  const all = before.reduce((sum, size) => sum + size, 0);
  if (all === 0) return null;
  return before.reduce((sum, size, unit) => sum + keeps(trace, timestep, unit) * size, 0) / all;
}

/**
 * The word that loses most at another: what each one wrote, times what has been kept since.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{source: number, before: number, after: number, unit: number, held: number} | null}
 *   before and after: shares of what it wrote; unit: where it loses most, which held that much of
 *   it; null where no word was read before
 */
export function mostForgottenAt(trace, timestep) {
  const { units } = trace.layer;
  /** what is left, at the word before, of what was written then @type {number[]} */
  const left = Array(units).fill(1);
  /** @type {ReturnType<typeof mostForgottenAt> & {lost: number} | null} */
  let loser = null;
  for (const source of readBefore(trace, timestep)) {
    let [written, before, after, unit, most, held] = [0, 0, 0, 0, -1, 0];
    for (let k = 0; k < units; k++) {
      const wrote = writes(trace, source, k);
      const now = left[k] * wrote;
      const size = Math.abs(now);
      const stays = size * keeps(trace, timestep, k);
      written += Math.abs(wrote);
      before += size;
      after += stays;
      if (size - stays > most) [unit, most, held] = [k, size - stays, now];
      left[k] *= keeps(trace, source, k);
    }
    if (written > 0 && (!loser || before - after >= loser.lost)) {
      const shares = { before: before / written, after: after / written };
      loser = { source, ...shares, unit, held, lost: before - after };
    }
  }
  return loser;
}

/**
 * What every word read by then has left in memory after one: the ledger's row, sizes of all units.
 *
 * @param {Trace} trace
 * @param {number} timestep
 * @returns {{source: number, size: number, share: number}[]} in the order of the sentence; share: of
 *   what the word wrote
 */
export function memorySharesAt(trace, timestep) {
  const left = Array(trace.layer.units).fill(1);
  const parts = [];
  for (const source of [timestep, ...readBefore(trace, timestep)]) {
    let [written, size] = [0, 0];
    for (let k = 0; k < left.length; k++) {
      const wrote = Math.abs(writes(trace, source, k));
      written += wrote;
      size += left[k] * wrote;
      left[k] *= keeps(trace, source, k);
    }
    parts.push({ source, size, share: written > 0 ? size / written : 0 });
  }
  return parts.sort((a, b) => a.source - b.source);
}

/**
 * Where in the sentence least is kept.
 *
 * @param {Trace} trace
 * @returns {{timestep: number, kept: number} | null}
 */
export function leastKept(trace) {
  /** @type {{timestep: number, kept: number} | null} */
  let least = null;
  for (const { timestep } of trace.steps) {
    const kept = memoryKeptAt(trace, timestep);
    if (kept !== null && (!least || kept < least.kept)) least = { timestep, kept };
  }
  return least;
}
