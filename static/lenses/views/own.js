/** The views of the lens Your model. */
import { mountOwn } from "../own/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [["#own", mountOwn]];
