/**
 * The memory ledger in bands, one a word. Where words are many, those that never matter much share a
 * band with their neighbours.
 */
import { stepName } from "./text.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {{name: string, sources: number[], values: number[]}} Band values by timestep */

const EACH = 24; // so many words have a band each
const NAMED = 10; // of more, so many

/**
 * @param {Trace} trace
 * @param {number[][]} rows (timesteps, sources)
 * @param {{initial: boolean, chosen: number[]}} options whether the initial state has a band; the
 *   sources that have one in any case
 * @returns {Band[]} in the order of the words
 */
export function bandsOf(trace, rows, { initial, chosen }) {
  const count = rows[0].length;
  const sources = Array.from({ length: count }, (_, s) => s).slice(initial ? 0 : 1);
  const peaks = rows[0].map((_, s) => Math.max(...rows.map((row) => Math.abs(row[s]))));
  const ranked = [...sources].sort((a, b) => peaks[b] - peaks[a]);
  const own = new Set(sources.length <= EACH ? sources : [...chosen, ...ranked.slice(0, NAMED)]);
  /** @type {Band[]} */
  const bands = [];
  let open = false;
  for (const s of sources) {
    const values = rows.map((row) => row[s]);
    const last = bands[bands.length - 1];
    if (own.has(s) || !open) {
      const name = s === 0 ? "before" : trace.tokens[s - 1].text;
      bands.push({ name, sources: [s], values });
    } else {
      last.sources.push(s);
      last.name = `${last.sources.length} ${stepName(trace, 2)}`;
      last.values = last.values.map((value, t) => value + values[t]);
    }
    open = !own.has(s);
  }
  return bands;
}
