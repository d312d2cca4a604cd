/** What to look at now in the sections that explain, in words computed from the answer. */
import { fixed } from "./format.js";
import { shareLeft } from "./ledger.js";
import { paddingAt } from "./parts.js";
import { isolate, nameAt } from "./text.js";
import { plainNumber } from "./vanishing.js";
import { NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Prediction} Prediction */
/** @typedef {import("../types.js").Trace} Trace */

/** @param {string} text */
export const quote = (text) => `“${isolate(text)}”`;

/** @param {Trace} trace @param {number} timestep */
export const wordAt = (trace, timestep) => nameAt(trace, timestep);

/** @param {number} share 0..1 */
export function percent(share) {
  const shown = 100 * share;
  if (shown > 0 && shown < 0.5) return "less than 1%";
  return shown < 100 && shown > 99.5 ? "more than 99%" : `${fixed(shown, 0)}%`;
}

/** @param {Prediction} prediction @returns {{label: string, probability: number}} */
export function predicted({ labels, probabilities }) {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return { label: labels[best], probability: probabilities[best] };
}

/** A ledger read from the end. @param {number[][]} rows */
const mirrored = (rows) =>
  rows.map(([initial, ...words]) => [initial, ...words.reverse()]).reverse();

/** Of what a word wrote: one that loses less at once is not what to look at. */
const MUCH = 0.1;

/**
 * The word that loses most at a timestep, or where none loses much there, the word that has lost most
 * by then; and the word that took most of it at once.
 *
 * @param {number[][]} rows (timesteps, sources) what each has left
 * @param {number} timestep
 * @param {boolean} [backwards] whether the layer reads from the end
 * @returns {{source: number, left: number, taker: number, before: number} | null} null where no
 *   word before this one wrote anything
 */
export function greatestLoss(rows, timestep, backwards = false) {
  if (backwards) {
    const { length } = rows;
    const turned = (/** @type {number} */ t) => length + 1 - t;
    const loss = greatestLoss(mirrored(rows), turned(timestep));
    return loss && { ...loss, source: turned(loss.source), taker: turned(loss.taker) };
  }
  const size = (/** @type {number} */ source, /** @type {number} */ t) =>
    Math.abs(rows[t - 1][source]);
  const most = (/** @type {(source: number) => number} */ lost) => {
    let best = { source: 0, lost: -Infinity };
    for (let source = 1; source < timestep; source++) {
      if (size(source, source) > 0 && lost(source) > best.lost)
        best = { source, lost: lost(source) };
    }
    return best;
  };
  const now = most((source) => size(source, timestep - 1) - size(source, timestep));
  if (now.source === 0) return null;
  const { source } =
    now.lost >= MUCH * size(now.source, now.source)
      ? now
      : most((one) => size(one, one) - size(one, timestep));
  const share = (/** @type {number} */ t) => shareLeft(rows, source, t) ?? 0;
  let taker = source + 1;
  for (let t = source + 1; t <= timestep; t++) {
    if (share(t - 1) - share(t) > share(taker - 1) - share(taker)) taker = t;
  }
  return { source, left: share(timestep), taker, before: share(taker - 1) };
}

/**
 * @param {Trace} trace
 * @param {number[][]} rows (timesteps, sources) what each has left
 * @param {{timestep: number, unit: number | null}} options unit: null for all of them
 */
export function lookAtMemory(trace, rows, { timestep, unit }) {
  const step = trace.layer.go_backwards ? -1 : 1;
  const loss = greatestLoss(rows, timestep, step < 0);
  const here = wordAt(trace, timestep);
  if (!loss) {
    return trace.steps[timestep - 1].masked
      ? `${paddingAt(trace, timestep)}, empty.`
      : `After ${here} everything in memory was written by ${here} itself.`;
  }
  const { source, left, taker, before } = loss;
  const where = unit === null ? "" : ` to unit ${unit}`;
  const now = `After ${here}, ${percent(left)} of what ${wordAt(trace, source)} wrote${where} is left`;
  if (timestep === source + step) return `${now}.`;
  return taker === source + step
    ? `${now}; most of what went was gone at once, at ${wordAt(trace, taker)}.`
    : `${now}; it was ${percent(before)} just before ${wordAt(trace, taker)}.`;
}

/** @param {Trace} trace */
export function lookAtScores(trace) {
  const { attributions } = trace;
  if (!attributions) return "";
  const { scores, logit, bias, label } = attributions;
  const sizes = scores.map(Math.abs);
  const strong = sizes.indexOf(Math.max(...sizes));
  const score = scores[strong];
  return (
    `Most of all, ${wordAt(trace, strong + 1)} speaks ${score < 0 ? "against" : "for"} ` +
    `${quote(label)}: ${signedText(score)}. All shares and the bias of ${signedText(bias)} add up to ` +
    `a logit of ${fixed(logit)}.`
  );
}

/** @param {number} value */
export const signedText = (value) => (value >= 0.005 ? `+${fixed(value)}` : fixed(value));

/**
 * What a prediction was and has become.
 *
 * @param {Prediction} before
 * @param {Prediction} after
 */
export function change(before, after) {
  const [was, is] = [predicted(before), predicted(after)];
  const now = after.probabilities[after.labels.indexOf(was.label)];
  if (was.label !== is.label) {
    return (
      `the answer changes from ${quote(was.label)} (${percent(was.probability)}) to ` +
      `${quote(is.label)} (${percent(is.probability)})`
    );
  }
  return now === was.probability
    ? `the answer stays ${quote(was.label)}, at exactly ${percent(now)}`
    : `the answer stays ${quote(was.label)}: ${percent(was.probability)} before, ` +
        `${percent(now)} now`;
}

/**
 * @param {Trace} trace
 * @param {import("../types.js").Quantity} quantity
 * @param {number} unit
 */
export function lookAtUnit(trace, quantity, unit) {
  const values = trace.steps.map((step) => step[quantity][unit]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = (/** @type {number} */ value) => wordAt(trace, values.indexOf(value) + 1);
  if (low === high) return `The ${NAMES[quantity]} of unit ${unit} is ${fixed(low)} throughout.`;
  return (
    `The ${NAMES[quantity]} of unit ${unit} is highest at ${at(high)}, ${fixed(high)}, and lowest ` +
    `at ${at(low)}, ${fixed(low)}.`
  );
}

/** @param {string} gate */
export const gateName = (gate) => gate.replaceAll("_", " ");

/**
 * How two runs differ.
 *
 * @param {import("./compare.js").Comparison} compared
 * @param {number} parting the number of the pair at which they part, -1 where they never do
 */
export function lookAtComparison({ a, b, pairs }, parting) {
  const answers =
    a.prediction && b.prediction
      ? ` Here the answer is ${answer(a.prediction)}, there ${answer(b.prediction)}.`
      : "";
  if (parting < 0) return `The two runs are the same, number for number.${answers}`;
  const until = parting === 0 ? "" : "; until then every state is the same";
  return `They part at ${placeOf(a, b, pairs[parting])}${until}.${answers}`;
}

/** @param {Trace} a @param {Trace} b @param {import("./align.js").Pair} pair */
function placeOf(a, b, pair) {
  if (pair.a === null) return `${wordAt(b, pair.b ?? 1)}, which is only there`;
  if (pair.b === null) return `${wordAt(a, pair.a)}, which is only here`;
  return pair.same ? wordAt(a, pair.a) : `${wordAt(a, pair.a)} against ${wordAt(b, pair.b)}`;
}

/** @param {Prediction} prediction */
function answer(prediction) {
  const { label, probability } = predicted(prediction);
  return `${quote(label)} (${percent(probability)})`;
}

/**
 * @param {import("./swaps.js").Swap[]} swaps the word itself first
 * @param {string} label
 */
export function lookAtSwaps(swaps, label) {
  const [own, ...others] = swaps;
  if (others.length === 0) return "";
  const of = (/** @type {Prediction} */ { labels, probabilities }) =>
    probabilities[labels.indexOf(label)];
  const moved = others.map(({ prediction }) => Math.abs(of(prediction) - of(own.prediction)));
  const most = others[moved.indexOf(Math.max(...moved))];
  const unknown = others.filter(({ known }) => !known).map(({ text }) => quote(text));
  const note = unknown.length > 0 ? ` The model does not know ${unknown.join(", ")}.` : "";
  return (
    `${quote(most.text)} in place of ${quote(own.text)} moves the answer most: ` +
    `${change(own.prediction, most.prediction)}.${note}`
  );
}

/**
 * How much two networks' answers still move with what they held at one word.
 *
 * @param {Trace} lstm
 * @param {Trace} rnn
 * @param {number} cause the word's timestep
 */
export function lookAtVanishing(lstm, rnn, cause) {
  const [memory, hidden] = [lstm.gradients?.cell_state, rnn.gradients?.hidden_state];
  if (!memory || !hidden) return "";
  const back = lstm.steps.length - cause;
  const [one, other] = [memory[cause - 1], hidden[cause - 1]];
  const factor = Math.max(one, other) / Math.min(one, other);
  const more = one > other ? "the LSTM" : "the simple RNN";
  const verdict = factor < 1.05 ? "much the same" : `${roughly(factor)} times as far in ${more}`;
  return (
    `${back} ${back === 1 ? "word" : "words"} back, at ${wordAt(lstm, cause)}, a small change of the ` +
    `memory still moves the answer: ${smallNumber(one)} times as far in the LSTM, ` +
    `${smallNumber(other)} times in the simple RNN. That is ${verdict}.`
  );
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
 */
export function lookAtForgetting(lstm, rnn, cause) {
  const label = lstm.gradients?.label ?? "";
  const back = lstm.steps.length - cause;
  const count = back === 0 ? "No word comes" : back === 1 ? "One word comes" : `${back} words come`;
  return (
    `${count} after ${wordAt(lstm, cause)}. The LSTM ${keeping(lstm, label, cause)}; ` +
    `the simple RNN ${keeping(rnn, label, cause)}.`
  );
}

/** @param {Trace} trace @param {string} label @param {number} cause */
function keeping(trace, label, cause) {
  const { labels = [], by_timestep: rows } = trace.prediction ?? {};
  if (!rows) return "gives no answer word by word";
  const best = (/** @type {number[]} */ row) => labels[row.indexOf(Math.max(...row))];
  const after = rows.slice(cause - 1);
  const begins = after.findIndex((row) => best(row) === label);
  const last = rows[rows.length - 1];
  const sure = `(${percent(Math.max(...last))})`;
  const ends = `ends with ${quote(best(last))} ${sure}`;
  if (begins < 0) return `never says ${quote(label)}, and ${ends}`;
  const lost = after.findIndex((row, k) => k > begins && best(row) !== label);
  if (lost < 0) return `still says ${quote(label)} at the end ${sure}`;
  const words = lost - begins;
  return (
    `says ${quote(label)} for ${words} ${words === 1 ? "word" : "words"}, has lost it at ` +
    `${wordAt(trace, cause + lost)}, and ${ends}`
  );
}
