/**
 * What to look at now in cells other than an LSTM's, in words computed from the trace. Plain text,
 * as all sentences are.
 */
import { cellOf, previous } from "./cells.js";
import { fixed } from "./format.js";
import { functionOf } from "./functions.js";
import { addingUp } from "./rounding.js";
import { nameAt } from "./text.js";
import { NAMES, vector } from "./vectors.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {{timestep: number, unit: number}} Cursor */

/** @param {number} share 0..1 */
const percent = (share) => `${fixed(100 * share, 0)}%`;

/** @param {Trace} trace @param {number} timestep */
const at = (trace, timestep) => `At ${nameAt(trace, timestep)}`;

const PASSED = "is padding: the state passes through unchanged.";

/** What a gated unit keeps and adds, written so that both add up to its state.
 * @param {Trace} trace @param {Cursor} cursor */
function gatedParts(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const before = vector(trace, "hidden_state", previous(trace, timestep))[unit];
  const state = step.hidden_state[unit];
  const share = step.update_gate[unit];
  const kept = share * before;
  const decimals = Math.max(Math.abs(state), Math.abs(kept)) < 0.1 ? 3 : 2;
  const [keptShown, added] = addingUp([kept, state - kept], state, decimals);
  const write = (/** @type {number} */ value) => fixed(value, decimals);
  return {
    share,
    before: write(before),
    kept: write(keptShown),
    change: `${added < 0 ? "takes away" : "adds"} ${write(Math.abs(added))}`,
    state: write(state),
    empty: before === 0,
  };
}

/** @param {Trace} trace @param {Cursor} cursor */
function simpleChange(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const before = fixed(vector(trace, "hidden_state", previous(trace, timestep))[unit]);
  const state = fixed(step.hidden_state[unit]);
  const sum = step.preactivations?.hidden_state?.[unit];
  const { sign } = functionOf(cellOf(trace).squash);
  const made = sum === undefined ? "" : `, the ${sign} of ${fixed(sum)}`;
  return `it was ${before} and is ${state} now${made}. Nothing of the old value is kept as it was.`;
}

/** The line that is spoken when the cursor moves. @param {Trace} trace @param {Cursor} cursor */
export function otherStepAloud(trace, { timestep, unit }) {
  const step = trace.steps[timestep - 1];
  const { gates } = cellOf(trace);
  const told = [...gates.slice(0, 1).map(({ quantity }) => quantity), "hidden_state"];
  return told
    .map((name) => {
      const quantity = /** @type {Quantity} */ (name);
      return `${NAMES[quantity]} ${fixed(step[quantity][unit])}`;
    })
    .join(", ");
}

/** @param {Trace} trace @param {Cursor} cursor */
export function lookAtOtherCell(trace, cursor) {
  const { timestep, unit } = cursor;
  const place = at(trace, timestep);
  if (trace.steps[timestep - 1].masked) return `${place} the input ${PASSED}`;
  if (cellOf(trace).layout === "simple_rnn") {
    return `${place} unit ${unit} is written anew: ${simpleChange(trace, cursor)}`;
  }
  const { share, before, kept, change, state, empty } = gatedParts(trace, cursor);
  if (empty)
    return `${place} unit ${unit} has nothing to keep yet. It ${change}, and holds ${state}.`;
  return (
    `${place} unit ${unit} keeps ${percent(share)} of its state of ${before}, that is ${kept}; the ` +
    `other ${percent(1 - share)} come from the candidate, which ${change}: it holds ${state} now.`
  );
}

/** @param {Trace} trace @param {Cursor & {quantity: Quantity}} options */
export function lookAtOtherPath(trace, { timestep, unit, quantity }) {
  const values = trace.steps[timestep - 1][quantity];
  if (!values) return "";
  const place = at(trace, timestep);
  const low = values.indexOf(Math.min(...values));
  const high = values.indexOf(Math.max(...values));
  const sizes = values.map(Math.abs);
  const strong = sizes.indexOf(Math.max(...sizes));
  switch (quantity) {
    case "update_gate":
      return (
        `${place} unit ${high} keeps most: ${percent(values[high])} of its state stays. Unit ` +
        `${low} is renewed most: ${percent(1 - values[low])} of it comes from the candidate.`
      );
    case "reset_gate":
      return (
        `${place} the reset gate is widest open for unit ${high}, at ${percent(values[high])}, ` +
        `and closest to shut for unit ${low}, at ${percent(values[low])}.`
      );
    case "candidate":
      return `${place} the strongest proposal is ${fixed(values[strong])}, for unit ${strong}.`;
    default:
      return lookAtOtherCell(trace, { timestep, unit });
  }
}

/** Where a state without gates moves most over the sentence. @param {Trace} trace */
export function lookAtSimpleGlance(trace) {
  let most = { change: -1, timestep: 1, unit: 0 };
  trace.steps.forEach(({ timestep, hidden_state: now }, t) => {
    const before = vector(trace, "hidden_state", previous(trace, timestep));
    now.forEach((value, unit) => {
      const change = Math.abs(value - before[unit]);
      if (change > most.change) most = { change, timestep: t + 1, unit };
    });
  });
  const { timestep, unit } = most;
  return (
    `${at(trace, timestep)} a unit moves most: unit ${unit} goes from ` +
    `${fixed(vector(trace, "hidden_state", previous(trace, timestep))[unit])} to ` +
    `${fixed(trace.steps[timestep - 1].hidden_state[unit])}.`
  );
}
