/** Rounding that keeps sums true: what is displayed adds up to what is displayed. */

/**
 * As few decimals as let a sum be read as it is: its terms, each rounded, come to the rounded total.
 *
 * @param {number[]} terms
 * @param {number} total their sum
 * @param {number} least
 * @param {number} [most] where no fewer will do
 */
export function decimalsToAddUp(terms, total, least, most = 5) {
  const rounded = (/** @type {number} */ value, /** @type {number} */ decimals) =>
    Math.round(value * 10 ** decimals);
  for (let decimals = least; decimals < most; decimals++) {
    const sum = terms.reduce((all, term) => all + rounded(term, decimals), 0);
    if (sum === rounded(total, decimals)) return decimals;
  }
  return most;
}

/**
 * The terms of a sum rounded so that they add up to the rounded total. Each comes out rounded
 * down or up; those that lose least by it are the ones moved.
 *
 * @param {number[]} terms
 * @param {number} total their sum
 * @param {number} decimals
 * @returns {number[]}
 */
export function addingUp(terms, total, decimals) {
  const scale = 10 ** decimals;
  const rounded = terms.map((term) => Math.round(term * scale));
  const missing = Math.round(total * scale) - rounded.reduce((sum, term) => sum + term, 0);
  const sign = Math.sign(missing);
  /** @param {number} k how gladly a term moves: what rounding took from it */
  const loss = (k) => sign * (terms[k] * scale - rounded[k]);
  const order = terms.map((_, k) => k).sort((a, b) => loss(b) - loss(a));
  for (const k of order.slice(0, Math.abs(missing))) rounded[k] += sign;
  return rounded.map((term) => term / scale);
}
