import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isDone } from "../../../static/guide/guide-doing.js";
import { isRead, stateOf, stepsOf, withStep } from "../../../static/guide/guide-steps.js";
import { filled, parsed, predicted, valueAt } from "../../../static/guide/guide-words.js";
import { plainText } from "../../../static/words/sentence.js";
import { fromQuery } from "../../../static/core/store.js";
import { randomTrace } from "../trace.js";

/** @type {import("../../../static/guide/guide-steps.js").Guide} */
const guide = JSON.parse(
  readFileSync(new URL("../../../static/guide/steps.json", import.meta.url), "utf8"),
);
const random = randomTrace(["one", "two", "three"], 5, 4).trace;
const by_timestep = [
  [0.9, 0.1],
  [0.4, 0.6],
  [0.2, 0.8],
];
/** @type {import("../../../static/core/types.js").Trace} */
const trace = {
  ...random,
  prediction: { output: [0], labels: ["Goa", "Pune"], probabilities: [0.2, 0.8], by_timestep },
};
const run = { trace, summary: null };

test("a link that names a step alone opens all that the step sets", () => {
  const at = guide.steps.findIndex(({ id }) => id === "new-memory") + 1;
  const state = fromQuery(withStep(`?guide=${at}&theme=dark`, guide));
  assert.equal(state.sentence, "Good Day");
  assert.equal(state.model, "article");
  assert.equal(state.timestep, 1);
  assert.equal(state.guide, at);
  assert.equal(state.theme, "dark");
});

test("what a link says besides is kept, and a link without a step is as it was", () => {
  const own = "?sentence=Hello&timestep=1&guide=3";
  assert.equal(withStep(own, guide), own);
  assert.equal(withStep("?lens=memory", guide), "?lens=memory");
  assert.equal(fromQuery(withStep("?guide=18&timestep=7", guide)).timestep, 7);
});

test("a number beyond the last step is the last; what is hidden is not counted", () => {
  const last = guide.steps.length;
  assert.equal(
    withStep("?guide=999", guide),
    withStep(`?guide=${last}`, guide).replace(`=${last}`, "=999"),
  );
  const hidden = fromQuery(withStep(`?guide=1&hide=${guide.steps[0].id}`, guide));
  assert.equal(hidden.timestep, stateOf(guide, guide.steps[1]).timestep);
});

test("a step sets the state whole, and more of it once its question is answered", () => {
  const step = guide.steps.find(({ id }) => id === "forget-pune");
  assert.ok(step);
  const before = stateOf(guide, step);
  assert.deepEqual([before.timestep, before.unit, before.lens, before.pins], [10, 5, "cell", null]);
  assert.equal(stateOf(guide, step, true).timestep, 11);
});

test("a saved page has the steps alone whose sentence it holds", () => {
  const held = {
    ...trace,
    ...{ model: { ...trace.model, id: "article" }, asked: { sentence: "Good Day" } },
  };
  const left = stepsOf(guide, { hide: [], standalone: true, trace: held });
  assert.ok(left.length > 3);
  assert.ok(left.every((step) => isRead(guide, step, held)));
  assert.equal(stepsOf(guide, { hide: [], standalone: false, trace }).length, guide.steps.length);
});

test("a text is filled with numbers that open, and with dots while they are on their way", () => {
  const path = { quantity: "cell_state", timestep: 2, unit: 1 };
  const values = {
    c: path,
    n: { quantity: "units" },
    t: { ...path, how: /** @type {const} */ ("tanh") },
  };
  const parts = filled("c is {c} of {n}, tanh {t}.", values, run);
  const number = parts.find((part) => typeof part === "object");
  assert.ok(typeof number === "object");
  assert.deepEqual(number.mark, path);
  assert.match(plainText(parts), /^c is .+ of 4, tanh .+\.$/);
  assert.equal(plainText(filled("{c}", values, null)), "…");
  assert.throws(() => filled("{unknown}", values, run), /no value/);
});

test("what is kept is the product of the forget gates since the word", () => {
  const f = (/** @type {number} */ t) => trace.steps[t - 1].forget_gate[2];
  const kept = valueAt({ quantity: "kept", source: 1, timestep: 3, unit: 2 }, run);
  assert.ok(Math.abs(Number(kept) - f(2) * f(3)) < 1e-12);
});

test("a number is read with either sign and comma, and right as near as the step asks", () => {
  assert.equal(parsed("−0,27"), -0.27);
  assert.equal(parsed(" 8 "), 8);
  assert.equal(parsed("about"), null);
  assert.equal(parsed(""), null);
  const value = trace.steps[1].cell_state[1];
  const question = { ask: "", answer: "", of: { quantity: "cell_state", timestep: 2, unit: 1 } };
  assert.ok(predicted({ ...question, number: { near: 0.01 } }, value.toFixed(2), run));
  assert.ok(!predicted({ ...question, number: { near: 0.01 } }, String(value + 0.1), run));
});

test("a task is done by a state, or by what is computed", () => {
  const state = /** @type {any} */ ({ timestep: 4, open: null });
  assert.ok(isDone({ state: "timestep", is: 4 }, state, run));
  assert.ok(!isDone({ state: "open" }, state, run));
  assert.ok(isDone({ quantity: "answer", timestep: 3, is: "Pune" }, state, run));
  assert.ok(!isDone({ quantity: "answer", timestep: 3, is: "Goa" }, state, run));
});
