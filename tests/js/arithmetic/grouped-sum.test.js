import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic } from "../../../static/arithmetic/arithmetic.js";
import { grouped } from "../../../static/arithmetic/grouped-sum.js";
import { randomTrace } from "../trace.js";

const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
const mark = { quantity: /** @type {const} */ ("forget_gate"), timestep: 2, unit: 1 };

test("a gate's many products are two lines that open, and all lines still add up", () => {
  const whole = arithmetic(trace, weights, mark);
  assert.ok(whole);
  const { terms, sum } = grouped(trace, whole, mark);
  const [input, hidden, bias] = terms;
  assert.deepEqual(
    [input, hidden].map(({ opens }) => opens?.part?.of),
    ["input", "hidden"],
  );
  assert.equal(input.label, "x₂ Wf, 5 products");
  assert.equal(hidden.label, "h₁ Uf, 3 products");
  assert.equal(bias.kind, "bias");
  const total = terms.reduce((all, { product }) => all + Math.round(product * 10_000), 0);
  assert.equal(total, Math.round(sum.value * 10_000));
  assert.ok(input.opens);
  const opened = arithmetic(trace, weights, input.opens);
  assert.equal(opened?.result.text, input.text);
});

test("what has few products, or is no gate's sum, stays as it is", () => {
  const small = randomTrace(["a"], 2, 2);
  const first = { ...mark, timestep: 1 };
  const few = arithmetic(small.trace, small.weights, first);
  assert.ok(few);
  assert.equal(grouped(small.trace, few, first), few);
  const state = { quantity: /** @type {const} */ ("cell_state"), timestep: 2, unit: 1 };
  const update = arithmetic(trace, weights, state);
  assert.ok(update);
  assert.equal(grouped(trace, update, state), update);
});
