import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic, arithmeticText } from "../../../static/arithmetic/arithmetic.js";
import { cellFigure } from "../../../static/cells/diagram.js";
import { blocksOf, cellOf } from "../../../static/cells/kinds.js";
import { kerasCall, pytorchCall } from "../../../static/cells/framework-code.js";
import { equation } from "../../../static/cells/equations.js";
import { heatmapFigure } from "../../../static/ui/heatmap.js";
import { parameterCounts } from "../../../static/cells/weight-layouts.js";
import { matricesFigure } from "../../../static/lenses/model/matrices-figure.js";
import { returnsFigure } from "../../../static/lenses/returns/figure.js";
import { pathCaption } from "../../../static/lenses/paths/words.js";
import { cellCaption } from "../../../static/lenses/cell/words.js";
import { glanceCaption } from "../../../static/lenses/glance/words.js";
import { returnsCaption } from "../../../static/lenses/returns/words.js";
import { unrolledCaption } from "../../../static/lenses/unrolled/words.js";
import { workedCaption } from "../../../static/lenses/worked/words.js";
import { spokenStep } from "../../../static/words/spoken-step.js";
import { unrolledFigure } from "../../../static/lenses/unrolled/figure.js";
import { quantitiesOf } from "../../../static/cells/quantities.js";
import { workedFigure } from "../../../static/lenses/worked/figure.js";
import { plainText } from "../../../static/words/sentence.js";
import { THEMES } from "../../../static/core/theme.js";
import { atEveryWidth } from "../figures.js";
import { adds } from "../sums.js";
import { DECLARED, declaredTrace } from "../declared.js";
import { otherTrace, parts, randomTrace } from "../trace.js";

const theme = THEMES.light;
const OTHERS = /** @type {const} */ (["gru", "gru_reset_before", "simple_rnn"]);
const WORDS = ["Good", "Day", "to", "you"];

/** @typedef {(words: string[], features: number, units: number, padding?: number[]) =>
 *   ReturnType<typeof declaredTrace>} Draw */

/** @type {[cell: string, draw: Draw][]} */
const CASES = [
  ...OTHERS.map(
    (cell) =>
      /** @type {[string, Draw]} */ ([
        cell,
        (words, features, units, padding) =>
          otherTrace(cell, words, features, units, 1, padding ?? []),
      ]),
  ),
  ...Object.keys(DECLARED).map(
    (cell) => /** @type {[string, Draw]} */ ([cell, (...rest) => declaredTrace(cell, ...rest)]),
  ),
];

for (const [cell, drawn] of CASES) {
  const { trace, weights } = drawn(WORDS, 4, 3);
  const kind = cellOf(trace);
  const others = [
    ...["forget gate", "input gate", "output gate", "update gate", "reset gate", "cell state"],
  ].filter((name) => !(name.replace(" ", "_") in trace.steps[0]));

  test(`${cell}: the table names what the trace holds, and what lights up with it`, () => {
    assert.deepEqual([...kind.order].sort(), [...quantitiesOf(trace)].sort());
    for (const quantity of kind.order) {
      assert.ok(kind.lit[quantity]?.length, quantity);
      assert.ok(kind.sums[quantity] || kind.updates[quantity], quantity);
    }
    assert.deepEqual(Object.keys(weights).sort(), [...blocksOf(kind)].sort());
  });

  test(`${cell}: cell, worked cell and unrolled sentence keep their promises at every width`, () => {
    const large = drawn(["a", "b", "c"], 300, 512).trace;
    const tiny = drawn(["a"], 1, 1).trace;
    for (const build of [cellFigure, unrolledFigure]) {
      atEveryWidth((at) => build(trace, at), { timestep: 2, unit: 1 });
      atEveryWidth((at) => build(large, at), { timestep: 3, unit: 511 });
      atEveryWidth((at) => build(tiny, at), { timestep: 1, unit: 0 });
    }
    atEveryWidth((at) => workedFigure(trace, { ...at, weights }), { timestep: 2, unit: 1 });
    atEveryWidth((at) => workedFigure(large, at), { timestep: 3, unit: 511 });
  });

  test(`${cell}: every value of this timestep and of the state before it can be opened`, () => {
    const at = { timestep: 2, unit: 1, theme, width: 1100 };
    for (const figure of [cellFigure(trace, at), workedFigure(trace, { ...at, weights })]) {
      const { hits } = parts(figure);
      /** @param {string} quantity @param {number} timestep */
      const units = (quantity, timestep) =>
        new Set(
          hits.customdata
            .filter((/** @type {any} */ mark) => mark?.quantity === quantity)
            .filter((/** @type {any} */ mark) => mark.timestep === timestep)
            .map((/** @type {any} */ mark) => mark.unit),
        ).size;
      for (const quantity of kind.order) assert.equal(units(quantity, 2), 3, quantity);
      for (const state of kind.states) assert.equal(units(state, 1), 3);
      assert.equal(units("input", 2), 4);
    }
  });

  test(`${cell}: a focus lights its own path and fades other gates`, () => {
    for (const focus of kind.order) {
      const figure = cellFigure(trace, { timestep: 2, unit: 1, theme, width: 1100, focus });
      const colors = new Set(figure.layout.shapes?.map(({ line }) => line?.color));
      assert.ok(colors.has(theme.quantity[focus]), focus);
      if (focus === "update_gate") assert.ok(!colors.has(theme.quantity.candidate));
    }
  });

  test(`${cell}: every number opens a sum that adds up as displayed and leads to it`, () => {
    /** @param {string} text */
    const displayed = (text) => Number(text.replace("\u2212", "-").replace(".", ""));
    for (const { timestep, ...step } of trace.steps) {
      for (const quantity of kind.order) {
        step[quantity].forEach((value, unit) => {
          const sum = arithmetic(trace, weights, { quantity, timestep, unit });
          assert.ok(sum, quantity);
          const total = sum.terms.reduce((all, { text }) => all + displayed(text), 0);
          assert.equal(total, displayed(sum.sum.text), arithmeticText(sum));
          assert.equal(
            sum.result.text.replace("\u2212", "-"),
            value.toFixed(4).replace("-0.0000", "0.0000"),
          );
          const gap = sum.terms.find(({ kind: of }) => of === "rounding")?.product ?? 0;
          assert.ok(Math.abs(gap) < 0.002, `${sum.title}: rounding ${gap}`);
        });
      }
    }
  });

  test(`${cell}: its equations are written with numbers that lead to the value`, () => {
    for (const quantity of kind.order) {
      const lines = equation(trace, { timestep: 3, unit: 2, quantity, weights });
      const last = lines[lines.length - 1];
      const value = trace.steps[2][quantity][2];
      assert.equal(last[last.length - 1].text.replace("\u2212", "-"), value.toFixed(3));
      const sums = lines.filter((line) => line.some(({ text }) => text === "+"));
      const products = kind.updates[quantity]?.products.length ?? 2;
      assert.equal(sums.length > 0, products > 1, quantity);
    }
  });

  test(`${cell}: heatmaps, returns and matrices know what the cell has not got`, () => {
    for (const quantity of kind.order) {
      const { table } = heatmapFigure(trace, { quantity, unit: 0, theme, width: 700 }).layout.meta;
      assert.equal(table.rows.length, WORDS.length);
    }
    const at = { timestep: 2, unit: 1, theme, width: 700 };
    const setting = { return_sequences: false, return_state: true };
    const { meta } = returnsFigure(trace, { ...at, ...setting }).layout;
    if (kind.states.length === 1) assert.doesNotMatch(meta.label, /cell state/);
    assert.equal(meta.table.rows.length, 1 + kind.states.length, "the output and the states");
    for (const framework of /** @type {const} */ (["keras", "pytorch", "onnx"])) {
      const figure = matricesFigure(trace, { ...at, weights, framework });
      assert.equal(figure.layout.meta.table.columns.length, 1 + blocksOf(kind).length * 3);
    }
  });

  test(`${cell}: its sentences name nothing that it has not got`, () => {
    const cursor = { timestep: 3, unit: 1 };
    const said = [
      spokenStep(trace, cursor),
      plainText(cellCaption(trace, cursor)),
      plainText(workedCaption(trace, { ...cursor, weights })),
      plainText(unrolledCaption(trace, cursor)),
      returnsCaption(trace, { return_sequences: true, return_state: true }),
      plainText(glanceCaption(trace)),
      cellFigure(trace, { ...cursor, theme, width: 700 }).layout.meta.label,
      ...kind.order.map((quantity) => plainText(pathCaption(trace, { ...cursor, quantity }))),
    ];
    for (const line of said) {
      assert.ok(line.length > 20);
      assert.doesNotMatch(line, /undefined|NaN/, line);
      for (const name of others) assert.ok(!line.includes(name), line);
    }
  });

  test(`${cell}: a padded timestep carries the state over, and says so`, () => {
    const padded = drawn(["a", "b"], 4, 3, [1]);
    const mark = /** @type {const} */ ({ quantity: "hidden_state", timestep: 2, unit: 1 });
    const sum = arithmetic(padded.trace, padded.weights, mark);
    assert.match(sum?.terms[0].label ?? "", /carried over/);
    const at = { timestep: 2, unit: 1, theme, width: 700 };
    assert.match(cellFigure(padded.trace, at).layout.meta.label, /padding/);
    assert.match(cellCaption(padded.trace, at), /padding/);
  });
}

test("a reset gate multiplies the product in one form, and the state in the other", () => {
  const mark = /** @type {const} */ ({ quantity: "candidate", timestep: 2, unit: 1 });
  const units = OTHERS.slice(0, 2).map((cell) => {
    const { trace, weights } = otherTrace(cell, WORDS, 4, 3);
    const terms = arithmetic(trace, weights, mark)?.terms ?? [];
    return terms
      .filter(({ kind }) => kind === "hidden")
      .map(({ factors }) => factors[0].mark?.unit);
  });
  assert.deepEqual(units, [
    [1, 1, 1, 1], // three units and the recurrent bias
    [0, 1, 2],
  ]);
});

test("the recurrent bias is a term of its own, which the reset gate multiplies", () => {
  const { trace, weights } = otherTrace("gru", WORDS, 4, 3);
  const of = (/** @type {"candidate" | "update_gate"} */ quantity) =>
    arithmetic(trace, weights, { quantity, timestep: 2, unit: 1 })?.terms.find(
      ({ label }) => label === "recurrent bias",
    );
  assert.deepEqual(
    of("candidate")?.factors.map(({ mark }) => mark?.quantity),
    ["reset_gate", undefined],
  );
  assert.equal(of("update_gate")?.factors.length, 1);
});

for (const cell of ["lstm", ...OTHERS]) {
  test(`${cell}: each part of a gate's line opens a sum that comes to what the line writes`, () => {
    const { trace, weights } =
      cell === "lstm" ? randomTrace(WORDS, 4, 3) : otherTrace(cell, WORDS, 4, 3);
    for (const quantity of blocksOf(cellOf(trace))) {
      for (const at of [1, 2, 4].map((timestep) => ({ timestep, unit: 1 }))) {
        const numbers = equation(trace, { ...at, quantity, weights }).flat();
        const marks = numbers.flatMap(({ mark }) => (mark?.part ? [mark] : []));
        assert.equal(marks.length, 3);
        for (const mark of marks) {
          const { sum, result } = adds(arithmetic(trace, weights, mark));
          const { written = "" } = mark.part ?? {};
          const rounded = sum.value.toFixed(3).replace("-", "\u2212");
          if (rounded !== written) assert.ok(result.note?.includes(`written ${written}`));
        }
      }
    }
  });
}

test("the frameworks count the parameters of a GRU and a simple RNN as they do", () => {
  const layer = { units: 3, features: 5 };
  const count = (/** @type {string} */ cell) => parameterCounts({ ...layer, cell }, "keras").total;
  assert.equal(count("gru"), 3 * (5 * 3 + 3 * 3 + 2 * 3));
  assert.equal(count("gru_reset_before"), 3 * (5 * 3 + 3 * 3 + 3));
  assert.equal(count("simple_rnn"), 5 * 3 + 3 * 3 + 3);
  assert.equal(parameterCounts({ ...layer, cell: "simple_rnn" }, "pytorch").total, 30);
});

test("the code calls each layer by its framework's name, with the states it has", () => {
  const setting = { return_sequences: true, return_state: true };
  const layer = (/** @type {string} */ cell) => ({ units: 3, features: 5, cell });
  assert.match(kerasCall(layer("gru"), setting), /layers\.GRU\([^]*output, hidden_state = gru/);
  assert.match(kerasCall(layer("gru_reset_before"), setting), /reset_after=False/);
  assert.match(pytorchCall(layer("simple_rnn"), setting), /nn\.RNN\(5, 3[^]*output, h_n = rnn/);
  assert.match(pytorchCall(layer("gru_reset_before"), setting), /no such form/);
});
