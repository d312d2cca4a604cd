import assert from "node:assert/strict";
import { test } from "node:test";
import {
  overrideFigure,
  overriddenMemory,
  overrideCaption,
} from "../../../../static/lenses/whatif/override-effect.js";
import { memorySharesAt } from "../../../../static/arithmetic/memory-kept.js";
import { plainText } from "../../../../static/words/sentence.js";
import { THEMES } from "../../../../static/core/theme.js";
import { otherTrace, parts, randomTrace } from "../../trace.js";

const WORDS = ["Pune", "but", "Hyderabad", "now"];

/** @typedef {import("../../../../static/core/types.js").Trace} Trace */

/** The same run with the forget gate open at a word: the states after it are not read here.
 * @param {Trace} trace @param {number} timestep */
function opened(trace, timestep) {
  const ones = trace.steps[0].forget_gate.map(() => 1);
  const steps = trace.steps.map((step) =>
    step.timestep === timestep ? { ...step, forget_gate: ones } : step,
  );
  const pin = { timestep, gate: /** @type {const} */ ("forget_gate"), unit: null, value: 1 };
  return { ...trace, steps, pins: [pin] };
}

test("what every word has left is what the ledger says", () => {
  const { trace } = randomTrace(WORDS, 3, 4);
  const row = memorySharesAt(trace, 3);
  assert.equal(row.length, 3);
  const expected = trace.steps[0].input_gate.reduce((sum, gate, k) => {
    const wrote = Math.abs(gate * trace.steps[0].candidate[k]);
    return sum + wrote * trace.steps[1].forget_gate[k] * trace.steps[2].forget_gate[k];
  }, 0);
  assert.ok(Math.abs(row[0].size - expected) < 1e-12);
  assert.equal(row[2].share, 1, "what a word has just written is all there");
});

test("an open forget gate leaves of every word what it had before", () => {
  const { trace } = randomTrace(WORDS, 3, 4);
  const memory = overriddenMemory(opened(trace, 3), trace);
  assert.equal(memory?.timestep, 3);
  const before = memorySharesAt(trace, 2);
  for (const { source, free, held } of memory?.rows.slice(0, 2) ?? []) {
    assert.ok(Math.abs(held.size - before[source - 1].size) < 1e-12);
    assert.ok(free.size < held.size);
  }
});

test("the question of an open gate is answered in one sentence with its numbers", () => {
  const { trace } = randomTrace(WORDS, 3, 4);
  const text = plainText(overrideCaption(opened(trace, 3), trace));
  assert.match(text, /^Had the forget gate stayed open at .*Hyderabad/);
  assert.match(text, /% of what .* wrote would be left after .*Hyderabad.*, in place of \d+%/);
});

test("nothing held, a simple RNN, and a run that is still asked for are said", () => {
  const { trace } = randomTrace(WORDS, 3, 4);
  assert.equal(plainText(overrideCaption(trace, null)), "Nothing is held.");
  assert.equal(overriddenMemory(trace, trace), null);
  assert.match(plainText(overrideCaption(opened(trace, 3), null)), /asking what there was without/);
  assert.match(
    plainText(overrideCaption(otherTrace("simple_rnn", WORDS, 3, 4).trace, null)),
    /no gates/,
  );
  const shorter = randomTrace(WORDS.slice(1), 3, 4).trace;
  const others = randomTrace([...WORDS.slice(1), "Goa"], 3, 4).trace;
  for (const other of [shorter, others]) {
    assert.equal(overriddenMemory(opened(trace, 3), other), null, "a run of other words");
    assert.match(
      plainText(overrideCaption(opened(trace, 3), other)),
      /asking what there was without/,
    );
  }
});

test("the figure has two bars a word, the words in their order, and says both in its name", () => {
  const { trace } = randomTrace(WORDS, 3, 4);
  const memory = overriddenMemory(opened(trace, 3), trace);
  assert.ok(memory);
  const options = { timestep: 3, unit: 0, theme: THEMES.light, width: 600 };
  const figure = overrideFigure(trace, memory, options);
  assert.equal(figure.layout.meta.table.rows.length, 3);
  assert.match(figure.layout.meta.label, /Pune.* \d+%, \d+%/);
  const { words } = parts(figure);
  const places = WORDS.slice(0, 3).map((text) =>
    words.findIndex((/** @type {string} */ shown) => shown.includes(text)),
  );
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
});
