import assert from "node:assert/strict";
import { test } from "node:test";
import { activationFigure } from "../../../../static/lenses/paths/activation-figure.js";
import { THEMES } from "../../../../static/core/theme.js";
import { atEveryWidth } from "../../figures.js";
import { parts, randomTrace } from "../../trace.js";

const QUANTITIES = /** @type {const} */ ([
  "forget_gate",
  "input_gate",
  "candidate",
  "cell_state",
  "output_gate",
  "hidden_state",
]);

for (const units of [1, 3, 64, 512]) {
  test(`bars of ${units} units keep every promise of a figure at every width`, () => {
    const { trace } = randomTrace(["Good", "Day"], 5, units);
    for (const quantity of QUANTITIES) {
      atEveryWidth((options) => activationFigure(trace, { ...options, quantity }), {
        timestep: 2,
        unit: units - 1,
      });
    }
  });
}

test("a bar is as long as its value is large", () => {
  const { trace } = randomTrace(["Good", "Day"], 5, 2);
  trace.steps[0].forget_gate = [0.25, 0.75];
  const figure = activationFigure(trace, {
    quantity: "forget_gate",
    timestep: 1,
    unit: 0,
    theme: THEMES.light,
    width: 400,
  });
  const [filled] = parts(figure).shapes.filter(
    (/** @type {any} */ shape) => shape.fillcolor === THEMES.light.quantity.forget_gate,
  );
  const lengths = filled.path
    .split("Z")
    .filter(Boolean)
    .map((/** @type {string} */ path) => {
      const xs = [...path.matchAll(/[MHQ]([\d.]+)/g)].map((match) => Number(match[1]));
      return Math.max(...xs) - Math.min(...xs);
    });
  assert.equal(lengths.length, 2);
  assert.ok(Math.abs(lengths[1] / lengths[0] - 3) < 0.1, `${lengths}`);
});

test("a large layer shows a window of bars that holds the selected unit", () => {
  const { trace } = randomTrace(["Good"], 5, 64);
  for (const unit of [0, 30, 63]) {
    const figure = activationFigure(trace, {
      quantity: "output_gate",
      timestep: 1,
      unit,
      theme: THEMES.light,
      width: 400,
    });
    const { words, stripes } = parts(figure);
    assert.ok(words.includes(`<b>unit ${unit}</b>`));
    assert.equal(words.filter((/** @type {string} */ text) => /unit /.test(text)).length, 8);
    assert.equal(stripes.length, 1);
    assert.equal(figure.layout.meta.table.rows.length, 64);
  }
});
