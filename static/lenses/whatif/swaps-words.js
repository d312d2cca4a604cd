/** What to look at where other words stand in the place of one: which moves the answer most. */
import { change, other, quote } from "../../words/phrases.js";
import { phrase } from "../../words/sentence.js";

/** @typedef {import("../../core/types.js").Prediction} Prediction */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/**
 * @param {import("./swaps-figure.js").Swap[]} swaps the word itself first
 * @param {string} label
 * @returns {Phrase}
 */
export function swapsCaption(swaps, label) {
  const [own, ...others] = swaps;
  if (others.length === 0) return "";
  const of = (/** @type {Prediction} */ { labels, probabilities }) =>
    probabilities[labels.indexOf(label)];
  const moved = others.map(({ prediction }) => Math.abs(of(prediction) - of(own.prediction)));
  const most = others[moved.indexOf(Math.max(...moved))];
  const unknown = others.filter(({ known }) => !known).map(({ text }) => quote(text));
  const note = unknown.length > 0 ? ` The model does not know ${unknown.join(", ")}.` : "";
  const runs = [own, most].map(({ run, prediction }) => ({ ...other(run), prediction }));
  return [
    `${quote(most.text)} in place of ${quote(own.text)} moves the answer most: `,
    ...phrase`${change(runs[0], runs[1])}.${note}`,
  ];
}
