/** What to look at now in the sections that explain, in words computed from the answer. */
import { fixed } from "./format.js";
import { shareLeft } from "./ledger.js";
import { shareMark } from "./left.js";
import { numberAt, paddingAt } from "./parts.js";
import { opening, said } from "./said.js";
import {
  biasMark,
  gradientMark,
  leftOutMark,
  logitMark,
  scoreMark,
  timesMark,
} from "./score-sum.js";
import { isolate, nameAt } from "./text.js";
import { plainNumber } from "./vanishing.js";
import { NAMES } from "./vectors.js";

/** @typedef {import("../types.js").Prediction} Prediction */
/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Said} Said */
/** @typedef {Pick<Trace, "prediction" | "steps"> & {run?: Trace}} Run run: itself, where it is not
 *   the page's own */

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

/** @param {Prediction} prediction @returns {{label: string, probability: number, index: number}} */
export function predicted({ labels, probabilities }) {
  const index = probabilities.indexOf(Math.max(...probabilities));
  return { label: labels[index], probability: probabilities[index], index };
}

/** How likely a label is at a run's end, or after a word of it, ready to open.
 * @param {Run} run @param {number} unit the label @param {number} [timestep] */
export function sureOf({ prediction, steps, run }, unit, timestep = steps.length) {
  const row = prediction?.by_timestep?.[timestep - 1] ?? prediction?.probabilities ?? [];
  const quantity = /** @type {const} */ ("answer");
  return opening(percent(row[unit]), { quantity, timestep, unit, ...(run && { run }) });
}

/** A run that is not the page's own. @param {Trace} run */
export const other = (run) => ({ ...run, run });

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
 * @returns {Said}
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
  const share = (/** @type {number} */ value, /** @type {number} */ t) =>
    opening(percent(value), shareMark(trace, source, t, unit));
  const rest = said`of what ${wordAt(trace, source)} wrote${where} is left`;
  const now = said`After ${here}, ${share(left, timestep)} ${rest}`;
  if (timestep === source + step) return said`${now}.`;
  return taker === source + step
    ? said`${now}; most of what went was gone at once, at ${wordAt(trace, taker)}.`
    : said`${now}; it was ${share(before, taker - step)} just before ${wordAt(trace, taker)}.`;
}

/**
 * @param {Trace} trace
 * @param {import("./waterfall.js").LeftOut[] | null} [leftOut] for each word, the logit minus that
 *   without it
 * @returns {Said}
 */
export function lookAtScores(trace, leftOut = null) {
  const { attributions } = trace;
  if (!attributions) return "";
  const { scores, logit, bias, label } = attributions;
  const sizes = scores.map(Math.abs);
  const strong = sizes.indexOf(Math.max(...sizes));
  const score = scores[strong];
  const share = opening(signedText(score), scoreMark(trace, strong + 1));
  const own = opening(signedText(bias), biasMark(trace));
  const whole = opening(fixed(logit), logitMark(trace));
  return [
    ...said`Most of all, ${wordAt(trace, strong + 1)} speaks ${score < 0 ? "against" : "for"} `,
    ...said`${quote(label)}: ${share}. All shares and the bias of ${own} add up to `,
    ...said`a logit of ${whole}.`,
    ...(leftOut ? byTheGates(trace, leftOut) : []),
  ];
}

const FAR = 0.25; // of the logit: a word that does so much more than it wrote is worth a sentence

/** The word that does most besides what it wrote itself. @param {Trace} trace
 * @param {import("./waterfall.js").LeftOut[]} leftOut */
function byTheGates(trace, leftOut) {
  const { scores, logit } = /** @type {NonNullable<Trace["attributions"]>} */ (trace.attributions);
  const besides = leftOut.map(({ value }, k) => Math.abs(value - scores[k]));
  const most = Math.max(...besides);
  if (most < FAR * Math.abs(logit)) return [];
  const at = besides.indexOf(most);
  const { value, run } = leftOut[at];
  const by = opening(fixed(Math.abs(value)), leftOutMark(trace, run, at + 1));
  const share = opening(signedText(scores[at]), scoreMark(trace, at + 1));
  return [
    ...said` Without ${wordAt(trace, at + 1)} the logit is ${by} ${value > 0 ? "lower" : "higher"}, `,
    ...said`though its share is ${share}: it does the rest through the gates of later words.`,
  ];
}

/** @param {number} value */
export const signedText = (value) => (value >= 0.005 ? `+${fixed(value)}` : fixed(value));

/**
 * What a prediction was and has become.
 *
 * @param {Run & {prediction: Prediction}} before
 * @param {Run & {prediction: Prediction}} after
 * @returns {Said}
 */
export function change(before, after) {
  const [was, is] = [predicted(before.prediction), predicted(after.prediction)];
  const now = after.prediction.probabilities[was.index];
  const [then, there] = [sureOf(before, was.index), sureOf(after, was.index)];
  if (was.label !== is.label) {
    const here = sureOf(after, is.index);
    return said`the answer changes from ${quote(was.label)} (${then}) to ${quote(is.label)} (${here})`;
  }
  return now === was.probability
    ? said`the answer stays ${quote(was.label)}, at exactly ${there}`
    : said`the answer stays ${quote(was.label)}: ${then} before, ${there} now`;
}

/**
 * @param {Trace} trace
 * @param {import("../types.js").Quantity} quantity
 * @param {number} unit
 * @returns {Said}
 */
export function lookAtUnit(trace, quantity, unit) {
  const values = trace.steps.map((step) => step[quantity][unit]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // the first of those that look alike
  const first = (/** @type {number} */ value) =>
    values.findIndex((other) => fixed(other) === fixed(value)) + 1;
  const at = (/** @type {number} */ value) => wordAt(trace, first(value));
  const number = (/** @type {number} */ value) => numberAt(trace, quantity, first(value), unit);
  if (low === high)
    return said`The ${NAMES[quantity]} of unit ${unit} is ${number(low)} throughout.`;
  return [
    ...said`The ${NAMES[quantity]} of unit ${unit} is highest at ${at(high)}, ${number(high)}, `,
    ...said`and lowest at ${at(low)}, ${number(low)}.`,
  ];
}

/** @param {string} gate */
export const gateName = (gate) => gate.replaceAll("_", " ");

/**
 * How two runs differ.
 *
 * @param {import("./compare.js").Comparison} compared
 * @param {number} parting the number of the pair at which they part, -1 where they never do
 * @returns {Said}
 */
export function lookAtComparison({ a, b, pairs }, parting) {
  const answers =
    a.prediction && b.prediction
      ? said` Here the answer is ${answer(a)}, there ${answer(other(b))}.`
      : "";
  if (parting < 0) return said`The two runs are the same, number for number.${answers}`;
  const until = parting === 0 ? "" : "; until then every state is the same";
  return said`They part at ${placeOf(a, b, pairs[parting])}${until}.${answers}`;
}

/** @param {Trace} a @param {Trace} b @param {import("./align.js").Pair} pair */
function placeOf(a, b, pair) {
  if (pair.a === null) return `${wordAt(b, pair.b ?? 1)}, which is only there`;
  if (pair.b === null) return `${wordAt(a, pair.a)}, which is only here`;
  return pair.same ? wordAt(a, pair.a) : `${wordAt(a, pair.a)} against ${wordAt(b, pair.b)}`;
}

/** @param {Run} run @returns {Said} */
function answer(run) {
  const { label, index } = predicted(/** @type {Prediction} */ (run.prediction));
  return said`${quote(label)} (${sureOf(run, index)})`;
}

/**
 * @param {import("./swaps.js").Swap[]} swaps the word itself first
 * @param {string} label
 * @returns {Said}
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
  const runs = [own, most].map(({ run, prediction }) => ({ ...other(run), prediction }));
  return [
    `${quote(most.text)} in place of ${quote(own.text)} moves the answer most: `,
    ...said`${change(runs[0], runs[1])}.${note}`,
  ];
}

/**
 * How much two networks' answers still move with what they held at one word.
 *
 * @param {Trace} lstm
 * @param {Trace} rnn
 * @param {number} cause the word's timestep
 * @returns {Said}
 */
export function lookAtVanishing(lstm, rnn, cause) {
  const [memory, hidden] = [lstm.gradients?.cell_state, rnn.gradients?.hidden_state];
  if (!memory || !hidden) return "";
  const back = lstm.steps.length - cause;
  const [one, there] = [memory[cause - 1], hidden[cause - 1]];
  const factor = Math.max(one, there) / Math.min(one, there);
  const more = one > there ? "the LSTM" : "the simple RNN";
  const [far, near] = [one, there].map((value) =>
    opening(smallNumber(value), gradientMark("This factor")),
  );
  const shown = roughly(factor);
  const times = opening(shown, timesMark(one, there, shown));
  const verdict = factor < 1.05 ? "much the same" : said`${times} times as far in ${more}`;
  return [
    ...said`${back} ${back === 1 ? "word" : "words"} back, at ${wordAt(lstm, cause)}, a small change `,
    ...said`of the memory still moves the answer’s logit: by ${far} times its own size in the LSTM, `,
    ...said`by ${near} times in the simple RNN. That is ${verdict}.`,
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
 * @returns {Said}
 */
export function lookAtForgetting(lstm, rnn, cause) {
  const label = lstm.gradients?.label ?? "";
  const back = lstm.steps.length - cause;
  /** @param {Trace} run */
  const told = (run) => keeping(other(run), label, cause);
  const count = back === 0 ? "No word comes" : back === 1 ? "One word comes" : `${back} words come`;
  return [
    ...said`${count} after ${wordAt(lstm, cause)}. The LSTM ${told(lstm)}; `,
    ...said`the simple RNN ${told(rnn)}.`,
  ];
}

/** @param {Trace & Run} trace @param {string} label @param {number} cause @returns {Said} */
function keeping(trace, label, cause) {
  const { labels = [], by_timestep: rows } = trace.prediction ?? {};
  if (!rows) return "gives no answer word by word";
  const best = (/** @type {number[]} */ row) => labels[row.indexOf(Math.max(...row))];
  const after = rows.slice(cause - 1);
  const begins = after.findIndex((row) => best(row) === label);
  const last = rows[rows.length - 1];
  const sure = sureOf(trace, labels.indexOf(best(last)));
  const ends = said`ends with ${quote(best(last))} (${sure})`;
  if (begins < 0) return said`never says ${quote(label)}, and ${ends}`;
  const lost = after.findIndex((row, k) => k > begins && best(row) !== label);
  if (lost < 0) return said`still says ${quote(label)} at the end (${sure})`;
  const words = lost - begins;
  return [
    `says ${quote(label)} for ${words} ${words === 1 ? "word" : "words"}, has lost it at `,
    ...said`${wordAt(trace, cause + lost)}, and ${ends}`,
  ];
}
