/** Which phase of the word the picture shows, whatever the state or a link says. */
import { cellOf } from "../../cells/kinds.js";
import { phasesOf } from "../../cells/phases.js";
import { shownLens } from "../../core/lenses.js";
import { cursorOf } from "../../core/store.js";

/** @typedef {import("../../core/types.js").AppState} AppState */

/** Whether the picture that is shown has phases. @param {AppState} state */
export const hasPhases = (state) =>
  shownLens(state) === "cell" &&
  state.depth !== "sentence" &&
  state.trace !== null &&
  !state.trace.steps[cursorOf(state).timestep - 1].masked;

/** How many phases a word of the shown model has. @param {AppState} state */
export const phaseCount = ({ trace }) => (trace ? phasesOf(cellOf(trace)).length : 0);

/** @param {AppState} state @returns {number | null} from 0; null: all of the word is shown */
export const shownPhase = (state) =>
  state.phase !== null && hasPhases(state) && state.phase < phaseCount(state) ? state.phase : null;
