/** What the timeline's picture shows, for those who cannot see it. */
import { memoryLedger } from "../arithmetic/memory-ledger.js";
import { percent } from "../arithmetic/state-update.js";
import { isolate, nameAt, stepName } from "../draw/text.js";
import { answersAlong } from "./hues.js";
import { runsOf, stateSizes } from "./picture.js";

/** @typedef {import("../core/types.js").Trace} Trace */

const FEW = 5; // changes of the answer that are named one by one
const NAMED = 3; // words that are in memory at the end

/** @param {Trace} trace @returns {string} */
export const pictureLabel = (trace) =>
  [answersLabel(trace), memoryLabel(trace)].filter(Boolean).join(" ");

/** @param {Trace} trace */
function answersLabel(trace) {
  const along = answersAlong(trace);
  if (!along) return "";
  const name = (/** @type {number} */ label) =>
    `\u201c${isolate(trace.prediction?.labels[label] ?? "")}\u201d`;
  const [first, ...later] = runsOf(along);
  const each = `The answer after each ${stepName(trace)}: ${name(first.label)}`;
  if (later.length > FEW) {
    const { label } = later[later.length - 1];
    return `${each} at first, then it changes ${later.length} times, to ${name(label)} at the end.`;
  }
  const turns = later.map(({ label, from }) => `${name(label)} from ${nameAt(trace, from + 1)} on`);
  return `${[each, ...turns].join(", ")}.`;
}

/** @param {Trace} trace */
function memoryLabel(trace) {
  const rows = memoryLedger(trace);
  const thing = stepName(trace);
  if (!rows) {
    const sizes = stateSizes(trace);
    const largest = sizes.indexOf(Math.max(...sizes)) + 1;
    return `The size of the hidden state after each ${thing}, largest after ${nameAt(trace, largest)}.`;
  }
  const last = rows[trace.layer.go_backwards ? 0 : rows.length - 1];
  const total = last.reduce((sum, size) => sum + size, 0);
  const held = last
    .map((size, source) => ({ size, source }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size)
    .slice(0, NAMED)
    .map(({ size, source }) => {
      const whose = source === 0 ? "the initial state" : nameAt(trace, source);
      return `${percent(size / total)} from ${whose}`;
    });
  const end = held.length > 0 ? `At the end the memory is ${held.join(", ")}.` : "It is empty.";
  return `What each ${thing} has left in memory, a band each. ${end}`;
}
