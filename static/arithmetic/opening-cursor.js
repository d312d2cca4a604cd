/** Where the page opens when a link names no word and no unit. */
import { readsCharacters } from "../draw/text.js";
import { remembers } from "../cells/kinds.js";
import { mostForgottenAt } from "./memory-kept.js";
import { turningPoint } from "./answer-turns.js";

/** @typedef {import("../core/types.js").Trace} Trace */

/**
 * Where the page opens: at the last word that changes the answer, and at the unit in which it is
 * seen best what went there.
 *
 * @param {Trace} trace
 * @returns {{timestep: number, unit: number} | null}
 */
export function openingCursor(trace) {
  if (readsCharacters(trace)) return null; // what comes next is the question there
  const timestep = turningPoint(trace);
  if (timestep === null) return null;
  return { timestep, unit: remembers(trace) ? (mostForgottenAt(trace, timestep)?.unit ?? 0) : 0 };
}
