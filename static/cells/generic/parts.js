/** What both plain pictures of a cell ask of its kind. */
import { functionOf } from "../../core/activations.js";

/** @typedef {import("../diagram-parts.js").CellParts} CellParts */
/** @typedef {import("../diagram-parts.js").WireArguments} WireArguments */
/** @typedef {import("../kind.js").CellKind} CellKind */
/** @typedef {import("../kind.js").GateRow} GateRow */
/** @typedef {import("../kind.js").StateName} StateName */

/** Which gates stand where. @param {CellKind} cell */
export function rolesOf({ gates, states, sums, updates }) {
  const [memory, shown] = states;
  const place = (/** @type {string | undefined} */ name) =>
    gates.findIndex(({ quantity }) => quantity === name);
  const factors = (/** @type {StateName} */ state) =>
    (updates[state]?.products ?? []).flatMap((product) => product.factors);
  /** @param {StateName} state */
  const taken = (state) =>
    [...new Set(factors(state).map(({ quantity }) => place(quantity)))].filter((k) => k >= 0);
  const reset = sums.candidate?.reset;
  return {
    memory,
    shown,
    two: states.length > 1,
    /** those that are weighted sums */
    weighed: gates.flatMap(({ quantity }, k) => (quantity in sums ? [k] : [])),
    /** those that come of another gate, and of which */
    derived: gates.flatMap(({ quantity }, k) => {
      const from = quantity in sums ? undefined : updates[quantity]?.products[0].factors[0];
      return from ? [{ to: k, from: place(from.quantity) }] : [];
    }),
    written: taken(memory),
    showing: shown ? (taken(shown)[0] ?? -1) : -1,
    reset: reset ? { from: place(reset.gate), to: place("candidate"), after: reset.after } : null,
    before: states.length > 1 ? "cPrev" : "hPrev",
    now: states.length > 1 ? "c" : "h",
  };
}

/** The equation of a state in letters, for a box in the picture: what becomes of it.
 * @param {CellParts} parts @param {StateName} state */
export function lettersIn({ cell, letters }, state) {
  /** @param {import("../kind.js").Operand} operand */
  const written = ({ quantity, how }) => {
    const plain = `<i>${letters[quantity]}</i>`;
    if (how === "rest") return `(1 \u2212 ${plain})`;
    return how ? `${functionOf(how).sign} ${plain}` : plain;
  };
  const products = (cell.updates[state]?.products ?? []).map(({ factors }) =>
    factors.map(written).join(" \u2299 "),
  );
  return `<i>${letters[state]}</i> \u2190 ${products.join(" + ")}`;
}
