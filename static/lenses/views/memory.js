/** The views of the lens Memory. */
import { mountMemory } from "../memory/view.js";
import { mountMemories } from "../why/memories-view.js";
import { mountWhy } from "../why/view.js";

/** @type {import("../views-of-lens.js").Mount[]} */
export const VIEWS = [
  ["#memory", mountMemory],
  ["#why", mountMemories],
  ["#why", mountWhy],
];
