/** A column for each word, as wide as the word where there is room for all of them. */
import { textWidth } from "../draw/text.js";

/** @typedef {{starts: number[], widths: number[], total: number, size: number}} Columns in pixels;
 *   size: of the words' text */

const PADDING = 7; // around a word; where the cursor is, bold letters take it up
const SIZES = [1, 0.98, 0.96, 0.94, 0.92, 0.9]; // times the text's size, before a word is cut
const SHORTEST = 2.5; // times the text's size: what a word is cut to before the row scrolls
const LONGEST = 14; // likewise, of a word in a row that scrolls
const WIDEST = 12; // likewise, of a column where words are few

/**
 * Where all fit, what is left over goes to all of them alike, up to a width. Where not, the text
 * shrinks a little; then the longest words give way, down to a few letters; and where that will not
 * do, the row is wider than its room and the words are whole.
 *
 * @param {string[]} words
 * @param {{width: number, size: number, least: number, padding?: number}} room in pixels: what there
 *   is, the text's size, what a finger or a pointer can hit, and what is left free around a word
 * @param {(text: string, size: number) => number} [measure] how wide a text is
 * @returns {Columns}
 */
export function wordColumns(words, room, measure = textWidth) {
  const { width, size: largest, least, padding = PADDING } = room;
  const natural = words.map((text) => measure(text, largest) / largest);
  /** @param {number} size */
  const widthsAt = (size) => natural.map((one) => Math.max(least, one * size + padding));
  const sizes = SIZES.map((times) => times * largest);
  const shrunk = sizes.find((one) => sum(widthsAt(one)) <= width) ?? sizes[sizes.length - 1];
  const fits = capFor(widthsAt(shrunk), width);
  const scrolls = fits < Math.max(least, SHORTEST * shrunk + PADDING);
  const size = scrolls ? largest : shrunk;
  const wanted = widthsAt(size);
  const cap = scrolls ? LONGEST * size : fits;
  const cut = wanted.map((one) => Math.min(one, cap));
  const spare = Math.max(0, width - sum(cut)) / words.length;
  const widths = cut.map((one) => Math.max(one, Math.min(one + spare, WIDEST * size)));
  let total = 0;
  const starts = widths.map((one) => (total += one) - one);
  return { starts, widths, total, size };
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
