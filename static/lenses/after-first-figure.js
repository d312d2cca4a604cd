/**
 * The views that nobody sees at once. Their modules are fetched when the first figure is there, so
 * that it need not wait for them.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { mountPaths } from "./paths/view.js";
import { mountWorked } from "./worked/view.js";
import { mountUnrolled } from "./unrolled/view.js";
import { mountReturns } from "./returns/view.js";
import { mountModel } from "./model/view.js";
import { mountGlance } from "./glance/view.js";
import { mountArithmetic } from "../inspector/opened-number.js";
import { mountFocus } from "../ui/focus.js";
import { mountHelp } from "../bar/help.js";
import { mountCellWording } from "../ui/cell-wording.js";
import { mountCard } from "../bar/model-card.js";
import { mountPrediction } from "./unrolled/prediction-view.js";
import { mountProse } from "../ui/timestep-prose.js";
import { mountTrainedModelLink } from "./paths/trained-model-link.js";
import { mountWhy } from "./why/view.js";

/** @typedef {[string, (root: HTMLElement, store: Store) => void]} Mount where, and what */

/** @type {Record<string, Mount[]>} by section */
export const LENSES_AFTER_FIRST_FIGURE = {
  why: [["#why", mountWhy]],
  paths: [
    ["#paths", mountPaths],
    ["#telling", mountTrainedModelLink],
  ],
  worked: [["#worked", mountWorked]],
  unrolled: [
    ["#unrolled", mountUnrolled],
    ["#prediction", mountPrediction],
  ],
  returns: [["#returns", mountReturns]],
  model: [["#model", mountModel]],
  glance: [["#glance", mountGlance]],
};

/** @type {Mount[]} */
export const AFTER_FIRST_FIGURE = [
  ["#arithmetic", mountArithmetic],
  ["#help", mountHelp],
  ["#help", mountCellWording],
  ["#card", mountCard],
  ["main", mountProse],
  ["body", mountFocus],
];
