/** What to look at in an LSTM beside a simple RNN: how gradients vanish, and what is forgotten. */
import { fixed } from "../../draw/format.js";
import { other, quote, sureOf, wordAt } from "../../words/phrases.js";
import { openable, phrase } from "../../words/sentence.js";
import { gradientMark, timesMark } from "../../arithmetic/score-sum.js";
import { plainNumber } from "./vanishing-figure.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../core/types.js").Phrase} Phrase */
/** @typedef {import("../../words/phrases.js").Run} Run */

/**
 * How much two networks' answers still move with what they held at one word.
 *
 * @param {Trace} lstm
 * @param {Trace} rnn
 * @param {number} cause the word's timestep
 * @returns {Phrase}
 */
export function vanishingCaption(lstm, rnn, cause) {
  const [memory, hidden] = [lstm.gradients?.cell_state, rnn.gradients?.hidden_state];
  if (!memory || !hidden) return "";
  const back = lstm.steps.length - cause;
  const [one, there] = [memory[cause - 1], hidden[cause - 1]];
  const factor = Math.max(one, there) / Math.min(one, there);
  const more = one > there ? "the LSTM" : "the simple RNN";
  const [far, near] = [one, there].map((value) =>
    openable(smallNumber(value), gradientMark("This factor")),
  );
  const shown = roughly(factor);
  const times = openable(shown, timesMark(one, there, shown));
  const verdict = factor < 1.05 ? "much the same" : phrase`${times} times as far in ${more}`;
  return [
    ...phrase`${back} ${back === 1 ? "word" : "words"} back, at ${wordAt(lstm, cause)}, a small change `,
    ...phrase`of the memory still moves the answer’s logit: by ${far} times its own size in the LSTM, `,
    ...phrase`by ${near} times in the simple RNN. That is ${verdict}.`,
  ];
}

/** A factor to two digits, which is all one compares. @param {number} value */
function roughly(value) {
  if (value < 10) return fixed(value, 1);
  if (value > 1e6) return value.toExponential(0).replace("e+", " × 10^");
  return Number(value.toPrecision(2)).toLocaleString("en-US");
}

/** @param {number} value */
const smallNumber = (value) =>
  value >= 0.01 ? fixed(value, value < 1 ? 3 : 2) : plainNumber(value);

/**
 * How long each network keeps to the answer that one word gave it.
 *
 * @param {Trace} lstm
 * @param {Trace} rnn
 * @param {number} cause the word's timestep
 * @returns {Phrase}
 */
export function forgettingCaption(lstm, rnn, cause) {
  const label = lstm.gradients?.label ?? "";
  const back = lstm.steps.length - cause;
  /** @param {Trace} run */
  const told = (run) => keeping(other(run), label, cause);
  const count = back === 0 ? "No word comes" : back === 1 ? "One word comes" : `${back} words come`;
  return [
    ...phrase`${count} after ${wordAt(lstm, cause)}. The LSTM ${told(lstm)}; `,
    ...phrase`the simple RNN ${told(rnn)}.`,
  ];
}

/** @param {Trace & Run} trace @param {string} label @param {number} cause @returns {Phrase} */
function keeping(trace, label, cause) {
  const { labels = [], by_timestep: rows } = trace.prediction ?? {};
  if (!rows) return "gives no answer word by word";
  const best = (/** @type {number[]} */ row) => labels[row.indexOf(Math.max(...row))];
  const after = rows.slice(cause - 1);
  const begins = after.findIndex((row) => best(row) === label);
  const last = rows[rows.length - 1];
  const sure = sureOf(trace, labels.indexOf(best(last)));
  const ends = phrase`ends with ${quote(best(last))} (${sure})`;
  if (begins < 0) return phrase`never says ${quote(label)}, and ${ends}`;
  const lost = after.findIndex((row, k) => k > begins && best(row) !== label);
  if (lost < 0) return phrase`still says ${quote(label)} at the end (${sure})`;
  const words = lost - begins;
  return [
    `says ${quote(label)} for ${words} ${words === 1 ? "word" : "words"}, has lost it at `,
    ...phrase`${wordAt(trace, cause + lost)}, and ${ends}`,
  ];
}
