/** What a selected stretch of words does to the memory, in words computed from its numbers. */
import { rangeChange, rangeMemory, rangeShareMark } from "../arithmetic/range-memory.js";
import { shareMark, sizeMark } from "../arithmetic/memory-contributions.js";
import { percent } from "../arithmetic/state-update.js";
import { memorySharesAt } from "../arithmetic/memory-kept.js";
import { fixed } from "../draw/format.js";
import { nameAt, stepName } from "../draw/text.js";
import { openable, phrase } from "../words/sentence.js";

/** @typedef {import("../core/types.js").Phrase} Phrase */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../arithmetic/range-memory.js").Range} Range */

const TOLD = 2; // words

/** The stretch itself. @param {Trace} trace @param {Range} range */
export function rangeName(trace, { from, to }) {
  const count = to - from + 1;
  const words = `${count} ${stepName(trace, count)}`;
  return count === 1
    ? `${words}: ${nameAt(trace, from)}`
    : `${words}: ${nameAt(trace, from)} to ${nameAt(trace, to)}`;
}

/**
 * @param {Trace} trace
 * @param {Range} range
 * @returns {Phrase}
 */
export function rangeSays(trace, range) {
  const memory = rangeMemory(trace, range);
  if (!memory) {
    const { whole, most } = rangeChange(trace, range);
    const [all, one] = [whole, most].map(({ size, mark }) => openable(fixed(size), mark));
    return phrase`The hidden state, all units together, changes by ${all}, most at ${nameAt(trace, most.timestep)}: by ${one}.`;
  }
  const { was, left, last, words } = memory;
  const kept =
    was > 0
      ? phrase`Of what was in memory before, ${openable(percent(left / was), rangeShareMark(trace, memory))} is left at the end.`
      : phrase`Nothing was in memory before.`;
  const shares = new Map(memorySharesAt(trace, last).map(({ source, share }) => [source, share]));
  const told = words.slice(0, TOLD).filter(({ wrote }) => wrote > 0);
  const parts = told.flatMap(({ source, wrote }, k) => {
    const size = openable(fixed(wrote), sizeMark(trace, source, source));
    const share = openable(percent(shares.get(source) ?? 0), shareMark(trace, source, last));
    const lead =
      k === 0
        ? phrase` ${nameAt(trace, source)} wrote most`
        : phrase`, then ${nameAt(trace, source)}`;
    const kept = source === last ? [] : phrase`, of which ${share} is left`;
    return [...lead, ...phrase`: ${size}`, ...kept];
  });
  return told.length > 0 ? [...kept, ...parts, "."] : kept;
}
