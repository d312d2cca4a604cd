/**
 * The views that nobody sees at once. Their modules are fetched when the first figure is there, so
 * that it need not wait for them.
 *
 * @typedef {import("./types.js").Store} Store
 */
import { mountPaths } from "./views/paths.js";
import { mountWorked } from "./views/worked.js";
import { mountUnrolled } from "./views/unrolled.js";
import { mountReturns } from "./views/returns.js";
import { mountModel } from "./views/model.js";
import { mountGlance } from "./views/glance.js";
import { mountArithmetic } from "./views/arithmetic.js";
import { mountFocus } from "./views/focus.js";
import { mountHelp } from "./views/help.js";
import { mountOtherCell } from "./views/other-cell.js";
import { mountCard } from "./views/card.js";
import { mountPrediction } from "./views/prediction.js";
import { mountProse } from "./views/prose.js";
import { mountTelling } from "./views/telling.js";
import { mountWhy } from "./views/why.js";

/** @type {[string, (root: HTMLElement, store: Store) => void][]} */
export const LATER = [
  ["#paths", mountPaths],
  ["#worked", mountWorked],
  ["#unrolled", mountUnrolled],
  ["#returns", mountReturns],
  ["#model", mountModel],
  ["#glance", mountGlance],
  ["#arithmetic", mountArithmetic],
  ["#help", mountHelp],
  ["#help", mountOtherCell],
  ["#why", mountWhy],
  ["#prediction", mountPrediction],
  ["#card", mountCard],
  ["#telling", mountTelling],
  ["main", mountProse],
  ["body", mountFocus],
];
