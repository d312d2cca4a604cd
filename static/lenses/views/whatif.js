/** The views of the lens What if. */
import { mountCompare } from "../whatif/compare-view.js";
import { mountOverrides } from "../whatif/overrides-view.js";
import { mountSwaps } from "../whatif/swaps-view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#hold", mountOverrides],
  ["#compare", mountCompare],
  ["#swaps", mountSwaps],
];
