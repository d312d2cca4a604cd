/**
 * What a stretch of words does to the memory: how much of what was there before is left at its end, and
 * what each of its words wrote. All units together, in sizes.
 */
import { previous } from "../cells/kinds.js";
import { vector } from "../cells/quantities.js";
import { nameAt } from "../draw/text.js";
import { calculated, derived, shareOf } from "./derived-numbers.js";
import { memoryLedger } from "./memory-ledger.js";
import { sizeMark } from "./memory-contributions.js";
import { factor, term } from "./terms.js";

/** @typedef {import("../core/types.js").SumMark} SumMark */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {{from: number, to: number}} Range timesteps, both in it */

/**
 * @typedef {object} RangeMemory
 * @property {number} before the timestep that was read before the stretch; 0 for none
 * @property {number} last the timestep of it that is read last
 * @property {number} was in memory before
 * @property {number} left of that at the end
 * @property {number[]} earlier the sources of what was in memory before
 * @property {{source: number, wrote: number}[]} words those that wrote most first
 */

/** The timestep before a stretch and its last one, in the order in which they are read.
 * @param {Trace} trace @param {Range} range */
function endsOf(trace, { from, to }) {
  const [first, last] = trace.layer.go_backwards ? [to, from] : [from, to];
  return { before: previous(trace, first), last };
}

/**
 * @param {Trace} trace
 * @param {Range} range
 * @returns {RangeMemory | null} null for a cell in which no gate keeps anything
 */
export function rangeMemory(trace, range) {
  const ledger = memoryLedger(trace);
  if (!ledger) return null;
  const { before, last } = endsOf(trace, range);
  const inside = (/** @type {number} */ s) => s >= range.from && s <= range.to;
  const then = before === 0 ? null : ledger[before - 1];
  const end = ledger[last - 1];
  const held = (/** @type {number} */ s) => (then ? then[s] : s === 0 ? initialSize(trace) : 0);
  const earlier = end.map((_, s) => s).filter((s) => !inside(s) && held(s) > 0);
  const sum = (/** @type {(s: number) => number} */ of) =>
    earlier.reduce((all, s) => all + of(s), 0);
  const words = end
    .map((_, source) => source)
    .filter(inside)
    .map((source) => ({ source, wrote: ledger[source - 1][source] }))
    .sort((a, b) => b.wrote - a.wrote);
  return { before, last, was: sum(held), left: sum((s) => end[s]), earlier, words };
}

/** @param {Trace} trace */
const initialSize = (trace) =>
  vector(trace, trace.initial_state.cell_state ? "cell_state" : "hidden_state", 0).reduce(
    (sum, value) => sum + Math.abs(value),
    0,
  );

/** How much of what was in memory before is left at the end.
 * @param {Trace} trace @param {RangeMemory} memory @returns {SumMark} */
export function rangeShareMark(trace, { before, last, was, left, earlier }) {
  const ledger = memoryLedger(trace) ?? [];
  /** @param {number} timestep @param {number} value */
  const whole = (timestep, value) =>
    derived(() =>
      calculated({
        title: `in memory from before, after ${nameAt(trace, timestep)}`,
        equation: "what each earlier word has left",
        terms: earlier.map((source) => {
          const name = source === 0 ? "the initial state" : nameAt(trace, source);
          const size = ledger[timestep - 1][source];
          return term("state", name, [factor("left", size, sizeMark(trace, source, timestep))]);
        }),
        value,
      }),
    );
  return derived(
    () =>
      shareOf({
        title: "left of what was in memory before",
        label: "left \u00f7 what was there",
        part: { name: "left", value: left, mark: whole(last, left) },
        whole: { name: "before", value: was, mark: before === 0 ? null : whole(before, was) },
      }),
    { timestep: last },
  );
}

/** How much the hidden state changes over a stretch, and at which word of it most: for cells that keep
 * nothing. @param {Trace} trace @param {Range} range */
export function rangeChange(trace, range) {
  const { before, last } = endsOf(trace, range);
  /** @param {number} t @param {number} since */
  const change = (t, since) =>
    vector(trace, "hidden_state", t).map((value, k) =>
      Math.abs(value - vector(trace, "hidden_state", since)[k]),
    );
  const sizeOf = (/** @type {number[]} */ parts) => parts.reduce((sum, one) => sum + one, 0);
  const steps = Array.from({ length: range.to - range.from + 1 }, (_, k) => range.from + k);
  const most = steps
    .map((timestep) => ({ timestep, size: sizeOf(change(timestep, previous(trace, timestep))) }))
    .reduce((best, one) => (one.size > best.size ? one : best));
  const marked = (/** @type {number} */ t, /** @type {number} */ since) => {
    const parts = change(t, since);
    const mark = derived(
      () =>
        calculated({
          title: `change of the hidden state, to ${nameAt(trace, t)}`,
          equation: "the sizes of the changes, all units together",
          terms: parts.map((size, unit) => term("state", `unit ${unit}`, [factor("size", size)])),
          value: sizeOf(parts),
        }),
      { timestep: t },
    );
    return { size: sizeOf(parts), mark };
  };
  return {
    whole: marked(last, before),
    most: { timestep: most.timestep, ...marked(most.timestep, previous(trace, most.timestep)) },
  };
}
