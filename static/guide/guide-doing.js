/** Whether what a step asks to be done is done: a condition on the page's state. */

/** @typedef {import("../core/types.js").AppState} AppState */
/** @typedef {import("./guide-steps.js").Doing} Doing */
/** @typedef {import("./guide-words.js").Run} Run */
import { valueAt } from "./guide-words.js";

/**
 * @param {Doing["until"]} until
 * @param {AppState} state
 * @param {Run} run
 * @returns {boolean}
 */
export function isDone(until, state, run) {
  if (!("state" in until)) return valueAt(until, run) === until.is;
  const value = state[until.state];
  return until.is === undefined ? Boolean(value) : value === until.is;
}
