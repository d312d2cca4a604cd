import assert from "node:assert/strict";
import { test } from "node:test";
import { heatmapFigure, heatmapGeometry } from "../../../static/ui/heatmap.js";
import { THEMES } from "../../../static/core/theme.js";
import { randomTrace } from "../trace.js";

const theme = THEMES.light;

/** @param {string[]} words @param {number} units @param {number} width
 * @param {import("../../../static/core/types.js").Quantity} [quantity] */
function build(words, units, width, quantity = "forget_gate") {
  const { trace } = randomTrace(words, 5, units);
  const figure = /** @type {any} */ (heatmapFigure(trace, { quantity, unit: 0, theme, width }));
  return { trace, figure, map: figure.data[0] };
}

test("a row is a unit and a column is a word", () => {
  const { trace, map } = build(["one", "two", "three"], 4, 500);
  assert.equal(map.z.length, 4);
  map.z.forEach((/** @type {number[]} */ row, /** @type {number} */ unit) => {
    assert.deepEqual(
      row,
      trace.steps.map((step) => step.forget_gate[unit]),
    );
  });
});

test("a click on a cell says which number it is", () => {
  const { map } = build(["one", "two"], 3, 500, "candidate");
  assert.deepEqual(map.customdata[2][1], { quantity: "candidate", timestep: 2, unit: 2 });
});

test("equal words keep columns of their own", () => {
  const { figure, map } = build(["the", "cat", "the"], 3, 500);
  assert.deepEqual(map.x, [1, 2, 3]);
  assert.equal(figure.layout.xaxis.ticktext.length, 3);
});

test("gates are coloured from 0 to 1 and signed values alike on both sides of 0", () => {
  const gate = build(["one", "two"], 3, 500, "output_gate").map;
  assert.deepEqual([gate.zmin, gate.zmax], [0, 1]);
  for (const quantity of /** @type {const} */ (["candidate", "cell_state", "hidden_state"])) {
    const { map } = build(["one", "two", "three", "four"], 3, 500, quantity);
    assert.equal(map.zmin, -map.zmax);
    assert.ok(map.zmax >= Math.max(...map.z.flat().map(Math.abs)));
  }
});

test("a visitor's markup stays text", () => {
  const { figure, map } = build(["<b>bold</b>", "a&b"], 3, 600);
  const texts = [...figure.layout.xaxis.ticktext, ...map.hovertext.flat()].join("");
  assert.ok(!texts.includes("<b>"));
  assert.ok(texts.includes("&lt;b&gt;"));
});

test("the cells lie where the cursor over them is told they lie", () => {
  for (const [words, units, width] of /** @type {const} */ ([
    [["Good", "Day"], 3, 380],
    [Array(40).fill("Hyderabad"), 64, 1100],
    [Array(40).fill("word"), 3, 330],
    [Array(400).fill("a"), 8, 330],
  ])) {
    const { trace, figure } = build([...words], units, width);
    const at = heatmapGeometry(trace, width, 0);
    const { margin, height } = figure.layout;
    assert.equal(margin.l, at.left);
    assert.equal(margin.t, at.top);
    assert.ok(Math.abs(width - margin.l - margin.r - at.width) < 1e-9);
    assert.ok(Math.abs(height - margin.t - margin.b - at.height) < 1e-9);
    assert.ok(at.left + at.width <= width);
  }
});

test("words too many to write are written every few columns, and never smaller", () => {
  const { figure } = build(Array(200).fill("word"), 3, 700);
  const { tickvals } = figure.layout.xaxis;
  const { cell } = heatmapGeometry(build(Array(200).fill("word"), 3, 700).trace, 700, 0);
  assert.ok((tickvals[1] - tickvals[0]) * cell >= figure.layout.font.size);
  assert.ok(figure.layout.font.size >= 11);
});

test("of many units a page is drawn, of rows that can be told apart, and stays within it", () => {
  const { trace } = randomTrace(["Good", "Day"], 5, 300);
  const at = (/** @type {number} */ unit) => heatmapGeometry(trace, 700, unit);
  assert.deepEqual(
    [at(0).page[0], at(127).page[0], at(128).page[0], at(299).page[0]],
    [0, 0, 128, 172],
  );
  assert.ok(at(0).row >= 3);
  const options = { quantity: /** @type {const} */ ("forget_gate"), theme, width: 700 };
  const { data, layout } = /** @type {any} */ (heatmapFigure(trace, { ...options, unit: 200 }));
  assert.equal(data[0].z[0][1], trace.steps[1].forget_gate[128]);
  assert.equal(data[0].customdata[72][0].unit, 200);
  assert.match(layout.annotations.at(-1).text, /units 128\u2013255 of 300/);
  assert.equal(layout.meta.table.columns.length, 1 + 300);
});

test("numbers are written only where they fit", () => {
  const few = build(["Good", "Day"], 3, 380).figure.layout.annotations;
  const many = build(Array(40).fill("word"), 64, 700).figure.layout.annotations;
  assert.equal(few.length, 1 + 6);
  assert.equal(many.length, 1);
});

test("the label names the extremes and the table holds every number", () => {
  const { figure } = build(["Good", "Day"], 3, 380);
  const { label, table } = figure.layout.meta;
  assert.match(label, /forget gate.*2 words, 3 units.*Lowest.*highest/s);
  assert.equal(table.rows.length, 2);
  assert.equal(table.rows[1][3].mark.unit, 2);
});
