/** The views of the lens Train. */
import { mountTrain } from "../train/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [["#train", mountTrain]];
