/**
 * Which answers and which words wear a hue of their own: the answers that the model holds until it
 * changes its mind, the words that they name, and the words that the memory holds or drops most of.
 */
import { memoryLedger } from "../arithmetic/memory-ledger.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {{labels: Map<number, number>, sources: Map<number, number>}} Hues numbers of hues, from
 *   0, by label and by source */

const HUES = 4; // as many as the themes have
const MUCH = 0.4; // of what the word that matters most matters

/** A trace never changes. @type {WeakMap<Trace, Hues>} */
const known = new WeakMap();

/** The likeliest label after each word; null where the model does not say.
 * @param {Trace} trace @returns {number[] | null} */
export const answersAlong = ({ prediction }) =>
  prediction?.by_timestep?.map((row) => row.indexOf(Math.max(...row))) ?? null;

/** @param {Trace} trace @returns {Hues} */
export function huesOf(trace) {
  let hues = known.get(trace);
  if (!hues) known.set(trace, (hues = chosenHues(trace)));
  return hues;
}

/** @param {Trace} trace @returns {Hues} */
function chosenHues(trace) {
  const labels = new Map(tellingLabels(trace).map((label, hue) => [label, hue]));
  const ledger = memoryLedger(trace);
  const sources = new Map();
  if (!ledger) return { labels, sources };
  const names = trace.prediction?.labels ?? [];
  const hueOfName = new Map([...labels].map(([label, hue]) => [plain(names[label]), hue]));
  trace.tokens.forEach(({ text }, k) => {
    const hue = hueOfName.get(plain(text));
    if (hue !== undefined) sources.set(k + 1, hue);
  });
  let next = labels.size;
  for (const source of tellingSources(ledger, trace.layer.go_backwards ?? false)) {
    if (next < HUES && !sources.has(source)) sources.set(source, next++);
  }
  return { labels, sources };
}

/** @param {string} text */
const plain = (text) => text.toLowerCase();

/**
 * The last answer, and those that were given before it: of models whose answers are words of the
 * sentence, those alone. Of many, those that stood longest.
 *
 * @param {Trace} trace
 * @returns {number[]} labels, in the order in which they come
 */
function tellingLabels(trace) {
  const answers = answersAlong(trace);
  if (!answers) return [];
  const last = answers[answers.length - 1];
  const words = new Set(trace.tokens.map(({ text }) => plain(text)));
  const names = trace.prediction?.labels ?? [];
  const said = [...new Set(answers)];
  const read = said.filter((label) => words.has(plain(names[label])));
  const stood = (/** @type {number} */ label) => answers.filter((one) => one === label).length;
  const ranked = (read.length > 0 ? read : said)
    .filter((label) => label !== last)
    .sort((a, b) => stood(b) - stood(a))
    .slice(0, HUES - 1);
  return said.filter((label) => label === last || ranked.includes(label));
}

/**
 * The words that most is left of at the end, and those that lose most at one word.
 *
 * @param {number[][]} ledger (timesteps, sources)
 * @param {boolean} backwards whether the layer reads from the end
 * @returns {number[]} sources, those that matter most first
 */
function tellingSources(ledger, backwards) {
  const order = backwards ? [...ledger].reverse() : ledger;
  const last = order[order.length - 1];
  const matters = last.map((left, source) =>
    order
      .slice(1)
      .reduce((most, row, t) => Math.max(most, order[t][source] - row[source]), source && left),
  );
  const most = Math.max(...matters);
  return matters
    .map((_, source) => source)
    .filter((source) => source > 0 && matters[source] >= MUCH * most && matters[source] > 0)
    .sort((a, b) => matters[b] - matters[a]);
}
