import assert from "node:assert/strict";
import { test } from "node:test";
import { headline, keptAt, leastKept, loserAt } from "../../static/figures/headline.js";
import { randomTrace } from "./trace.js";

/** A trace of two units whose gates and states are given. @param {any[]} steps */
function traceOf(steps) {
  const { trace } = randomTrace(
    steps.map((_, k) => ["Pune", "but", "Hyderabad"][k]),
    3,
    2,
  );
  return { ...trace, steps: trace.steps.map((step, k) => ({ ...step, ...steps[k] })) };
}

const steps = [
  { forget_gate: [0.5, 0.5], input_gate: [1, 1], candidate: [0.8, -0.4], cell_state: [0.8, -0.4] },
  { forget_gate: [1, 1], input_gate: [0, 0], candidate: [0, 0], cell_state: [0.8, -0.4] },
  { forget_gate: [0, 0.5], input_gate: [1, 0], candidate: [-0.9, 0], cell_state: [-0.9, -0.2] },
];

test("how much a forget gate keeps counts each unit by the size of what it holds", () => {
  const trace = traceOf(steps);
  assert.equal(keptAt(trace, 1), null, "nothing to forget yet");
  assert.equal(keptAt(trace, 2), 1);
  assert.ok(Math.abs((keptAt(trace, 3) ?? 0) - 0.2 / 1.2) < 1e-12);
  assert.equal(leastKept(trace)?.timestep, 3);
});

test("the word that loses most is named with what is left of it", () => {
  const loser = loserAt(traceOf(steps), 3);
  assert.equal(loser?.source, 1);
  assert.ok(Math.abs((loser?.left ?? 0) - 0.2 / 1.2) < 1e-12);
});

test("the headline says in words what the forget gate did", () => {
  const trace = traceOf(steps);
  assert.match(headline(trace, 1), /nothing in memory to forget yet/);
  assert.match(headline(trace, 2), /keeps nearly everything: 100% of the memory stays/);
  assert.match(
    headline(trace, 3),
    /Hyderabad.* keeps 17% .*what .*Pune.* had written: 17% of that/,
  );
});
