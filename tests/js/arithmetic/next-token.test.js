import assert from "node:assert/strict";
import { test } from "node:test";
import {
  atTemperature,
  probabilitiesAfter,
  withRow,
  withToken,
  withoutLast,
} from "../../../static/arithmetic/next-token.js";

/** @param {number[]} found @param {number[]} expected */
function near(found, expected) {
  assert.equal(found.length, expected.length);
  found.forEach((one, k) => assert.ok(Math.abs(one - expected[k]) < 1e-9, `${found}`));
}

/** @param {any} asked @param {string[]} texts @param {(number | null)[]} [ids] */
const traceOf = (asked, texts, ids = []) =>
  /** @type {any} */ ({ asked, tokens: texts.map((text, k) => ({ text, id: ids[k] ?? 1 })) });

/** @type {any} */
const TOKENS = { kind: "tokens", texts: ["a", "b"] };

test("a low temperature sharpens, a high one flattens, and at 0 the likeliest has it all", () => {
  const own = [0.2, 0.5, 0.3];
  near(atTemperature(own, 1), own);
  const squares = own.map((one) => one * one);
  const total = squares[0] + squares[1] + squares[2];
  near(
    atTemperature(own, 0.5),
    squares.map((one) => one / total),
  );
  near(atTemperature(own, 0), [0, 1, 0]);
  near(atTemperature([0.5, 0.5], 0), [1, 0]);
  near(atTemperature([1e-40, 1, 0], 0.1), [0, 1, 0]);
});

test("probabilities come from the head, or from its logits, or there are none", () => {
  const said = /** @type {any} */ ({ prediction: { by_timestep: [[0.1, 0.9]] } });
  near(probabilitiesAfter(said, 1) ?? [], [0.1, 0.9]);
  const logits = /** @type {any} */ ({ answer: { by_timestep: [[1000, 1000 + Math.log(3)]] } });
  near(probabilitiesAfter(logits, 1) ?? [], [0.25, 0.75]);
  assert.equal(probabilitiesAfter(/** @type {any} */ ({ prediction: null }), 1), null);
});

test("a token takes the place of what stood after the cursor, as the model reads it", () => {
  const characters = traceOf({ sentence: "[ab]" }, ["[", "a", "b", "]"]);
  assert.deepEqual(withToken(characters, 2, "\n", TOKENS), { sentence: "[a\n" });
  assert.deepEqual(withoutLast(characters), { sentence: "[ab" });
  const words = traceOf({ sentence: "Good day, sir" }, ["Good", "day", "sir"]);
  assert.deepEqual(withToken(words, 3, "again", TOKENS), { sentence: "Good day sir again" });
  const ids = traceOf({ token_ids: [4, 8] }, ["4", "8"], [4, 8]);
  assert.deepEqual(withToken(ids, 1, "15", TOKENS), { token_ids: "4, 15" });
  assert.deepEqual(withoutLast(ids), { token_ids: "4" });
  const oneHot = traceOf({ inputs: [[1, 0]] }, ["1"], [null]);
  assert.deepEqual(withToken(oneHot, 1, "b", TOKENS), { inputs: "1, 0\n0, 1" });
  assert.equal(withoutLast(oneHot), null);
});

test("numbers that were foretold are the next row", () => {
  const series = traceOf({ inputs: [[1], [2]] }, ["1", "2"], [null, null]);
  assert.deepEqual(withRow(series, 2, [0.12345678]), { inputs: "1\n2\n0.123457" });
  assert.deepEqual(withoutLast(series), { inputs: "1" });
});
