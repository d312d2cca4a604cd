/** Where the parameters of a model are, in words whose numbers open. */
import { cellOf } from "../../cells/kinds.js";
import { inThousands, layerMark, partMark, totalMark } from "../../arithmetic/parameter-counts.js";
import { fixed } from "../../draw/format.js";
import { ownRow } from "../../cells/weight-layouts.js";
import { openable, phrase } from "../../words/sentence.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/** @param {Trace} trace @param {import("../../core/types.js").Summary} summary @returns {Phrase} */
export function modelCaption(trace, summary) {
  const largest = summary.layers.reduce((a, b) => (b.parameters > a.parameters ? b : a));
  const lstm = summary.layers.find(({ name }) => name === ownRow(trace.layer));
  const total = openable(inThousands(summary.total_parameters), totalMark(summary));
  if (!lstm || lstm === largest) {
    return phrase`Most of the ${total} numbers are in the recurrent layer.`;
  }
  const [most, own] = [largest, lstm].map((row) =>
    openable(inThousands(row.parameters), layerMark(summary, row.name)),
  );
  const share = largest.parameters / summary.total_parameters;
  const percents = `${fixed(100 * share, share > 0.99 ? 2 : 0)}%`;
  const part = openable(percents, partMark(summary, largest.name, percents));
  return [
    ...phrase`The ${largest.type} layer holds ${most} of the ${total} numbers, ${part}; `,
    ...phrase`all that the ${cellOf(trace).name} can learn fits into ${own}.`,
  ];
}
