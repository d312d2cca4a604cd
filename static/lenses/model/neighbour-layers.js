/** What stands around a layer in its model. */
import { cellOf } from "../../cells/kinds.js";

/**
 * @param {import("../../core/types.js").Trace} trace
 * @param {import("../../core/types.js").Summary} summary
 */
export function neighbourLayersText(trace, { layers }) {
  const parts = [
    ...(layers.some(({ type }) => type === "Embedding")
      ? ["an embedding, which gives each word a vector"]
      : []),
    ...(trace.prediction || trace.answer
      ? ["a head, which turns what the layer returns into an answer"]
      : []),
  ];
  if (parts.length === 0) return "The model is its recurrent layer alone.";
  const stand = parts.length > 1 ? "stand" : "stands";
  return `Around the ${cellOf(trace).name} ${stand} ${parts.join(", and ")}.`;
}
