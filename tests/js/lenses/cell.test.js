/** What lies over the cell's picture: knobs under its gates, and the part that grows into the next depth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellFigure } from "../../../static/cells/diagram.js";
import { THEMES } from "../../../static/core/theme.js";
import { besides } from "../../../static/lenses/cell/depths.js";
import { knobPlace } from "../../../static/lenses/cell/knob-places.js";
import { unitFigure } from "../../../static/lenses/unit/figure.js";
import { unrolledFigure } from "../../../static/lenses/unrolled/figure.js";
import { parts, randomTrace } from "../trace.js";

const { trace, weights } = randomTrace(["Good", "Day", "you"], 5, 8);
const AT = { timestep: 2, unit: 1, theme: THEMES.light };
const GATES = /** @type {const} */ (["forget_gate", "input_gate", "candidate", "output_gate"]);

/** @param {any} figure @param {string} gate the boxes of its values, alone */
function boxesOf(figure, gate) {
  const { hits, boxes } = parts(figure);
  return hits.customdata.flatMap((/** @type {any} */ mark, /** @type {number} */ k) => {
    if (mark?.quantity !== gate || mark.part || mark.lights) return [];
    const at = boxes.x.findIndex(
      (/** @type {number} */ x, /** @type {number} */ n) =>
        Math.abs(x - hits.x[k]) < 1 && Math.abs(boxes.base[n] + boxes.y[n] / 2 - hits.y[k]) < 1,
    );
    return [{ x: boxes.x[at], width: boxes.width[at], bottom: boxes.base[at] + boxes.y[at] }];
  });
}

for (const [width, height] of [
  [900, 440],
  [700, 400],
  [370, 450],
]) {
  test(`a knob stands right under each gate's values, ${width} pixels wide`, () => {
    const cell = cellFigure(trace, { ...AT, width, height });
    const unit = unitFigure(trace, { ...AT, width, height, weights });
    for (const gate of GATES) {
      const place = /** @type {any} */ (knobPlace(cell, gate, "cell"));
      const boxes = boxesOf(cell, gate);
      const bottom = Math.max(...boxes.map((/** @type {any} */ box) => box.bottom));
      assert.ok(Math.abs(place.y - bottom) < 1, `${place.y} under ${bottom}`);
      const xs = boxes.map((/** @type {any} */ { x }) => x);
      assert.ok(Math.abs(place.x - (Math.min(...xs) + Math.max(...xs)) / 2) < 1);
      const own = /** @type {any} */ (knobPlace(unit, gate, "unit"));
      const last = boxesOf(unit, gate).at(-1);
      assert.ok(Math.abs(own.x - last.x) < 1 && Math.abs(own.y - last.bottom) < 1);
    }
    assert.equal(knobPlace(cell, "reset_gate", "cell"), null);
  });
}

test("what is nearer and farther ends with the unit and the sentence", () => {
  assert.equal(besides("cell", 1), "unit");
  assert.equal(besides("unit", 1), "unit");
  assert.equal(besides("cell", -1), "sentence");
  assert.equal(besides("sentence", -1), "sentence");
});

test("the sentence fills the height of the stage, and its cells stay in order", () => {
  const low = unrolledFigure(trace, { ...AT, width: 1000 });
  const high = unrolledFigure(trace, /** @type {any} */ ({ ...AT, width: 1000, height: 560 }));
  const heightOf = (/** @type {any} */ figure) => figure.layout.height;
  assert.ok(heightOf(high) > heightOf(low) + 60);
  assert.ok(heightOf(high) <= 560);
});
