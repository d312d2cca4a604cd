/** A column for each word, as wide as the word where there is room for all of them. */
import { textWidth } from "../draw/text.js";

/** @typedef {{starts: number[], widths: number[], total: number}} Columns in pixels */

const PADDING = 9; // around a word
const BOLD = 1.08; // times as wide, where the cursor is
const SHORTEST = 2.5; // times the text's size: what a word is cut to before the row scrolls
const LONGEST = 14; // likewise, of a word in a row that scrolls
const WIDEST = 12; // likewise, of a column where words are few

/**
 * Where all fit, what is left over goes to all of them alike, up to a width; where not, the longest words give way
 * first, down to a few letters; and where that will not do, the row is wider than its room and the
 * words are whole.
 *
 * @param {string[]} words
 * @param {{width: number, size: number, least: number, padding?: number}} room in pixels: what there
 *   is, the text's size, what a finger or a pointer can hit, and what is left free around a word
 * @returns {Columns}
 */
export function wordColumns(words, { width, size, least, padding = PADDING }) {
  const wanted = words.map((text) => Math.max(least, BOLD * textWidth(text, size) + padding));
  const fits = capFor(wanted, width);
  const cap = fits < Math.max(least, SHORTEST * size + PADDING) ? LONGEST * size : fits;
  const cut = wanted.map((one) => Math.min(one, cap));
  const spare = Math.max(0, width - sum(cut)) / words.length;
  const widths = cut.map((one) => Math.max(one, Math.min(one + spare, WIDEST * size)));
  let total = 0;
  const starts = widths.map((one) => (total += one) - one);
  return { starts, widths, total };
}

/** The widest that a column may be for all to fit. @param {number[]} wanted @param {number} width */
function capFor(wanted, width) {
  const sorted = [...wanted].sort((a, b) => a - b);
  let before = 0;
  for (let k = 0; k < sorted.length; k++) {
    const share = (width - before) / (sorted.length - k);
    if (share < sorted[k]) return share;
    before += sorted[k];
  }
  return Infinity;
}

/** @param {number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The timestep whose column holds a place; the nearest one outside of them.
 * @param {Columns} columns @param {number} x pixels @returns {number} from 1 */
export function timestepAt({ starts }, x) {
  const after = starts.findIndex((start) => start > x);
  return after < 0 ? starts.length : Math.max(1, after);
}
