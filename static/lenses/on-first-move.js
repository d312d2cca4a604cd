/**
 * The views at the end of the page. Their modules are fetched when somebody begins to move through
 * it.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { mountCompare } from "./whatif/compare-view.js";
import { mountOverrideCount, mountOverrides } from "./whatif/overrides-view.js";
import { mountMemory } from "./memory/view.js";
import { mountOwn } from "./own/view.js";
import { mountScores } from "./memory/scores-view.js";
import { mountSwaps } from "./whatif/swaps-view.js";
import { mountSavePage } from "./take/save-page.js";
import { mountSaveNumbers } from "./take/numbers-view.js";
import { mountSaveAllPanels } from "./take/all-panels-view.js";
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
    ["#bar", mountOverrideCount],
    ["#hold", mountOverrides],
    ["#compare", mountCompare],
    ["#swaps", mountSwaps],
  ],
  train: [["#train", mountTrain]],
  own: [["#own", mountOwn]],
  take: [
    ["#save", mountSavePage],
    ["#take-pictures", mountSaveAllPanels],
    ["#take-data", mountSaveNumbers],
  ],
};
