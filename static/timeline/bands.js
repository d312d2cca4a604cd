/** The memory ledger as areas over the columns of the words, stacked in the order of the words. */
import { textWidth } from "../draw/text.js";

/** @typedef {import("../draw/bands.js").Band} Band */
/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {{x: number[], top: number[], bottom: number[]}} Area in pixels, y downwards */

const NONE = 0.05; // pixels: less is not drawn
const AIR = 3; // pixels above and below a name

/** Where areas have their corners: at each column's start and middle, and at the end of the last.
 * @param {Columns} columns @returns {number[]} (2 timesteps + 1) */
export const cornersOf = ({ starts, widths, total }) => [
  ...starts.flatMap((start, k) => [start, start + widths[k] / 2]),
  total,
];

/**
 * A value at each corner, from one at each middle. Between two words it lies on the line between
 * them; where a word has only now been read there is nothing of it yet.
 *
 * @param {number[]} values by timestep
 * @param {number | null} begins the edge, from 0, at which it begins; null: before the first
 * @param {Columns} columns
 * @returns {number[]}
 */
export function alongCorners(values, begins, { widths }) {
  const count = values.length;
  const edge = (/** @type {number} */ at) => {
    if (at === begins) return 0;
    if (at === 0 || at === count) return values[Math.min(at, count - 1)];
    const [a, b] = [widths[at - 1], widths[at]];
    return values[at - 1] + ((values[at] - values[at - 1]) * a) / (a + b);
  };
  return [...values.flatMap((value, k) => [edge(k), value]), edge(count)];
}

/**
 * @param {Band[]} bands
 * @param {number[][]} rows (timesteps, sources) what each has left
 * @param {{columns: Columns, height: number, backwards: boolean}} room in pixels
 * @returns {Area[]} one a band
 */
export function areasOf(bands, rows, { columns, height, backwards }) {
  const x = cornersOf(columns);
  const begins = (/** @type {number} */ source) =>
    source === 0 ? null : backwards ? source : source - 1;
  const sizes = bands.map(({ sources }) =>
    sources
      .map((source) => {
        const values = rows.map((row) => Math.abs(row[source]));
        return alongCorners(values, begins(source), columns);
      })
      .reduce((sum, one) => sum.map((value, k) => value + one[k])),
  );
  const totals = x.map((_, k) => sizes.reduce((sum, size) => sum + size[k], 0));
  const scale = height / (Math.max(...totals) || 1);
  let base = x.map(() => height);
  return sizes.map((size) => {
    const bottom = base;
    base = base.map((y, k) => y - size[k] * scale);
    return { x, top: base, bottom };
  });
}

/** An area's outline, where it has one; empty where there is nothing of it.
 * @param {Area} area */
export function outline({ x, top, bottom }) {
  const seen = x.map((_, k) => k).filter((k) => bottom[k] - top[k] > NONE);
  if (seen.length === 0) return "";
  const from = Math.max(0, seen[0] - 1);
  const to = Math.min(x.length, seen[seen.length - 1] + 2);
  const over = x.slice(from, to).map((at, k) => point(at, top[from + k]));
  const under = x.slice(from, to).map((at, k) => point(at, bottom[from + k]));
  return `M${[...over, ...under.reverse()].join("L")}Z`;
}

/** @param {number} x @param {number} y */
const point = (x, y) => `${round(x)} ${round(y)}`;

/** @param {number} value */
const round = (value) => Math.round(10 * value) / 10;

/**
 * Where a band's name stands in it: where it is thickest along the whole of the name.
 *
 * @param {Area} area
 * @param {string} name
 * @param {{size: number, from: number, to: number}} room size: of the text; from and to: between
 *   which it stands; in pixels
 * @returns {{x: number, y: number} | null} the name's middle; null where it does not fit
 */
export function placeOfName({ x, top, bottom }, name, { size, from, to }) {
  const half = textWidth(name, size) / 2;
  /** @type {{x: number, y: number} | null} */
  let best = null;
  let most = size + AIR;
  for (const middle of x) {
    if (middle - half < from || middle + half > to) continue;
    const first = Math.max(
      0,
      x.findLastIndex((at) => at <= middle - half),
    );
    const last = x.findIndex((at) => at >= middle + half);
    const upper = Math.max(...top.slice(first, last + 1));
    const lower = Math.min(...bottom.slice(first, last + 1));
    if (lower - upper <= most) continue;
    most = lower - upper;
    best = { x: round(middle), y: round((upper + lower) / 2) };
  }
  return best;
}
