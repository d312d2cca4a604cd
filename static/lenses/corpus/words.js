/** What is said of a corpus and of a unit's page. */
import { NAMES } from "../../cells/quantities.js";
import { fixed } from "../../draw/format.js";
import { withBase } from "../../draw/text.js";

/** @typedef {import("./types.js").CorpusRow} CorpusRow */
/** @typedef {import("./types.js").UnitPage} UnitPage */

/** @param {string} quantity */
export const nameOf = (quantity) =>
  NAMES[/** @type {import("../../core/types.js").Quantity} */ (quantity)] ?? quantity;

/** @param {number} count */
const counted = (count) => count.toLocaleString("en-US");

/** @param {CorpusRow} corpus */
export const aboutCorpus = ({ title, texts, tokens }) =>
  `${title}: ${counted(texts)} ${texts === 1 ? "text" : "texts"} of ${counted(tokens)} tokens.`;

/** What to do where the model that is shown has no corpus. @param {string | null} install */
export const noCorpus = (install) =>
  install ??
  "No corpus of this model is served. Build one from your own texts with " +
    "\u201clstm-viz corpus build TEXTS --model MODEL --out DIR\u201d, and serve it with " +
    "\u201clstm-viz serve --corpus DIR\u201d.";

/** What a unit does, in a sentence. @param {UnitPage} page */
export function unitSummary({ unit, quantity, mean, minimum, maximum, saturation, tokens }) {
  const [best] = tokens;
  const worst = tokens[tokens.length - 1];
  const range = `${fixed(minimum)} to ${fixed(maximum)}, ${fixed(mean)} on average`;
  const gate = quantity.endsWith("_gate");
  const ends = [
    { share: saturation.low, where: gate ? "nearly shut" : "near its lower end" },
    { share: saturation.high, where: gate ? "nearly open" : "near its upper end" },
  ]
    .filter(({ share }) => share >= 0.005)
    .map(({ share, where }) => `; ${where} at ${fixed(100 * share, 0)}% of the words`);
  const moved =
    best && worst && best !== worst
      ? ` Highest at \u201c${withBase(best.token)}\u201d (${fixed(best.mean)}), lowest at ` +
        `\u201c${withBase(worst.token)}\u201d (${fixed(worst.mean)}).`
      : "";
  return `Unit ${unit}\u2019s ${nameOf(quantity)}: ${range}${ends.join("")}.${moved}`;
}
