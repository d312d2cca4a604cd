/** The views of the lens Sentence. */
import { mountReturns } from "../returns/view.js";
import { mountUnrolled } from "../unrolled/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#unrolled", mountUnrolled],
  ["#returns", mountReturns],
];
