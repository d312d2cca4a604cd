/** The views of the lens Units. */
import { mountCorpus } from "../corpus/view.js";
import { mountUnits } from "../glance/units-view.js";
import { mountGlance } from "../glance/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#corpus", mountCorpus],
  ["#glance", mountGlance],
  ["#units", mountUnits],
];
