/** What holds for every sum, whatever it is of. */
import assert from "node:assert/strict";
import { arithmeticText } from "../../static/arithmetic/arithmetic.js";

/** Displayed text as a whole number of its last digit. @param {string} text */
export function displayed(text) {
  assert.match(text, /^\u2212?\d+\.\d{4}$/);
  return Number(text.replace("\u2212", "-").replace(".", ""));
}

/** @param {import("../../static/arithmetic/arithmetic.js").Arithmetic | string | null} sum */
export function adds(sum) {
  assert.ok(sum && typeof sum !== "string", `it does not open: ${sum}`);
  const total = sum.terms.reduce((all, { text }) => all + displayed(text), 0);
  assert.equal(total, displayed(sum.sum.text), `${sum.title}: ${arithmeticText(sum)}`);
  const rounding = sum.terms.filter(({ kind }) => kind === "rounding");
  for (const { text } of rounding) {
    assert.ok(Math.abs(displayed(text)) <= 2 * sum.terms.length, `${sum.title}: rounding ${text}`);
  }
  return sum;
}
