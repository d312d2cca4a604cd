/** The views of the lens Cell: what follows its picture, which is there already. */
import { fetchOtherDepths } from "../cell/depths.js";
import { mountPaths } from "../paths/view.js";
import { mountTrainedModelLink } from "../paths/trained-model-link.js";
import { mountWorked } from "../worked/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#cell", () => void fetchOtherDepths()],
  ["#paths", mountPaths],
  ["#telling", mountTrainedModelLink],
  ["#worked", mountWorked],
];
