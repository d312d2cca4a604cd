/** What to look at in the words' scores: which one moves the answer most. */
import { fixed } from "../../draw/format.js";
import { quote, signedText, wordAt } from "../../words/phrases.js";
import { openable, phrase } from "../../words/sentence.js";
import { biasMark, leftOutMark, logitMark, scoreMark } from "../../arithmetic/score-sum.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */

/**
 * @param {Trace} trace
 * @param {import("./scores-figure.js").LeftOut[] | null} [leftOut] for each word, the logit minus that
 *   without it
 * @returns {Phrase}
 */
export function scoresCaption(trace, leftOut = null) {
  const { attributions } = trace;
  if (!attributions) return "";
  const { scores, logit, bias, label } = attributions;
  const sizes = scores.map(Math.abs);
  const strong = sizes.indexOf(Math.max(...sizes));
  const score = scores[strong];
  const share = openable(signedText(score), scoreMark(trace, strong + 1));
  const own = openable(signedText(bias), biasMark(trace));
  const whole = openable(fixed(logit), logitMark(trace));
  return [
    ...phrase`Most of all, ${wordAt(trace, strong + 1)} speaks ${score < 0 ? "against" : "for"} `,
    ...phrase`${quote(label)}: ${share}. All shares and the bias of ${own} add up to `,
    ...phrase`a logit of ${whole}.`,
    ...(leftOut ? byTheGates(trace, leftOut) : []),
  ];
}

const FAR = 0.25; // of the logit: a word that does so much more than it wrote is worth a sentence

/** The word that does most besides what it wrote itself. @param {Trace} trace
 * @param {import("./scores-figure.js").LeftOut[]} leftOut */
function byTheGates(trace, leftOut) {
  const { scores, logit } = /** @type {NonNullable<Trace["attributions"]>} */ (trace.attributions);
  const besides = leftOut.map(({ value }, k) => Math.abs(value - scores[k]));
  const most = Math.max(...besides);
  if (most < FAR * Math.abs(logit)) return [];
  const at = besides.indexOf(most);
  const { value, without } = leftOut[at];
  const by = openable(fixed(Math.abs(value)), leftOutMark(trace, without, at + 1));
  const share = openable(signedText(scores[at]), scoreMark(trace, at + 1));
  return [
    ...phrase` Without ${wordAt(trace, at + 1)} the logit is ${by} ${value > 0 ? "lower" : "higher"}, `,
    ...phrase`though its share is ${share}: it does the rest through the gates of later words.`,
  ];
}
