import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeText } from "../../../../static/cells/framework-code.js";
import { parameterCounts } from "../../../../static/cells/weight-layouts.js";
import { matricesFigure } from "../../../../static/lenses/model/matrices-figure.js";
import { textWidth } from "../../../../static/draw/text.js";
import { THEMES } from "../../../../static/core/theme.js";
import { parts, randomTrace } from "../../trace.js";

const FRAMEWORKS = /** @type {const} */ (["keras", "pytorch", "onnx"]);

/** @param {import("../../../../static/cells/weight-layouts.js").Framework} framework @param {number} [units]
 * @param {boolean} [loaded] @param {number} [width] */
function build(framework, units = 3, loaded = true, width = 700) {
  const { trace, weights } = randomTrace(["Good", "Day"], 5, units);
  const figure = matricesFigure(trace, {
    framework,
    weights: loaded ? weights : null,
    unit: 1,
    theme: THEMES.light,
    width,
  });
  return { figure, weights, ...parts({ ...figure, data: [...figure.data] }) };
}

test("the guide's layer has 108 numbers in Keras, and 120 where there are two biases", () => {
  const layer = { name: "lstm", cell: "lstm", units: 3, features: 5, return_sequences: true };
  assert.deepEqual(parameterCounts(layer, "keras"), { sizes: [60, 36, 12], total: 108 });
  assert.deepEqual(parameterCounts(layer, "pytorch"), { sizes: [60, 36, 12, 12], total: 120 });
  assert.equal(parameterCounts(layer, "onnx").total, 120);
});

test("the gates stand in the order in which each framework keeps them", () => {
  const heads = FRAMEWORKS.map((framework) =>
    build(framework)
      .words.slice(0, 4)
      .map((/** @type {string} */ text) => /<i>(.)<\/i>/.exec(text)?.[1])
      .join(""),
  );
  assert.deepEqual(heads, ["ifco", "ifgo", "iofc"]);
});

test("each number is drawn in the block of its own gate", () => {
  const { figure, weights } = build("onnx");
  const [row] = figure.layout.meta.table.rows;
  const order = /** @type {const} */ (["input_gate", "output_gate", "forget_gate", "candidate"]);
  const wanted = order.flatMap((gate) => weights[gate].kernel[0].map((value) => value.toFixed(4)));
  assert.deepEqual(
    row.slice(1).map((cell) => typeof cell === "object" && cell.text.replace("\u2212", "-")),
    wanted,
  );
});

test("the formula is drawn on the matrices: rows times columns, and their sum", () => {
  const [keras, pytorch] = FRAMEWORKS.map((framework) => build(framework).words.join("\n"));
  assert.match(keras, /kernel<.b> {2}5 features × \(4 × 3\) = 60/);
  assert.match(keras, /recurrent_kernel<.b> {2}3 units × \(4 × 3\) = 36/);
  assert.match(keras, /60 \+ 36 \+ 12 = <b>108<.b>/);
  assert.match(pytorch, /\(4 × 3\) × 5 features = 60, drawn transposed/);
  assert.match(pytorch, /60 \+ 36 \+ 12 \+ 12 = <b>120<.b>/);
});

test("peepholes are a row of their own, under every gate but the candidate", () => {
  const { trace, weights } = randomTrace(["Good", "Day"], 5, 3);
  trace.layer.peephole = true;
  const gates = /** @type {const} */ (["input_gate", "forget_gate", "output_gate"]);
  for (const [k, gate] of gates.entries()) weights[gate].peephole = [k + 0.1, k + 0.2, k + 0.3];
  assert.deepEqual(parameterCounts(trace.layer, "onnx"), {
    sizes: [60, 36, 12, 12, 9],
    total: 129,
  });
  for (const framework of FRAMEWORKS) {
    const options = { framework, weights, unit: 1, theme: THEMES.light, width: 700 };
    const figure = matricesFigure(trace, options);
    const hovers = figure.data.flatMap(({ hovertext, text }) => [hovertext ?? text].flat());
    const looked = hovers.filter((text) => /peepholes.*\[\d\]/.test(String(text)));
    assert.equal(looked.length, 9);
    const [row] = figure.layout.meta.table.rows.slice(-1);
    assert.equal(row.filter((text) => text === "–").length, 3);
    assert.match(String(row[0]), framework === "onnx" ? /^P,/ : /does not have/);
  }
});

test("the matrices are drawn at every width, with or without their numbers", () => {
  for (const framework of FRAMEWORKS) {
    for (const [units, loaded] of /** @type {const} */ ([
      [3, true],
      [3, false],
      [64, true],
      [512, false],
    ])) {
      for (const width of [340, 700, 1100]) {
        const { figure, text } = build(framework, units, loaded, width);
        assert.ok(Math.min(...text.textfont.size) >= 11);
        assert.ok(text.x.every((/** @type {number} */ x) => x >= 0 && x <= width));
        assert.ok(text.y.every((/** @type {number} */ y) => y <= Number(figure.layout.height)));
        assert.ok((figure.layout.shapes ?? []).length <= 150);
      }
    }
  }
});

test("how a large layer's numbers are counted is read to its end on a phone", () => {
  for (const framework of FRAMEWORKS) {
    const { words, text } = build(framework, 512, false, 328);
    assert.match(words.join("\n"), /= <b>1,0\d\d,\d{3}<.b>/);
    text.text.forEach((/** @type {string} */ one, /** @type {number} */ k) => {
      const size = text.textfont.size[k];
      assert.ok(size >= 11);
      if (!/ = /.test(one)) return;
      const plain = one.replace(/<[^>]*>/g, "");
      assert.ok(text.x[k] + 0.9 * textWidth(plain, size) <= 328, plain);
    });
  }
});

test("a shape is written as Python writes it", () => {
  assert.equal(shapeText([null, 2, 3]), "(None, 2, 3)");
  assert.equal(shapeText([7]), "(7,)");
});
