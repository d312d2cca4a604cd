import assert from "node:assert/strict";
import { test } from "node:test";
import { cellFigure } from "../../../static/cells/diagram.js";
import { mix } from "../../../static/draw/color.js";
import { textWidth } from "../../../static/draw/text.js";
import { gaugeOf } from "../../../static/cells/quantities.js";
import { THEMES } from "../../../static/core/theme.js";
import { atEveryWidth } from "../figures.js";
import { parts, randomTrace } from "../trace.js";

const theme = THEMES.light;
const { trace } = randomTrace(["Good", "Day"], 5, 3);
const options = { timestep: 2, unit: 1, theme, width: 1100 };

test("the cell keeps its promises from phones to wide screens, small or large", () => {
  atEveryWidth((at) => cellFigure(trace, at), { timestep: 2, unit: 1 });
  const large = randomTrace(["a", "b", "c"], 300, 512).trace;
  atEveryWidth((at) => cellFigure(large, at), { timestep: 3, unit: 511 });
  atEveryWidth((at) => cellFigure(randomTrace(["a"], 1, 1).trace, at), { timestep: 1, unit: 0 });
});

test("no number lies under an operator, on the narrowest phones too", () => {
  for (const width of [288, 328, 390]) {
    const { text, boxes } = parts(cellFigure(trace, { ...options, width }));
    text.text.forEach((/** @type {string} */ sign, /** @type {number} */ k) => {
      if (sign !== "\u00d7" && sign !== "+") return;
      const under = boxes.x.some(
        (/** @type {number} */ x, /** @type {number} */ b) =>
          Math.abs(text.x[k] - x) < boxes.width[b] / 2 + 12 &&
          text.y[k] > boxes.base[b] &&
          text.y[k] < boxes.base[b] + boxes.y[b],
      );
      assert.ok(!under, `${sign} at ${width} pixels`);
    });
  }
});

test("no letter, name or number of the cell lies over another, of one unit or of many", () => {
  for (const [units, unit] of [
    [1, 0],
    [5, 2],
    [512, 300],
  ]) {
    const { trace } = randomTrace(["Good", "Day"], 5, units);
    for (const width of [328, 480, 600, 1100]) {
      const { text } = parts(cellFigure(trace, { ...options, unit, width }));
      const boxes = text.text.map((/** @type {string} */ one, /** @type {number} */ k) => {
        const size = text.textfont.size[k];
        const wide = 0.75 * textWidth(one.replace(/<.*?>|[\u2068\u2069]/g, ""), size);
        const place = text.textposition[k];
        const left = place.endsWith("right") ? 0 : place.endsWith("left") ? wide : wide / 2;
        return { one, wide, x: text.x[k] - left, y: text.y[k] };
      });
      boxes.forEach((/** @type {typeof boxes[number]} */ a, /** @type {number} */ k) =>
        boxes.slice(k + 1).forEach((/** @type {typeof boxes[number]} */ b) => {
          const over = a.x < b.x + b.wide && b.x < a.x + a.wide && Math.abs(a.y - b.y) < 9;
          assert.ok(!over, `${a.one} over ${b.one}, ${units} units at ${width} pixels`);
        }),
      );
    }
  }
});

test("every value of this timestep and of the states before it can be opened", () => {
  const { hits } = parts(cellFigure(trace, options));
  /** @param {string} quantity @param {number} timestep */
  const count = (quantity, timestep) =>
    hits.customdata.filter(
      (/** @type {any} */ mark) => mark?.quantity === quantity && mark.timestep === timestep,
    ).length;
  for (const gate of ["forget_gate", "input_gate", "candidate", "output_gate", "hidden_state"]) {
    assert.equal(count(gate, 2), 3, gate);
  }
  assert.equal(count("cell_state", 2), 6, "the cell state and its tanh");
  assert.equal(count("cell_state", 1), 3);
  assert.equal(count("hidden_state", 1), 3);
  assert.equal(count("input", 2), 5);
});

test("a gate's box is a gauge in its own hue, a signed number's a bar from the middle", () => {
  const { boxes } = parts(cellFigure(trace, options));
  const step = trace.steps[1];
  for (const quantity of /** @type {const} */ (["forget_gate", "input_gate", "candidate"])) {
    const gauges = step[quantity].map((value) => gaugeOf(quantity, value, 1, theme));
    for (const { from, to, color } of gauges) {
      const width = (to - from) * (42 - 1);
      const found = boxes.width.some(
        (/** @type {number} */ one, /** @type {number} */ k) =>
          Math.abs(one - width) < 0.1 && boxes.marker.color[k] === color,
      );
      assert.ok(found, `${quantity} ${from} ${to}`);
    }
  }
  assert.deepEqual(gaugeOf("candidate", -0.5, 1, theme), {
    from: 0.25,
    to: 0.5,
    color: theme.gauge,
  });
  assert.equal(gaugeOf("forget_gate", 0.3, 1, theme).to, 0.3);
});

/** @param {any} figure @param {string} color */
const hasColor = ({ layout }, color) =>
  layout.shapes.some((/** @type {any} */ shape) => shape.line?.color === color);

test("a focus keeps what flows in lit and fades all else, arrowheads and tanh included", () => {
  const gate = cellFigure(trace, { ...options, focus: "forget_gate" });
  assert.ok(hasColor(gate, theme.quantity.forget_gate));
  assert.ok(hasColor(gate, theme.quantity.cell_state), "the cell state before flows in");
  assert.ok(hasColor(gate, theme.quantity.hidden_state), "and the hidden state before");
  assert.ok(hasColor(gate, theme.quantity.input), "and the word");
  for (const other of /** @type {const} */ (["input_gate", "candidate", "output_gate"])) {
    const color = theme.quantity[other];
    assert.ok(!hasColor(gate, color), `${other} is faded`);
    const arrow = gate.layout.shapes?.some((shape) => shape.fillcolor === color);
    assert.ok(!arrow, `and so is its arrowhead`);
  }
  const { text } = parts(gate);
  const tanh = text.text.lastIndexOf("<b>tanh</b>");
  assert.notEqual(text.textfont.color[tanh], theme.quantity.cell_state);
});

test("each focus lights its own path and no other gate's", () => {
  const lights = {
    forget_gate: ["forget_gate"],
    input_gate: ["input_gate"],
    candidate: ["candidate"],
    cell_state: ["forget_gate", "input_gate", "candidate"],
    output_gate: ["output_gate"],
    hidden_state: ["output_gate"],
  };
  for (const [focus, lit] of Object.entries(lights)) {
    const figure = cellFigure(trace, { ...options, focus: /** @type {any} */ (focus) });
    for (const gate of /** @type {const} */ ([
      "forget_gate",
      "input_gate",
      "candidate",
      "output_gate",
    ])) {
      assert.equal(hasColor(figure, theme.quantity[gate]), lit.includes(gate), `${focus}: ${gate}`);
    }
  }
});

test("faded parts are opaque, so that nothing shines through them", () => {
  const { shapes, boxes } = parts(cellFigure(trace, { ...options, focus: "candidate" }));
  for (const { opacity } of shapes) assert.equal(opacity, undefined);
  for (const color of boxes.marker.color) assert.match(color, /^#[0-9a-f]{6}$/);
});

test("a large layer shows a window around the cursor and says which units", () => {
  const large = randomTrace(["a"], 64, 64).trace;
  const { hits, words } = parts(cellFigure(large, { ...options, timestep: 1, unit: 30 }));
  const units = hits.customdata
    .filter((/** @type {any} */ mark) => mark?.quantity === "forget_gate")
    .map((/** @type {any} */ mark) => mark.unit);
  assert.deepEqual(units, [26, 27, 28, 29, 30, 31, 32, 33]);
  assert.ok(words.some((/** @type {string} */ text) => text.startsWith("units 26\u201333 of 64")));
});

test("a padded timestep is greyed and says so", () => {
  const padded = randomTrace(["a", "b"], 5, 3).trace;
  padded.steps[0].masked = true;
  const figure = cellFigure(padded, { ...options, timestep: 1 });
  assert.ok(!hasColor(figure, theme.quantity.forget_gate));
  assert.ok(hasColor(figure, mix(theme.quantity.forget_gate, theme.panel, 0.84)));
  assert.match(figure.layout.meta.label, /padding/);
});

test("a visitor's word stays text, in the figure and in what hovers", () => {
  const sly = randomTrace(["<a href=x>%{x}</a>"], 5, 3).trace;
  const { words, hits } = parts(cellFigure(sly, { ...options, timestep: 1 }));
  for (const text of [...words, ...hits.hovertext]) assert.doesNotMatch(text, /<a/);
});

test("the label says what the unit does now, and the table holds its numbers", () => {
  const { label, table } = cellFigure(trace, options).layout.meta;
  assert.match(
    label,
    /timestep 2 of 2, \u201c\u2068Day\u2069\u201d\. Unit 1: forget gate 0\.\d{4}/,
  );
  const row = table.rows[1];
  assert.equal(row.length, table.columns.length);
  const at = table.columns.indexOf("forget gate");
  assert.deepEqual(/** @type {any} */ (row[at]).mark, {
    quantity: "forget_gate",
    timestep: 2,
    unit: 1,
  });
});
