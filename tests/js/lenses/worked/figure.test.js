import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "../../../../static/draw/text.js";
import { workedFigure } from "../../../../static/lenses/worked/figure.js";
import { THEMES } from "../../../../static/core/theme.js";
import { atEveryWidth } from "../../figures.js";
import { parts, randomTrace } from "../../trace.js";

const theme = THEMES.light;
const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
const options = { timestep: 2, unit: 1, theme, width: 1100 };

/** The curves one by one, each with its shape's style. @param {any} figure */
const curves = ({ layout }) =>
  layout.shapes
    .filter((/** @type {any} */ shape) => shape.path?.includes("C"))
    .flatMap((/** @type {any} */ shape) => shape.path.split(/(?=M)/).map(() => shape));

test("the worked cell keeps its promises from phones to wide screens, small or large", () => {
  atEveryWidth((at) => workedFigure(trace, { ...at, weights }), { timestep: 2, unit: 2 });
  const large = randomTrace(["a", "b"], 64, 64);
  atEveryWidth((at) => workedFigure(large.trace, { ...at, weights: large.weights }), {
    timestep: 2,
    unit: 40,
  });
});

test("a gate of few units is wide enough for its name and its function", () => {
  const small = randomTrace(["Good", "Day"], 3, 1);
  const { text } = parts(workedFigure(small.trace, { ...options, unit: 0, width: 288 }));
  const names = [...text.text.keys()].filter((k) => /gate<|candidate/.test(text.text[k]));
  assert.equal(names.length, 4);
  for (const k of names) {
    const wide = (/** @type {number} */ at) => textWidth(text.text[at].replace(/<[^>]*>/g, ""), 13);
    assert.ok(text.x[k] + wide(k) < text.x[k + 1] - wide(k + 1), text.text[k]);
  }
});

test("five inputs and three units send a wire each into the four gates", () => {
  assert.equal(curves(workedFigure(trace, options)).length, (5 + 3) * 4);
});

test("with weights a wire is as thick as what it adds, and dashed where it subtracts", () => {
  const wires = curves(workedFigure(trace, { ...options, weights }));
  const product = (/** @type {number} */ k) =>
    trace.steps[1].input[k] * weights.forget_gate.kernel[k][1];
  for (let k = 0; k < 5; k++) {
    assert.equal(wires[k].line.dash !== "solid", product(k) < 0);
    for (let other = 0; other < 5; other++) {
      if (Math.abs(product(k)) > Math.abs(product(other))) {
        assert.ok(wires[k].line.width >= wires[other].line.width);
      }
    }
  }
});

test("the wires follow the unit under the cursor", () => {
  const widths = (/** @type {number} */ unit) =>
    curves(workedFigure(trace, { ...options, unit, weights })).map(
      (/** @type {any} */ shape) => shape.line.width,
    );
  assert.notDeepEqual(widths(0), widths(2));
});

test("every number stands where it can be opened", () => {
  const { hits, text } = parts(workedFigure(trace, options));
  const numbers = text.text.filter((/** @type {string} */ one) => /^\u2212?\d\.\d\d$/.test(one));
  assert.equal(hits.customdata.length, numbers.length);
  assert.ok(hits.customdata.every(Boolean));
  assert.equal(numbers.length, 5 + 3 + 4 * 3 + (5 + 3) * 3);
});

test("the equations read as they are written", () => {
  const { words } = parts(workedFigure(trace, options));
  const signs = words.filter((/** @type {string} */ one) => ["\u2299", "+", "="].includes(one));
  assert.deepEqual(signs, ["\u2299", "+", "\u2299", "=", "\u2299", "="]);
});

test("a phone gets the equations under the gates", () => {
  const wide = workedFigure(trace, options).layout;
  const narrow = workedFigure(trace, { ...options, width: 360 }).layout;
  assert.ok(Number(narrow.height) > 1.5 * Number(wide.height));
});

test("a padded timestep is greyed and says so", () => {
  const padded = randomTrace(["a", "b"], 5, 3).trace;
  padded.steps[0].masked = true;
  const figure = workedFigure(padded, { ...options, timestep: 1 });
  assert.match(figure.layout.meta.label, /padding/);
  assert.equal(curves(figure).length, 0);
  const discs = /** @type {any} */ (figure.data[1]);
  assert.ok(!discs.marker.line.color.includes(theme.quantity.forget_gate));
});

test("what hovers over tanh of the cell state is its tanh", () => {
  const { hits } = parts(workedFigure(trace, options));
  const value = Math.tanh(trace.steps[1].cell_state[0]).toFixed(4).replace("-", "\u2212");
  const text = hits.hovertext.find((/** @type {string} */ one) => /^tanh .* unit 0/.test(one));
  assert.ok(text.endsWith(`<b>${value}</b>`));
});
