/** What leaves the layer under the chosen settings, in words. */
import { cellOf } from "../../cells/kinds.js";
import { nameAt, stepName } from "../../draw/text.js";

/** @typedef {import("../../core/types.js").Trace} Trace */

/**
 * @param {Trace} trace
 * @param {{return_sequences: boolean, return_state: boolean}} options
 */
export function returnsCaption(trace, { return_sequences, return_state }) {
  const { length } = trace.steps;
  const last = trace.layer.go_backwards ? 1 : length;
  const name = stepName(trace, length);
  const words = length === 1 ? `the one ${name}` : `each of the ${length} ${name}`;
  const output = return_sequences
    ? `A hidden state for ${words} leaves the layer`
    : `Only the last hidden state, after ${nameAt(trace, last)}, leaves the layer`;
  if (cellOf(trace).states.length === 1) {
    return return_state ? `${output}, and with it the final hidden state once more.` : `${output}.`;
  }
  return return_state
    ? `${output}, and with it the final hidden state once more and the final cell state.`
    : `${output}; the cell state never does.`;
}
