/** Where the knobs of a unit's gates stand: under what the picture shows of each gate. */

/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Gate} Gate */
/** @typedef {{x: number, y: number, width: number}} Place its middle and its top, in pixels of the
 *   figure */

const BOX = { width: 46, height: 24 }; // of a value that stands alone
const LEAST = 46; // pixels across

/**
 * @param {Figure} figure
 * @param {Gate} gate
 * @param {"cell" | "unit"} depth under all of the gate's values, or under the one that is worked through
 * @returns {Place | null} null where the figure has none of them
 */
export function knobPlace(figure, gate, depth) {
  const hits = /** @type {any} */ (figure.data.find((trace) => trace.customdata));
  /** @type {{x: number, y: number}[]} */
  const places = hits.customdata
    .map((/** @type {any} */ mark, /** @type {number} */ k) => ({
      mark,
      x: hits.x[k],
      y: hits.y[k],
    }))
    .filter(
      (/** @type {any} */ { mark }) =>
        mark?.quantity === gate && !mark.part && !mark.lights && mark.how === undefined,
    );
  if (places.length === 0) return null;
  // the gate's own value comes after the sum that makes it
  const shown = depth === "unit" ? places.slice(-1) : places;
  const [left, right] = endsOf(
    shown.map(({ x }) => x),
    BOX.width,
  );
  const [, bottom] = endsOf(
    shown.map(({ y }) => y),
    BOX.height,
  );
  const width = Math.max(LEAST, right - left);
  return { x: (left + right) / 2, y: bottom, width };
}

/** From the first box's beginning to the last one's end. @param {number[]} middles
 * @param {number} alone how large a box is that has no neighbour */
function endsOf(middles, alone) {
  const places = [...new Set(middles)].sort((a, b) => a - b);
  const gaps = places.slice(1).map((place, k) => place - places[k]);
  const half = (gaps.length > 0 ? Math.min(...gaps) : alone) / 2;
  return [places[0] - half, places[places.length - 1] + half];
}
