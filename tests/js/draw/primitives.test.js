import assert from "node:assert/strict";
import { test } from "node:test";
import { gaugeOf, scaleOf } from "../../../static/cells/quantities.js";
import { colorAt, contrast, mix, readable } from "../../../static/draw/color.js";
import {
  block,
  drawing,
  join,
  label,
  route,
  toFigure,
  wire,
} from "../../../static/draw/primitives.js";
import { THEMES, sizes } from "../../../static/core/theme.js";

const theme = THEMES.light;
const style = { line: "#000000", hairline: "#000000", selection: "#ff0000" };
/** @param {number} unit */
const value = (unit) => ({
  text: `${unit}`,
  color: "#ffffff",
  ink: "#000000",
  hover: `unit ${unit}`,
  mark: { quantity: /** @type {const} */ ("cell_state"), timestep: 1, unit },
  selected: unit === 1,
});

test("value boxes stand side by side without a gap", () => {
  const { boxes } = block(
    { x: 10, y: 5, width: 120, height: 48 },
    [0, 1, 2, 3].map(value),
    2,
    style,
  );
  assert.equal(boxes[0].x + boxes[0].width, boxes[1].x);
  assert.equal(boxes[0].y + boxes[0].height, boxes[2].y);
  assert.equal(boxes[1].x + boxes[1].width, 130);
});

test("the selected box is outlined in the colour of the selection", () => {
  const { shapes } = block({ x: 0, y: 0, width: 120, height: 24 }, [0, 1, 2].map(value), 3, style);
  const outlined = shapes.filter((shape) => shape.line?.color === style.selection);
  assert.equal(outlined.length, 1);
  assert.match(/** @type {string} */ (outlined[0].path), /^M4[0-9.]+,/);
});

test("a wire ends in an arrowhead of its own colour", () => {
  const { shapes } = wire(route(0, 0, { x: 50 }, { y: 40 }), { color: "#123456" });
  assert.equal(shapes.length, 2);
  assert.equal(shapes[1].fillcolor, "#123456");
  assert.ok(/** @type {string} */ (shapes[1].path).startsWith("M50,40"));
});

test("a route changes one coordinate at a time", () => {
  assert.deepEqual(route(1, 2, { x: 5 }, { y: 7 }), [
    [1, 2],
    [5, 2],
    [5, 7],
  ]);
});

test("a figure carries its sentence, its numbers and its marks", () => {
  const drawn = join(
    block({ x: 0, y: 0, width: 80, height: 24 }, [0, 1].map(value), 2, style),
    label(5, 5, "here", { color: "#000000" }),
    null,
  );
  const table = { columns: ["a"], rows: [["b"]] };
  const { data, layout } = toFigure(drawn, { width: 90, height: 30, theme, label: "Now.", table });
  assert.deepEqual(layout.meta, { label: "Now.", table, flows: [] });
  assert.deepEqual([layout.width, layout.height], [90, 30]);
  const hits = /** @type {any} */ (data.find((trace) => trace.customdata));
  assert.equal(hits.mode, "none");
  assert.deepEqual(hits.customdata[1], value(1).mark);
});

test("stripes of one scale become one picture with blanks between them", () => {
  const stripe = { width: 40, height: 20, scale: theme.signed, faded: false };
  const stripes = [
    { ...stripe, x: 0, y: 0, shares: [0, 1] },
    { ...stripe, x: 100, y: 0, shares: [0.25, 0.5] },
    { ...stripe, x: 100, y: 50, shares: [0.75, 1] },
  ];
  const table = { columns: [], rows: [] };
  const options = { width: 150, height: 80, theme, label: "", table };
  const { data } = toFigure(drawing({ stripes }), options);
  const maps = /** @type {any[]} */ (data.filter((trace) => trace.type === "heatmap"));
  assert.equal(maps.length, 1);
  assert.deepEqual(maps[0].x, [0, 20, 40, 100, 120, 140]);
  assert.deepEqual(maps[0].y, [0, 20, 50, 70]);
  assert.deepEqual(maps[0].z, [
    [0, 1, null, 0.25, 0.5],
    [null, null, null, null, null],
    [null, null, null, 0.75, 1],
  ]);
});

test("numbers can be read on every colour of every scale and gauge in both themes", () => {
  for (const one of Object.values(THEMES)) {
    for (const gate of /** @type {const} */ (["forget_gate", "input_gate", "output_gate"])) {
      assert.ok(contrast(gaugeOf(gate, 1, 1, one).color, one.ink) >= 4.5, `${one.name} ${gate}`);
      assert.ok(contrast(scaleOf(gate, one)[1][1], one.paper) >= 3, `${one.name} ${gate}`);
    }
    assert.ok(contrast(one.gauge, one.ink) >= 4.5, one.name);
    for (const scale of [one.signed, sizes(one), scaleOf("forget_gate", one)]) {
      for (let share = 0; share <= 1; share += 0.01) {
        const color = colorAt(scale, share);
        assert.ok(contrast(readable(color, one), color) >= 4.5, `${one.name} ${color}`);
      }
    }
  }
});

test("a scale meets its stops and clips beyond its ends", () => {
  const [low, , high] = theme.signed;
  assert.equal(colorAt(theme.signed, -3), low[1]);
  assert.equal(colorAt(theme.signed, 0.5), theme.signed[1][1]);
  assert.equal(colorAt(theme.signed, 9), high[1]);
  assert.equal(mix("#000000", "#ffffff", 0.5), "#808080");
});

test("paths of one style are drawn as one shape, in the order of their first", () => {
  const style = { color: "#123456", arrow: false };
  const drawn = join(
    wire(route(0, 0, { x: 9 }), style),
    wire(route(0, 3, { x: 9 }), { ...style, color: "#654321" }),
    wire(route(0, 5, { x: 9 }), style),
  );
  const table = { columns: [], rows: [] };
  const { layout } = toFigure(drawn, { width: 10, height: 10, theme, label: "", table });
  assert.deepEqual(
    layout.shapes?.map(({ path }) => path),
    ["M0,0L9,0M0,5L9,5", "M0,3L9,3"],
  );
});

test("the outline of the selection lies over every frame", () => {
  const drawn = join(
    block({ x: 0, y: 0, width: 40, height: 20 }, [0, 1].map(value), 2, style),
    block({ x: 0, y: 50, width: 40, height: 20 }, [0, 1].map(value), 2, {
      ...style,
      line: "#0000ff",
    }),
  );
  const table = { columns: [], rows: [] };
  const { layout } = toFigure(drawn, { width: 50, height: 80, theme, label: "", table });
  assert.deepEqual(
    layout.shapes?.map((shape) => shape.line?.color),
    ["#000000", "#0000ff", style.selection],
  );
});
