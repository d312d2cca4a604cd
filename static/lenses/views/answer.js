/** The views of the lens Answer. */
import { mountForecast } from "../forecast/view.js";
import { mountScores } from "../memory/scores-view.js";
import { mountPrediction } from "../unrolled/prediction-view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#prediction", mountPrediction],
  ["#prediction", mountForecast],
  ["#scores", mountScores],
];
