/** What three memories still hold of a word, in words and as numbers that open. */
import { derived } from "../../arithmetic/derived-numbers.js";
import { percent } from "../../arithmetic/probabilities.js";
import { openable, phrase } from "../../words/sentence.js";
import { quote } from "../../words/phrases.js";
import { fixed } from "../../draw/format.js";

/** @typedef {import("../../core/types.js").Phrase} Phrase */

/**
 * @typedef {object} Memory one network's, after the words that were read
 * @property {{id: string, title: string}} model
 * @property {string} cell
 * @property {string} label what it answers
 * @property {number} probability
 * @property {number[] | null} wrote (words) sizes of what each wrote; null where no account is kept
 * @property {number[] | null} left (words) sizes of what is left of that
 * @property {number[]} moves (words) how far the answer's logit moves with each word's vector
 *
 * @typedef {{words: string[], own: boolean, memories: Memory[]}} Memories
 */

/** @type {Record<string, string>} */
const NAMES = { lstm: "LSTM", gru: "GRU", simple_rnn: "simple RNN" };

/** @param {Memory} memory */
export const nameOf = ({ cell }) => NAMES[cell] ?? cell;

/** The share of what a word wrote that is left. @param {Memory} memory @param {number} k from 0 */
export const leftOf = ({ wrote, left }, k) => (wrote && left ? left[k] / (wrote[k] || 1) : null);

/** A word's share of all that moves the answer. @param {Memory} memory @param {number} k from 0 */
export const movesOf = ({ moves }, k) => moves[k] / (moves.reduce((sum, one) => sum + one, 0) || 1);

/** The number that opens what is left. @param {Memory} memory @param {number} k from 0 */
export const leftMark = ({ wrote, left }, k) =>
  derived(
    () =>
      `What is left, ${fixed(left?.[k] ?? 0, 4)}, of what the word wrote, ${fixed(wrote?.[k] ?? 0, 4)}: ` +
      "sizes, added up over the units. Each forget gate since (of a GRU, each update gate) has " +
      "multiplied it.",
  );

/** The number that opens how much moves the answer. @param {Memory} memory @param {number} k from 0 */
export const movesMark = ({ moves }, k) =>
  derived(
    () =>
      `The length of the derivative of the answer’s logit with respect to the word’s vector, ` +
      `${moves[k].toPrecision(3)}, of the sum of all words’ lengths, ` +
      `${moves.reduce((sum, one) => sum + one, 0).toPrecision(3)}.`,
  );

/**
 * The word that is spoken of where none is pointed at: of those before the last, the one that moves
 * the first network's answer most.
 *
 * @param {Memories} found
 */
export function tellingWord({ words, memories }) {
  const { moves } = memories[0];
  const before = moves.slice(0, Math.max(1, words.length - 1));
  return before.indexOf(Math.max(...before));
}

/** @param {Memories} found @param {number} k which word, from 0 @returns {Phrase} */
export function memoriesCaption({ words, memories }, k) {
  const kept = memories.filter(({ left }) => left);
  const shares = kept.map((memory) =>
    openable(percent(leftOf(memory, k) ?? 0), leftMark(memory, k)),
  );
  const moved = memories.map((memory) =>
    openable(percent(movesOf(memory, k)), movesMark(memory, k)),
  );
  const names = memories.map(nameOf);
  const last = words[words.length - 1];
  return phrase`After ${quote(last)}, the ${nameOf(kept[0])} still holds ${shares[0]} of what ${quote(words[k])} wrote, the ${nameOf(kept[1])} ${shares[1]}. Of all that moves its answer, it is ${moved[0]} in the ${names[0]}, ${moved[1]} in the ${names[1]} and ${moved[2]} in the ${names[2]}.`;
}
