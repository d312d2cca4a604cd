/** Whose weights a model has, and what an untrained one has to admit. */
import { NAMES, isGate } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Quantity} Quantity */

/** What is said beside a model's name. */
export const WHOSE_WEIGHTS = {
  seeded: "random weights, untrained",
  trained: "trained",
  imported: "imported",
};

/**
 * What an untrained model's panel has to admit; empty for any other.
 *
 * @param {Trace} trace
 * @param {Quantity} quantity
 */
export function untrained(trace, quantity) {
  if (trace.model.provenance.kind !== "seeded") return "";
  return isGate(quantity)
    ? `These weights are random: this ${NAMES[quantity]} has learned nothing about your words.`
    : `These weights are random: this ${NAMES[quantity]} means nothing yet.`;
}

/**
 * The same about the answers over the unrolled cells.
 *
 * @param {Trace} trace
 */
export function untrainedAnswer(trace) {
  const { prediction, model } = trace;
  return prediction?.by_timestep && model.provenance.kind === "seeded"
    ? "Over each cell stands what the model would answer had the sentence ended there. Its weights " +
        "are random: these answers mean nothing."
    : "";
}
