/** Two sentences side by side: which word stands against which, and what is only in one. */

/** @typedef {{a: number | null, b: number | null, same: boolean}} Pair timesteps, from 1; null where
 *   the word is only in the other sentence */

/**
 * The alignment with the fewest changes: a word put in, left out or put in another's place is one.
 *
 * @param {string[]} first
 * @param {string[]} second
 * @returns {Pair[]}
 */
export function align(first, second) {
  const [a, b] = [first, second].map((words) => words.map((text) => text.toLowerCase()));
  const cost = costs(a, b);
  /** @type {Pair[]} */
  const pairs = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const same = i > 0 && j > 0 && a[i - 1] === b[j - 1];
    if (i > 0 && j > 0 && cost[i][j] === cost[i - 1][j - 1] + (same ? 0 : 1)) {
      pairs.push({ a: i--, b: j--, same });
    } else if (i > 0 && cost[i][j] === cost[i - 1][j] + 1) {
      pairs.push({ a: i--, b: null, same: false });
    } else {
      pairs.push({ a: null, b: j--, same: false });
    }
  }
  return pairs.reverse();
}

/** The fewest changes from each beginning of one to each beginning of the other (Levenshtein).
 * @param {string[]} a @param {string[]} b @returns {number[][]} */
function costs(a, b) {
  const cost = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const put = cost[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(put, cost[i - 1][j] + 1, row[j - 1] + 1));
    }
    cost.push(row);
  }
  return cost;
}
