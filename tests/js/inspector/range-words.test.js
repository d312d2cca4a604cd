/** A selected stretch of words: what it leaves of the memory before it, and which words of it wrote most. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeChange, rangeMemory } from "../../../static/arithmetic/range-memory.js";
import { memoryLedger } from "../../../static/arithmetic/memory-ledger.js";
import { rangeName, rangeSays } from "../../../static/inspector/range-words.js";
import { extended } from "../../../static/timeline/range.js";
import { plainText } from "../../../static/words/sentence.js";
import { otherTrace, randomTrace } from "../trace.js";

const WORDS = ["I", "live", "in", "Pune", "now"];
const RANGE = { from: 3, to: 4 };

test("what was in memory before is followed to the end of the stretch", () => {
  const { trace } = randomTrace(WORDS, 4, 3);
  const ledger = /** @type {number[][]} */ (memoryLedger(trace));
  const memory = /** @type {any} */ (rangeMemory(trace, RANGE));
  assert.deepEqual(memory.earlier, [1, 2]);
  assert.ok(Math.abs(memory.was - ledger[1][1] - ledger[1][2]) < 1e-12);
  assert.ok(Math.abs(memory.left - ledger[3][1] - ledger[3][2]) < 1e-12);
  assert.deepEqual(
    new Set(memory.words.map((/** @type {any} */ one) => one.source)),
    new Set([3, 4]),
  );
  assert.ok(memory.words[0].wrote >= memory.words[1].wrote);
});

test("a layer that reads from the end has its memory from the other side", () => {
  const { trace } = randomTrace(WORDS, 4, 3);
  const backwards = { ...trace, layer: { ...trace.layer, go_backwards: true } };
  const memory = /** @type {any} */ (rangeMemory(backwards, RANGE));
  assert.deepEqual([memory.before, memory.last, memory.earlier], [5, 3, [5]]);
});

test("it is said in words whose numbers open and add up", () => {
  const { trace } = randomTrace(WORDS, 4, 3);
  const says = rangeSays(trace, RANGE);
  assert.match(plainText(says), /^Of what was in memory before, \d+% is left at the end\. /);
  assert.match(
    plainText(says),
    /wrote most: \d\.\d\d.*, then .*, of which \d+% is left|, of which .*, then /,
  );
  const numbers = /** @type {any[]} */ (says).filter((part) => typeof part === "object");
  assert.equal(numbers.length, 4); // all of what the last word wrote is left
  for (const { mark } of numbers) {
    const sum = mark.work(null);
    const total = sum.terms.reduce(
      (/** @type {number} */ all, /** @type {any} */ one) => all + one.product,
      0,
    );
    assert.ok(Math.abs(total - sum.sum.value) < 1e-9, sum.title);
  }
  assert.match(plainText(rangeSays(trace, { from: 1, to: 2 })), /^Nothing was in memory before\. /);
  assert.match(rangeName(trace, RANGE), /^2 words: .*in.* to .*Pune/);
});

test("a cell that keeps nothing changes its hidden state", () => {
  const { trace } = otherTrace("simple_rnn", WORDS, 4, 3);
  assert.equal(rangeMemory(trace, RANGE), null);
  const h = trace.steps.map((step) => step.hidden_state);
  const changed = h[3].reduce((sum, value, k) => sum + Math.abs(value - h[1][k]), 0);
  assert.ok(Math.abs(rangeChange(trace, RANGE).whole.size - changed) < 1e-12);
  assert.match(plainText(rangeSays(trace, RANGE)), /changes by \d\.\d\d, most at /);
});

test("the keyboard moves the end of a stretch that the cursor is at", () => {
  assert.deepEqual(extended(null, 3, 4), { from: 3, to: 4 });
  assert.deepEqual(extended({ from: 3, to: 4 }, 4, 5), { from: 3, to: 5 });
  assert.deepEqual(extended({ from: 3, to: 4 }, 3, 2), { from: 2, to: 4 });
  assert.deepEqual(extended({ from: 3, to: 4 }, 4, 3), { from: 3, to: 3 });
  assert.deepEqual(extended({ from: 1, to: 2 }, 5, 4), { from: 4, to: 5 });
});
