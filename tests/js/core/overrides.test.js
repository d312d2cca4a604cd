import assert from "node:assert/strict";
import { test } from "node:test";
import {
  activationFigure,
  activationGeometry,
} from "../../../static/lenses/paths/activation-figure.js";
import { arithmetic, arithmeticText } from "../../../static/arithmetic/arithmetic.js";
import { cellFigure } from "../../../static/cells/diagram.js";
import { equation } from "../../../static/cells/equations.js";
import { heatmapFigure } from "../../../static/ui/heatmap.js";
import {
  formatOverrides,
  gatesOf,
  grouped,
  overrideAt,
  overrideCount,
  addOverride,
  parseOverrides,
  overriddenValue,
  removeOverride,
} from "../../../static/core/overrides.js";
import { unrolledFigure } from "../../../static/lenses/unrolled/figure.js";
import { workedFigure } from "../../../static/lenses/worked/figure.js";
import { THEMES } from "../../../static/core/theme.js";
import { randomTrace } from "../trace.js";

/** @typedef {import("../../../static/core/types.js").Override} Override */

/** @param {Partial<Override>} [change] @returns {Override} */
const pin = (change) => ({ timestep: 2, gate: "forget_gate", unit: 1, value: 0.5, ...change });

test("pins survive the way through the address", () => {
  const pins = [pin(), pin({ unit: null, timestep: 1 })];
  assert.deepEqual(parseOverrides(formatOverrides(pins)), pins);
  assert.equal(formatOverrides([]), null);
});

test("an address that makes no sense holds nothing", () => {
  for (const text of [
    null,
    "",
    "{",
    "5",
    "[5]",
    "[[]]",
    '[{"timestep":1}]',
    "null",
    '[{"timestep":1.5}]',
  ]) {
    assert.deepEqual(parseOverrides(text), []);
  }
  const silent = '[{"timestep":1,"gate":"candidate","value":1}]';
  assert.equal(parseOverrides(silent)[0].unit, null);
});

test("a later pin stands in for those it covers, and for no others", () => {
  const one = addOverride([], pin());
  assert.deepEqual(addOverride(one, pin({ value: 1 })), [pin({ value: 1 })]);
  assert.equal(addOverride(one, pin({ unit: 2 })).length, 2);
  assert.equal(addOverride(one, pin({ gate: "input_gate" })).length, 2);
  assert.deepEqual(addOverride(one, pin({ unit: null })), [pin({ unit: null })]);
});

test("letting one unit go of a pin on all of them keeps the others", () => {
  const left = removeOverride([pin({ unit: null })], pin({ unit: 0 }), 3);
  assert.deepEqual(
    left.map(({ unit }) => unit),
    [1, 2],
  );
  assert.deepEqual(removeOverride([pin()], pin(), 3), []);
  assert.deepEqual(removeOverride([pin()], pin({ timestep: 1 }), 3), [pin()]);
});

test("of two pins for one number the later says its value", () => {
  const pins = [pin({ unit: null, value: 0 }), pin({ value: 0.7 })];
  assert.equal(overriddenValue(pins, pin()), 0.7);
  assert.equal(overriddenValue(pins, { ...pin(), unit: 0 }), 0);
  assert.equal(overriddenValue(pins, { ...pin(), timestep: 1, unit: 0 }), undefined);
});

test("pins that say the same of several words are told together", () => {
  const groups = grouped([pin({ timestep: 1 }), pin({ timestep: 3 }), pin({ value: 1 })]);
  assert.deepEqual(
    groups.map(({ timesteps }) => timesteps),
    [[1, 3], [2]],
  );
});

test("the gates stand in the order of the equations", () => {
  const { trace } = randomTrace(["a"], 2, 2);
  assert.deepEqual(gatesOf(trace), ["forget_gate", "input_gate", "candidate", "output_gate"]);
});

/** A trace with one number held; the figures only ask whether it is. */
function pinned() {
  const { trace, weights } = randomTrace(["Good", "Day"], 3, 4);
  return { trace: { ...trace, pins: [pin({ value: trace.steps[1].forget_gate[1] })] }, weights };
}

test("a trace knows which of its numbers are held", () => {
  const { trace } = pinned();
  const mark = { quantity: /** @type {const} */ ("forget_gate"), timestep: 2, unit: 1 };
  assert.equal(overrideAt(trace, mark), trace.steps[1].forget_gate[1]);
  assert.equal(overrideAt(trace, { ...mark, unit: 0 }), undefined);
  assert.equal(overrideAt(trace, { ...mark, quantity: "input" }), undefined);
  assert.equal(overrideCount({ ...trace, pins: [pin({ unit: null })] }), 4);
});

test("what is held wears a mark in every figure that shows it", () => {
  const { trace, weights } = pinned();
  const free = { ...trace, pins: [] };
  const options = { timestep: 2, unit: 1, theme: THEMES.light, width: 900 };
  /** @type {[string, (trace: any) => any][]} */
  const builders = [
    ["cell", (one) => cellFigure(one, { ...options, focus: null })],
    ["worked", (one) => workedFigure(one, { ...options, weights })],
    ["unrolled", (one) => unrolledFigure(one, options)],
    ["bars", (one) => activationFigure(one, { ...options, quantity: "forget_gate" })],
    ["heatmap", (one) => heatmapFigure(one, { ...options, quantity: "forget_gate" })],
  ];
  for (const [name, build] of builders) {
    const marks = (/** @type {any} */ { data, layout }) =>
      (layout.shapes ?? []).length + data.length;
    assert.equal(marks(build(trace)), marks(build(free)) + 1, name);
  }
});

test("the arithmetic of a held number says what the sum would have given", () => {
  const { trace, weights } = randomTrace(["Good", "Day"], 3, 4);
  const step = { ...trace.steps[1], forget_gate: [1, 1, 1, 1] };
  const held = { ...trace, steps: [trace.steps[0], step], pins: [pin({ unit: null, value: 1 })] };
  const mark = { quantity: /** @type {const} */ ("forget_gate"), timestep: 2, unit: 1 };
  const sum = arithmetic(held, weights, mark);
  assert.equal(sum?.activation?.held, true);
  assert.equal(sum?.activation?.rounding, null);
  assert.notEqual(sum?.activation?.output, "1.0000");
  assert.match(sum ? arithmeticText(sum) : "", /held at 1\.0000$/);
  const [, , last] = equation(held, { timestep: 2, unit: 1, quantity: "forget_gate", weights });
  assert.equal(last[last.length - 1].text, "1.000");
  assert.ok(last.some(({ text }) => text.includes("held at")));
});

test("a knob's place on a bar and the value it means are each other's inverse", () => {
  const { trace } = pinned();
  for (const quantity of /** @type {const} */ (["forget_gate", "candidate"])) {
    const at = activationGeometry(trace, { unit: 1, width: 400, quantity });
    for (const value of [0, 0.25, 1]) {
      assert.ok(Math.abs(at.valueAt(at.xOf(value)) - value) < 1e-12);
    }
  }
});
