/** The names of weights in a text, set as in the equations: the gate's letter as a subscript. */
import { el } from "./dom.js";

const WEIGHTS = /(?<![\p{L}])([WUbp]\u2032?)([a-z])(?![\p{L}])/gu;

/**
 * @param {string} text such as "Wf[0,1]"
 * @returns {(string | HTMLElement)[]}
 */
export function withSubscripts(text) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(WEIGHTS)) {
    const [whole, letter, gate] = found;
    parts.push(text.slice(from, found.index) + letter, el("sub", {}, gate));
    from = found.index + whole.length;
  }
  return [...parts, text.slice(from)];
}
