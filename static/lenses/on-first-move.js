/**
 * The views at the end of the page. Their modules are fetched when somebody begins to move through
 * it.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { mountCompare } from "./whatif/compare-view.js";
import { mountHeld, mountHold } from "./whatif/overrides-view.js";
import { mountMemory } from "./memory/view.js";
import { mountOwn } from "./own/view.js";
import { mountScores } from "./memory/scores-view.js";
import { mountSwaps } from "./whatif/swaps-view.js";
import { mountTake } from "./take/save-page.js";
import { mountTakeData } from "./take/numbers-view.js";
import { mountTakePictures } from "./take/all-panels-view.js";
import { mountTrain } from "./train/view.js";
import { mountUnits } from "./glance/units-view.js";

/** @typedef {[string, (root: HTMLElement, store: Store) => void]} Mount where, and what */

/** @type {Record<string, Mount[]>} by section */
export const LENSES_ON_FIRST_MOVE = {
  glance: [["#units", mountUnits]],
  memory: [
    ["#memory", mountMemory],
    ["#scores", mountScores],
  ],
  whatif: [
    ["#bar", mountHeld],
    ["#hold", mountHold],
    ["#compare", mountCompare],
    ["#swaps", mountSwaps],
  ],
  train: [["#train", mountTrain]],
  own: [["#own", mountOwn]],
  take: [
    ["#save", mountTake],
    ["#take-pictures", mountTakePictures],
    ["#take-data", mountTakeData],
  ],
};
