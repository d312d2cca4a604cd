import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { inLensOrder, lensNumber } from "../../../static/core/lenses.js";

const lenses = JSON.parse(readFileSync("static/lenses.json", "utf-8"));

test("sections are numbered as the contents list them", () => {
  assert.equal(lensNumber(lenses, "why"), 1);
  assert.equal(lensNumber(lenses, "own"), 12);
  assert.throws(() => lensNumber(lenses, "take"), /no section "take" in the table of contents/);
});

test("what belongs to sections comes in their order, and only to sections that there are", () => {
  assert.deepEqual(inLensOrder(lenses, { memory: [3], why: [1, 2] }), [1, 2, 3]);
  assert.throws(() => inLensOrder(lenses, { memori: [] }), /no sections memori/);
});
