/** What a model answers along the sentence, in words. Plain text, as all sentences are. */
import { answerAt, percent } from "./prediction.js";
import { isolate, nameAt, stepName } from "./text.js";

/** @typedef {import("../types.js").Trace} Trace */

/** @param {string} text */
const quoted = (text) => `“${isolate(text)}”`;

/** @param {Trace} trace @param {{timestep: number}} cursor */
export function lookAtPrediction(trace, { timestep }) {
  if (!trace.prediction?.by_timestep) return "";
  const here = answerAt(trace, timestep);
  const said =
    `After ${nameAt(trace, timestep)} it would say ${quoted(here.label)}, ` +
    `with ${percent(here.probability)}.`;
  if (trace.model.provenance.kind === "seeded") {
    return `${said} Its weights are random, so that means nothing yet.`;
  }
  const turn = lastTurn(trace, timestep);
  if (turn === null) return `${said} It has said so from the first ${stepName(trace)} on.`;
  const before = answerAt(trace, turn - 1);
  const at = turn === timestep ? `this ${stepName(trace)}` : nameAt(trace, turn);
  return `${said} Until ${at} came it would have said ${quoted(before.label)}.`;
}

/** The last word, up to a timestep, at which the answer changed.
 * @param {Trace} trace @param {number} timestep */
function lastTurn(trace, timestep) {
  for (let t = timestep; t > 1; t--) {
    if (answerAt(trace, t).index !== answerAt(trace, t - 1).index) return t;
  }
  return null;
}
