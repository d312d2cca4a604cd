/** The number that travels on a wire of the cell: the chosen unit's. */
import { operandAt } from "../../arithmetic/arithmetic.js";
import { cellOf } from "../../cells/kinds.js";
import { fixed } from "../../draw/format.js";

/** @typedef {import("../../core/types.js").Trace} Trace */
/** @typedef {import("../../cells/kind.js").Operand} Operand */

/** @param {Trace} trace @param {string} tag the wire's @param {{timestep: number, unit: number}} cursor
 * @returns {string} empty where all units' numbers travel there together */
export function travelling(trace, tag, { timestep, unit }) {
  const factors = factorsOf(trace, tag);
  if (factors.length === 0) return "";
  const values = factors.map((operand) => operandAt(trace, operand, timestep, unit).value);
  return fixed(
    values.reduce((product, value) => product * value, 1),
    2,
  );
}

/** What is multiplied to make it. @param {Trace} trace @param {string} tag @returns {Operand[]} */
function factorsOf(trace, tag) {
  const { gates, states, updates } = cellOf(trace);
  const [memory] = states;
  const gate = gates.find((row) => row.tag === tag);
  if (gate) return [{ quantity: gate.quantity }];
  const [kept, added] = updates[memory]?.products ?? [];
  switch (tag) {
    case "cPrev":
    case "keep":
      return [{ quantity: memory, before: true }];
    case "kept":
      return kept?.factors ?? [];
    case "add":
      return added?.factors ?? [];
    case "rest":
      return (added?.factors ?? []).filter(({ how }) => how === "rest");
    case "c":
    case "tanh":
      return [{ quantity: memory }];
    case "h":
      return [{ quantity: "hidden_state" }];
    default:
      return [];
  }
}
