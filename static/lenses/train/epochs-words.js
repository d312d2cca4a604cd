/** What to look at in one epoch of a training, in words. */
import { cellOf, keepingFactor } from "../../cells/kinds.js";
import { NAMES } from "../../cells/quantities.js";
import { fixed } from "../../draw/format.js";
import { answerAt, percent } from "../../arithmetic/probabilities.js";
import { openable, phrase } from "../../words/sentence.js";
import { isolate, readsCharacters, readsNumbers } from "../../draw/text.js";
import { howGood } from "./progress-words.js";

/** @typedef {import("../../core/types.js").Quantity} Quantity */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Training} Training */

/** What an epoch is told by: the gate that keeps, or the state of a cell that has none.
 * @param {Pick<Trace, "layer">} trace @returns {Quantity} */
export const toldBy = (trace) => keepingFactor(trace)?.quantity ?? cellOf(trace).states[0];

/** The words between which it opens and shuts most. @param {Trace} trace @param {Quantity} quantity */
function widest(trace, quantity) {
  const { units } = trace.layer;
  const ranges = Array.from({ length: units }, (_, unit) => {
    const values = trace.steps.map((step) => step[quantity][unit]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { unit, low, high, timestep: values.indexOf(low) + 1, then: values.indexOf(high) + 1 };
  });
  return ranges.reduce((a, b) => (b.high - b.low > a.high - a.low ? b : a));
}

/** @param {Trace} trace @param {number} epoch @param {Training} training
 * @returns {import("../../core/types.js").Phrase} */
export function epochCaption(trace, epoch, training) {
  const row = training.epochs.find((one) => one.epoch === epoch);
  const quantity = toldBy(trace);
  const { unit, low, high, timestep, then } = widest(trace, quantity);
  const word = isolate(trace.tokens[timestep - 1].text);
  const good = row ? `, with ${howGood(row)},` : "";
  const when = epoch === 0 ? "Before any training" : `After epoch ${epoch}${good}`;
  const gate = { quantity, unit };
  const shut = openable(fixed(low), { ...gate, timestep });
  const open = openable(fixed(high), { ...gate, timestep: then });
  const runs = phrase`${when} unit ${unit}’s ${NAMES[quantity]} runs from ${shut} (at “${word}”) to ${open} over `;
  if (!trace.prediction) return phrase`${runs}this ${readsNumbers(trace) ? "series" : "text"}.`;
  const { label, probability, index } = answerAt(trace, trace.steps.length);
  const sure = openable(percent(probability), {
    ...{ quantity: /** @type {const} */ ("answer"), timestep: trace.steps.length },
    unit: index,
  });
  const what = readsCharacters(trace) ? "text" : "sentence";
  return phrase`${runs}this ${what}, and the answer is “${isolate(label)}”, ${sure}.`;
}
