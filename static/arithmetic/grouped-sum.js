/**
 * A gate's sum in three lines: what comes of the input, what of the state before, and the bias. The
 * products behind the first two open in turn.
 */
import { previous } from "../cells/kinds.js";
import { LETTERS } from "../cells/quantities.js";
import { fixed } from "../draw/format.js";
import { below, closed, digits, SCALE, write } from "./terms.js";

/** @typedef {import("./arithmetic.js").Arithmetic} Arithmetic */
/** @typedef {import("./arithmetic.js").Term} Term */
/** @typedef {import("../core/types.js").Mark} Mark */
/** @typedef {import("../core/types.js").Trace} Trace */

const FEW = 3; // products that are shown one by one

/** @param {Term[]} terms */
const exactly = (terms) =>
  terms.reduce((sum, { factors }) => sum + factors.reduce((all, { value }) => all * value, 1), 0);

/**
 * @param {Trace} trace
 * @param {Arithmetic} sum
 * @param {Mark} mark what it is the sum of
 * @returns {Arithmetic} the same where it has few products, or is no gate's
 */
export function grouped(trace, sum, mark) {
  const products = sum.terms.filter(({ kind }) => kind === "input" || kind === "hidden");
  if (mark.part || !sum.activation || products.length <= 2 * FEW) return sum;
  const gate = mark.quantity === "hidden_state" ? "" : LETTERS[mark.quantity];
  const before = below(previous(trace, mark.timestep));
  /** @param {"input" | "hidden"} of @param {string} label @returns {Term} */
  const group = (of, label) => {
    const terms = sum.terms.filter(({ kind }) => kind === of);
    const value = exactly(terms);
    const opens = { ...mark, part: { of, written: fixed(value, 3) } };
    const count = digits(value);
    const names = `${label}, ${terms.length} products`;
    return {
      kind: of,
      label: names,
      factors: [],
      product: count / SCALE,
      text: write(count),
      opens,
    };
  };
  const others = sum.terms.filter((term) => !products.includes(term) && term.kind !== "rounding");
  const terms = [
    group("input", `x${below(mark.timestep)} W${gate}`),
    group("hidden", `h${before} U${gate}`),
    ...others,
  ];
  return { ...sum, terms: closed(terms, sum.sum.value) };
}
