/** The views of the lens Weights. */
import { mountModel } from "../model/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [["#model", mountModel]];
