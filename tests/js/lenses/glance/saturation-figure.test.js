import assert from "node:assert/strict";
import { test } from "node:test";
import { saturationFigure } from "../../../../static/lenses/glance/saturation-figure.js";
import { THEMES } from "../../../../static/core/theme.js";
import { randomTrace } from "../../trace.js";

const options = { unit: 0, theme: THEMES.light, width: 1000 };

/** @param {import("../../../../static/core/types.js").Trace} trace */
const textsOf = (trace) =>
  saturationFigure(trace, options)
    .layout.annotations.map(({ text }) => text)
    .join("\n");

test("a gate that never comes near an end says so, in place of an empty panel", () => {
  const { trace } = randomTrace(["Good", "Day"], 5, 3);
  for (const step of trace.steps) {
    step.forget_gate = step.input_gate = [0.5, 0.5, 0.5];
    step.output_gate = [0.95, 0.5, 0.5];
  }
  assert.equal(textsOf(trace).match(/never below 0\.1/g)?.length, 2);
});

test("a large layer takes the room of one only where there is something to see", () => {
  const { trace } = randomTrace(["Good"], 5, 64);
  const { height: seen } = saturationFigure(trace, options).layout;
  for (const step of trace.steps) {
    step.forget_gate = step.input_gate = step.output_gate = Array(64).fill(0.5);
  }
  const { height: still } = saturationFigure(trace, options).layout;
  assert.ok(Number(still) < Number(seen));
});
