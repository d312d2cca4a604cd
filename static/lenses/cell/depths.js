/**
 * How close one looks: the sentence's cells side by side, one cell, or one unit of it worked through.
 */
import { cellFigure } from "../../cells/diagram.js";
import { retryImport } from "../../core/import-retry.js";
import { ONE_PAGE, shownLens } from "../../core/lenses.js";
import { shownPhase } from "./shown-phase.js";

/** @typedef {import("../../core/types.js").AppState} AppState */
/** @typedef {import("../../core/types.js").Figure} Figure */
/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {AppState["depth"]} Depth */

/** From far to near. @type {Depth[]} */
export const DEPTHS = ["sentence", "cell", "unit"];

/** The size that each is laid out for, its letters at their least.
 * @type {Record<Depth, {width: number, height: number}>} */
export const DRAWN = {
  sentence: { width: 1000, height: 330 },
  cell: { width: 720, height: 424 },
  unit: { width: 900, height: 420 },
};

/** The page that holds all lenses has a section for each of the three.
 * @param {AppState} state @returns {Depth} */
export const shownDepth = (state) => (shownLens(state) === ONE_PAGE ? "cell" : state.depth);

/** @param {Depth} depth @param {number} by 1 is nearer @returns {Depth} */
export const besides = (depth, by) =>
  DEPTHS[Math.min(Math.max(DEPTHS.indexOf(depth) + by, 0), DEPTHS.length - 1)];

/** This unit's weights, where they are there. @param {AppState} state @param {number} unit */
function weightsOf({ weights, unit_weights: own }, unit) {
  return weights ?? (own?.unit === unit ? own.weights : null);
}

/** @type {typeof import("./other-depths.js").OTHERS | null} fetched when one of them is wanted first */
let others = null;

/** Fetches what the cell alone does not need, once. @param {() => void} [then] not called where it is
 * there */
export async function fetchOtherDepths(then) {
  if (others) return;
  others = (await retryImport(async () => await import("./other-depths.js"))).OTHERS;
  then?.();
}

/**
 * @param {Trace} trace
 * @param {import("../../core/types.js").FigureOptions & {height?: number}} options
 * @param {AppState} state
 * @returns {Figure | null} null while what draws it is on its way
 */
export function stageFigure(trace, options, state) {
  const depth = shownDepth(state);
  if (depth === "cell")
    return cellFigure(trace, { ...options, focus: state.lit, phase: shownPhase(state) });
  if (!others) return null;
  return depth === "sentence"
    ? others.sentence(trace, options, state)
    : others.unit(trace, {
        ...options,
        phase: shownPhase(state),
        weights: weightsOf(state, options.unit),
      });
}
