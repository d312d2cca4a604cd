import assert from "node:assert/strict";
import { test } from "node:test";
import { forgettingCaption, vanishingCaption } from "../../../../static/lenses/why/words.js";
import {
  saturationFigure,
  saturationOf,
} from "../../../../static/lenses/glance/saturation-figure.js";
import {
  factorPerStep,
  plainNumber,
  spread,
  vanishingFigure,
} from "../../../../static/lenses/why/vanishing-figure.js";
import { plainText } from "../../../../static/words/sentence.js";
import { THEMES } from "../../../../static/core/theme.js";
import { explainedTrace } from "../../explained.js";
import { randomTrace } from "../../trace.js";
import { adds } from "../../sums.js";

const theme = THEMES.light;
const WORDS = "I live in Pune and the weather is nice".split(" ");

/** @param {string[]} words @param {number} shrink */
function pair(words, shrink) {
  const lstm = explainedTrace(words);
  const rnn = explainedTrace(words);
  const norms = words.map((_, t) => shrink ** (words.length - 1 - t));
  return { lstm, rnn: { ...rnn, gradients: { ...rnn.gradients, hidden_state: norms } } };
}

test("the factor per word is that of a geometric series", () => {
  const norms = Array.from({ length: 20 }, (_, t) => 3 * 0.7 ** (19 - t));
  assert.ok(Math.abs((factorPerStep(norms) ?? 0) - 0.7) < 1e-12);
  assert.equal(factorPerStep([1]), null);
  assert.equal(factorPerStep([0, 0, 1]), null);
});

test("small numbers are written out as long as their zeros can be counted", () => {
  assert.equal(plainNumber(0.0000000001), "0.00000000010");
  assert.equal(plainNumber(0.0123), "0.012");
  assert.equal(plainNumber(0), "0");
  assert.match(plainNumber(1e-30), /e/);
});

test("labels that would touch are moved apart, in their order", () => {
  const moved = spread([0, -0.1, -3], 1);
  assert.deepEqual(moved, [0, -1, -3]);
});

test("norms are drawn against distance on a log axis, and none falls off it", () => {
  for (const width of [340, 700, 1100]) {
    const both = pair(WORDS, 1e-6);
    const { data, layout } = /** @type {any} */ (
      vanishingFigure(both, { theme, width, cursor: 4 })
    );
    assert.equal(layout.yaxis.type, "log");
    const rnn = data[data.length - 1];
    assert.deepEqual([rnn.x[0], rnn.x[8]], [8, 0]);
    for (const { y } of data) {
      for (const value of y) {
        assert.ok(Math.log10(value) >= layout.yaxis.range[0]);
        assert.ok(Math.log10(value) <= layout.yaxis.range[1]);
      }
    }
    assert.equal(layout.shapes[0].x0, 5);
    assert.equal(layout.meta.table.rows.length, WORDS.length + 1);
    assert.equal(layout.meta.opens.length, layout.annotations.length);
    for (const { work } of layout.meta.opens) adds(work(null));
    assert.match(layout.meta.label, /simple RNN, h: ×0\.00 a word/);
  }
});

test("a word that is markup stays text", () => {
  const figure = vanishingFigure(pair(["<b>a</b>", "b"], 0.5), { theme, width: 700, cursor: 0 });
  assert.ok(!JSON.stringify(figure.data).includes("<b>a"));
});

test("the sentence compares both at the word the answer is owed to", () => {
  const { lstm, rnn } = pair(WORDS, 0.25);
  const text = plainText(vanishingCaption(lstm, rnn, 4)).replace(/[\u2068\u2069]/g, "");
  assert.equal(
    text,
    "5 words back, at “Pune”, a small change of the memory still moves the answer’s logit: by 0.031 times " +
      "its own size in the LSTM, by 0.00098 times in the simple RNN. That is 32 times as far in the LSTM.",
  );
});

test("who has forgotten, and where, is said of both", () => {
  const { lstm, rnn } = pair(WORDS, 0.25);
  const says = (/** @type {number[]} */ yes) => ({
    output: [],
    labels: ["no", "yes"],
    probabilities: [],
    by_timestep: yes.map((p) => [1 - p, p]),
  });
  const text = plainText(
    forgettingCaption(
      { ...lstm, prediction: says([0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95]) },
      { ...rnn, prediction: says([0.1, 0.1, 0.1, 0.9, 0.8, 0.3, 0.3, 0.6, 0.2]) },
      4,
    ),
  ).replace(/[\u2068\u2069]/g, "");
  assert.equal(
    text,
    "5 words come after “Pune”. The LSTM still says “yes” at the end (95%); the simple RNN says “yes” " +
      "for 2 words, has lost it at “the”, and ends with “no” (80%).",
  );
});

test("saturation counts the words below a tenth and above nine", () => {
  const { trace } = randomTrace(["a", "b", "c", "d"], 2, 2);
  const gates = [0.05, 0.95, 0.99, 0.5];
  const steps = trace.steps.map((step, t) => ({ ...step, forget_gate: [gates[t], 0.5] }));
  assert.deepEqual(saturationOf({ ...trace, steps }, "forget_gate"), [
    { shut: 0.25, open: 0.5 },
    { shut: 0, open: 0 },
  ]);
  const masked = steps.map((step, t) => ({ ...step, masked: t === 3 }));
  assert.equal(saturationOf({ ...trace, steps: masked }, "forget_gate")[0].open, 2 / 3);
});

test("every unit has its bars, for every gate, at every width", () => {
  const { trace } = randomTrace(["a", "b"], 2, 64);
  for (const width of [340, 700, 1100]) {
    const { data, layout } = /** @type {any} */ (
      saturationFigure(trace, { unit: 3, theme, width })
    );
    assert.equal(data.length, 6);
    assert.ok(data.every((/** @type {any} */ { y }) => y.length === 64));
    assert.deepEqual(data[1].customdata[3], { quantity: "forget_gate", timestep: 2, unit: 3 });
    assert.equal(layout.meta.table.rows.length, 64);
  }
});
