/** The steps of the tour, in words that fit the cell that the layer has. */
import { cellOf } from "../cells/kinds.js";
import { STEPS as GENERIC } from "../cells/generic/tour-steps.js";
import { STEPS as GRU } from "../cells/gru/tour-steps.js";
import { STEPS as LSTM } from "../cells/lstm/tour-steps.js";
import { STEPS as SIMPLE_RNN } from "../cells/simple-rnn/tour-steps.js";

/** @typedef {import("../cells/tour-steps.js").Step} Step */

/** By the folder of the cell's words; what is not here has the generic ones.
 * @type {Record<string, Step[]>} */
const STEPS = { gru: GRU, lstm: LSTM, "simple-rnn": SIMPLE_RNN };

/** @param {import("../core/types.js").Trace | null} trace @returns {Step[]} */
export const stepsFor = (trace) => (trace ? (STEPS[cellOf(trace).words] ?? GENERIC) : LSTM);
