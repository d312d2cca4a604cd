/** The views of the lens Answer. */
import { mountScores } from "../memory/scores-view.js";
import { mountPrediction } from "../unrolled/prediction-view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#prediction", mountPrediction],
  ["#scores", mountScores],
];
