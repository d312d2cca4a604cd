/** What a phase of a word computes, as equations in letters. */
import { lettersOf, productLetters } from "../cells/equations.js";
import { cellOf } from "../cells/kinds.js";

/** @typedef {import("../cells/phases.js").Phase} Phase */
/** @typedef {import("../core/types.js").Piece} Piece */
/** @typedef {import("../core/types.js").Trace} Trace */

/** @param {Trace} trace @param {Phase} phase @returns {Piece[][]} none where nothing is computed */
export function phaseEquations(trace, { kind, quantities, which = 0 }) {
  const { updates, squash, states } = cellOf(trace);
  const [quantity] = quantities;
  switch (kind) {
    case "gates":
    case "derived":
    case "sum":
      return quantities.map((one) => lettersOf(trace, one));
    case "product":
      return (updates[quantity]?.products ?? [])
        .slice(which, which + 1)
        .map(({ factors }) => productLetters(trace, factors));
    case "squash":
      return [productLetters(trace, [{ quantity, how: squash }])];
    case "leave":
      return states.length > 1 ? [lettersOf(trace, quantity)] : [];
    default:
      return [];
  }
}
