/** The memory ledger of all units, from the gates that are in the trace already. */
import { cellOf, remembers } from "../cells/kinds.js";
import { keeps, writes } from "./memory-kept.js";
import { vector } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */

const NOTHING = 1e-9; // of what was written: no picture and no number shows it

/** A trace never changes, so its ledger is made once. @type {WeakMap<Trace, number[][] | null>} */
const made = new WeakMap();

/**
 * What each source has left in memory after each word: sizes, summed over the units, as
 * `memory.magnitude` has them. Made of the trace, it is there as soon as the words are.
 *
 * @param {Trace} trace
 * @returns {number[][] | null} (timesteps, sources), source 0 the initial state; null for a cell in
 *   which no gate keeps anything
 */
export function memoryLedger(trace) {
  let ledger = made.get(trace);
  if (ledger === undefined) {
    ledger = remembers(trace) ? ledgerOf(trace) : null;
    made.set(trace, ledger);
  }
  return ledger;
}

/** @param {Trace} trace @returns {number[][]} */
function ledgerOf(trace) {
  const units = Array.from({ length: trace.layer.units }, (_, k) => k);
  const read = trace.steps.map(({ timestep }) => timestep);
  if (trace.layer.go_backwards) read.reverse();
  const kept = read.map((t) => Float64Array.from(units, (k) => keeps(trace, t, k)));
  const rows = trace.steps.map(() => Array(read.length + 1).fill(0));
  const initial = vector(trace, cellOf(trace).states[0], 0);
  follow(0, Float64Array.from(initial), 0);
  read.forEach((t, at) => {
    const left = Float64Array.from(units, (k) => writes(trace, t, k));
    rows[t - 1][t] = sizeOf(left);
    follow(t, left, at + 1);
  });

  /** What of a source is left in the words read from a place on, until there is nothing of it.
   * @param {number} source @param {Float64Array} left @param {number} from */
  function follow(source, left, from) {
    const least = NOTHING * sizeOf(left);
    let size = Infinity;
    for (let at = from; at < read.length && size > least; at++) {
      size = keep(left, kept[at]);
      rows[read[at] - 1][source] = size;
    }
  }
  return rows;
}

/** Lets a word's gate keep what it keeps, and says how much that is.
 * @param {Float64Array} left @param {Float64Array} gate */
function keep(left, gate) {
  let size = 0;
  for (let k = 0; k < left.length; k++) size += Math.abs((left[k] *= gate[k]));
  return size;
}

/** @param {Float64Array} values */
const sizeOf = (values) => values.reduce((size, value) => size + Math.abs(value), 0);
