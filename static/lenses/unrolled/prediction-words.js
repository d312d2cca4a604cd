/** What a model answers along the sentence, in words. */
import { answerAt, percent } from "../../arithmetic/probabilities.js";
import { openable, phrase } from "../../words/sentence.js";
import { isolate, nameAt, stepName } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */

/** @param {string} text */
const quoted = (text) => `“${isolate(text)}”`;

/** @param {Trace} trace @param {{timestep: number}} cursor
 * @returns {import("../../core/types.js").Phrase} */
export function predictionCaption(trace, { timestep }) {
  if (!trace.prediction?.by_timestep) return "";
  const here = answerAt(trace, timestep);
  const sure = openable(percent(here.probability), {
    quantity: "answer",
    timestep,
    unit: here.index,
  });
  const now = phrase`After ${nameAt(trace, timestep)} it would say ${quoted(here.label)}, with ${sure}.`;
  if (trace.model.provenance.kind === "seeded") {
    return phrase`${now} Its weights are random, so that means nothing yet.`;
  }
  const turn = lastTurn(trace, timestep);
  if (turn === null) return phrase`${now} It has said so from the first ${stepName(trace)} on.`;
  const before = answerAt(trace, turn - 1);
  const at = turn === timestep ? `this ${stepName(trace)}` : nameAt(trace, turn);
  return phrase`${now} Until ${at} came it would have said ${quoted(before.label)}.`;
}

/** The last word, up to a timestep, at which the answer changed.
 * @param {Trace} trace @param {number} timestep */
function lastTurn(trace, timestep) {
  for (let t = timestep; t > 1; t--) {
    if (answerAt(trace, t).index !== answerAt(trace, t - 1).index) return t;
  }
  return null;
}
