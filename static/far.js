/**
 * The views at the end of the page. Their modules are fetched when somebody begins to move through
 * it.
 *
 * @typedef {import("./types.js").Store} Store
 */
import { mountCompare } from "./views/compare.js";
import { mountHeld, mountHold } from "./views/hold.js";
import { mountMemory } from "./views/memory.js";
import { mountOwn } from "./views/own.js";
import { mountScores } from "./views/scores.js";
import { mountSwaps } from "./views/swaps.js";
import { mountTake } from "./views/take.js";
import { mountTakeData } from "./views/take-data.js";
import { mountTakePictures } from "./views/take-pictures.js";
import { mountTrain } from "./views/train.js";
import { mountUnits } from "./views/units.js";

/** @type {[string, (root: HTMLElement, store: Store) => void][]} */
export const FAR = [
  ["#bar", mountHeld],
  ["#units", mountUnits],
  ["#memory", mountMemory],
  ["#scores", mountScores],
  ["#hold", mountHold],
  ["#compare", mountCompare],
  ["#swaps", mountSwaps],
  ["#train", mountTrain],
  ["#own", mountOwn],
  ["#save", mountTake],
  ["#take-pictures", mountTakePictures],
  ["#take-data", mountTakeData],
];
