/** How numbers are written: a fixed number of decimals, and a real minus sign. */

/** @param {string} text */
const withMinus = (text) => text.replace("-", "\u2212");

/** Rounds to a number of decimals and writes it so; what rounds to zero has no sign.
 * @param {number} value @param {number} [decimals] */
export function fixed(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return withMinus(Number(text) === 0 ? (0).toFixed(decimals) : text);
}

/** As many decimals as fit a value box: two, and fewer for large values.
 * @param {number} value */
export function compact(value) {
  const size = Math.abs(value);
  if (size < 9.995) return fixed(value, 2);
  if (size < 99.95) return fixed(value, 1);
  if (size < 9999.5) return fixed(value, 0);
  return withMinus(value.toExponential(0).replace("e+", "e"));
}

/** Four decimals, for hover texts and arithmetic.
 * @param {number} value */
export const precise = (value) => fixed(value, 4);

/** A number as part of a sum: "+ 0.3100" or "− 0.3100".
 * @param {number} value @param {number} [decimals] */
export function signed(value, decimals = 4) {
  const text = fixed(Math.abs(value), decimals);
  return Number(value.toFixed(decimals)) < 0 ? `\u2212 ${text}` : `+ ${text}`;
}
