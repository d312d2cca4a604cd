/** What to look at in two runs side by side: where they part, and what each answers. */
import { other, predicted, quote, sureOf, wordAt } from "../../words/phrases.js";
import { phrase } from "../../words/sentence.js";

/** @typedef {import("../../core/types.js").Prediction} Prediction */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */
/** @typedef {import("../../words/phrases.js").Run} Run */

/**
 * How two runs differ.
 *
 * @param {import("./compare-figure.js").Comparison} compared
 * @param {number} parting the number of the pair at which they part, -1 where they never do
 * @returns {Phrase}
 */
export function comparisonCaption({ a, b, pairs }, parting) {
  const answers =
    a.prediction && b.prediction
      ? phrase` Here the answer is ${answer(a)}, there ${answer(other(b))}.`
      : "";
  if (parting < 0) return phrase`The two runs are the same, number for number.${answers}`;
  const until = parting === 0 ? "" : "; until then every state is the same";
  return phrase`They part at ${placeOf(a, b, pairs[parting])}${until}.${answers}`;
}

/** @param {Trace} a @param {Trace} b @param {import("./align-words.js").Pair} pair */
function placeOf(a, b, pair) {
  if (pair.a === null) return `${wordAt(b, pair.b ?? 1)}, which is only there`;
  if (pair.b === null) return `${wordAt(a, pair.a)}, which is only here`;
  return pair.same ? wordAt(a, pair.a) : `${wordAt(a, pair.a)} against ${wordAt(b, pair.b)}`;
}

/** @param {Run} run @returns {Phrase} */
function answer(run) {
  const { label, index } = predicted(/** @type {Prediction} */ (run.prediction));
  return phrase`${quote(label)} (${sureOf(run, index)})`;
}
