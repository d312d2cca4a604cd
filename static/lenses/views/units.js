/** The views of the lens Units. */
import { mountUnits } from "../glance/units-view.js";
import { mountGlance } from "../glance/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#glance", mountGlance],
  ["#units", mountUnits],
];
