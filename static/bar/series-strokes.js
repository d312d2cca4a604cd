/** Series of numbers as somebody draws them: from strokes to rows, a row for each timestep. */

/** Four digits say as much as a hand can mean. @param {number} value */
const rounded = (value) => Number(value.toPrecision(4));

/**
 * The ends of the scale that a series is drawn on: a little beyond its numbers, and never less than
 * -1 to 1.
 *
 * @param {number[][]} rows
 * @returns {[number, number]}
 */
export function limitsOf(rows) {
  const largest = rows.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const limit = largest <= 1 ? 1 : rounded(1.25 * largest);
  return [-limit, limit];
}

/**
 * Where a value is drawn.
 *
 * @param {number} value
 * @param {{height: number, pad: number, low: number, high: number}} room
 */
export const yOf = (value, { height, pad, low, high }) =>
  pad + ((high - value) / (high - low)) * (height - 2 * pad);

/**
 * A stroke from one timestep to another, which ends at a value: what it passes lies on a line.
 *
 * @param {number[][]} rows
 * @param {number} feature
 * @param {number} from where the stroke was before, from 0
 * @param {number} to where it is now
 * @param {number} value
 */
export function dragged(rows, feature, from, to, value) {
  const start = rows[from][feature];
  return rows.map((row, t) => {
    if (t < Math.min(from, to) || t > Math.max(from, to) || (t === from && from !== to)) return row;
    const share = from === to ? 1 : (t - from) / (to - from);
    return row.with(feature, rounded(start + share * (value - start)));
  });
}

/**
 * One point moved by some fortieths of the scale.
 *
 * @param {number[][]} rows
 * @param {number} feature
 * @param {number} at
 * @param {number} steps up, or down where negative
 */
export function nudged(rows, feature, at, steps) {
  const [low, high] = limitsOf(rows);
  const moved = rows[at][feature] + (steps * (high - low)) / 40;
  return rows.map((row, t) => (t === at ? row.with(feature, rounded(moved)) : row));
}
