import assert from "node:assert/strict";
import { test } from "node:test";
import { answerArithmetic } from "../../../static/arithmetic/answer-sum.js";
import { predictionFigure } from "../../../static/lenses/unrolled/prediction-figure.js";
import { THEMES } from "../../../static/core/theme.js";
import { randomFrom, randomTrace } from "../trace.js";

const WORDS = ["Good", "Day", "again", "at last"];
const UNITS = 5;

/** @typedef {import("../../../static/core/types.js").Head} Head */
/** @typedef {import("../../../static/core/types.js").Trace} Trace */

/** What a head reads after a word. @param {Trace} trace @param {Head["reads"]} reads
 * @param {number} timestep */
function read({ steps }, reads, timestep) {
  const hidden = steps.slice(0, timestep).map((step) => step.hidden_state);
  const per = (/** @type {(values: number[]) => number} */ of) =>
    hidden[0].map((_, unit) => of(hidden.map((row) => row[unit])));
  if (reads === "flatten") return hidden.flat();
  if (reads === "max") return per((values) => Math.max(...values));
  if (reads === "average") return per((values) => values.reduce((a, b) => a + b) / values.length);
  return hidden[timestep - 1];
}

/** A trace with the answers of a random head, and that head.
 * @param {Head["reads"]} reads @param {"softmax" | "sigmoid"} activation @param {number} units */
function answered(reads, activation, units = UNITS) {
  const { trace } = randomTrace(WORDS, 4, units);
  const random = randomFrom(3);
  const outputs = activation === "sigmoid" ? 1 : 3;
  const rows = units * (reads === "flatten" ? WORDS.length : 1);
  const kernel = Array.from({ length: rows }, () => Array.from({ length: outputs }, random));
  const bias = Array.from({ length: outputs }, random);
  const labels = activation === "sigmoid" ? ["no", "yes"] : ["a", "b", "c"];
  const by_timestep = WORDS.map((_, t) => {
    const x = read(trace, reads, t + 1);
    const z = bias.map((b, o) => x.reduce((sum, value, k) => sum + value * kernel[k][o], b));
    if (activation === "sigmoid") {
      const p = 1 / (1 + Math.exp(-z[0]));
      return [1 - p, p];
    }
    const all = z.reduce((sum, value) => sum + Math.exp(value), 0);
    return z.map((value) => Math.exp(value) / all);
  });
  const directions = [{ layer: trace.layer.name, units }];
  const head = { layer: "dense", recurrent: "lstm", directions, reads, skips_masked: false };
  const prediction = { output: [], labels, probabilities: by_timestep[3], by_timestep };
  return {
    trace: { ...trace, prediction },
    head: { ...head, kernel, bias, activation, labels },
  };
}

const KINDS = /** @type {const} */ (["each", "last", "flatten", "average", "max"]);

for (const reads of KINDS) {
  for (const activation of /** @type {const} */ (["softmax", "sigmoid"])) {
    test(`the terms of a ${activation} head that reads ${reads} add up to what is shown`, () => {
      const { trace, head } = answered(reads, activation);
      for (const timestep of [1, 2, 4]) {
        for (const unit of trace.prediction.labels.keys()) {
          const mark = { quantity: /** @type {const} */ ("answer"), timestep, unit };
          const sum = answerArithmetic(trace, head, mark);
          assert.ok(sum);
          const total = sum.terms.reduce((all, { product }) => all + product, 0);
          assert.equal(total.toFixed(4), sum.sum.value.toFixed(4));
          const p = trace.prediction.by_timestep[timestep - 1][unit];
          assert.equal(sum.result.text, p.toFixed(4));
          assert.equal(sum.activation?.output, p.toFixed(4), "what the formula gives is shown");
        }
      }
    });
  }
}

test("each hidden state of an answer's sum opens in turn", () => {
  const { trace, head } = answered("flatten", "sigmoid");
  const sum = answerArithmetic(trace, head, { quantity: "answer", timestep: 2, unit: 1 });
  const marks = sum?.terms.flatMap(({ factors }) => factors.flatMap(({ mark }) => mark ?? []));
  assert.equal(marks?.length, 2 * UNITS);
  assert.deepEqual(marks?.[UNITS], { quantity: "hidden_state", timestep: 2, unit: 0 });
});

test("of very many products those that weigh most stand alone, and nothing is lost", () => {
  const { trace, head } = answered("flatten", "sigmoid", 64);
  const sum = answerArithmetic(trace, head, { quantity: "answer", timestep: 4, unit: 1 });
  assert.ok(sum && sum.terms.length < 70);
  assert.match(sum.terms.map(({ label }) => label).join(), /196 smaller products together/);
  const total = sum.terms.reduce((all, { product }) => all + product, 0);
  assert.equal(total.toFixed(4), sum.sum.value.toFixed(4));
});

test("the second label of a single sigmoid has what is left of 1", () => {
  const { trace, head } = answered("last", "sigmoid");
  const no = answerArithmetic(trace, head, { quantity: "answer", timestep: 4, unit: 0 });
  assert.match(no?.activation?.formula ?? "", /^1 − σ\(/);
});

test("every percentage of the answers' figure and of its table can be opened", () => {
  const { trace } = answered("last", "softmax");
  const figure = predictionFigure(trace, { timestep: 2, unit: 0, theme: THEMES.light, width: 700 });
  const hits = /** @type {any} */ (figure.data).find((/** @type {any} */ t) => t.customdata);
  const marks = new Set(hits.customdata.map((/** @type {any} */ mark) => JSON.stringify(mark)));
  const { rows } = figure.layout.meta.table;
  for (const cell of rows.flatMap((row) => row.slice(1))) {
    assert.ok(typeof cell === "object" && marks.has(JSON.stringify(cell.mark)));
  }
});

test("of two directions each gives its own half, and the last it read where only that is read", () => {
  const { trace, head } = answered("last", "sigmoid", 2 * UNITS);
  const half = (/** @type {boolean} */ go_backwards) => ({
    ...trace,
    layer: { ...trace.layer, name: go_backwards ? "back" : "on", units: UNITS, go_backwards },
    steps: trace.steps.map((step) => ({
      ...step,
      hidden_state: go_backwards
        ? step.hidden_state.slice(UNITS).map((value) => value / 2)
        : step.hidden_state.slice(0, UNITS),
    })),
  });
  const [on, back] = [half(false), half(true)];
  const directions = ["on", "back"].map((layer) => ({ layer, units: UNITS }));
  for (const [reads, at] of /** @type {const} */ ([
    ["final", 0],
    ["each", 3],
  ])) {
    const x = [...on.steps[3].hidden_state, ...back.steps[at].hidden_state];
    const z = x.reduce((sum, value, k) => sum + value * head.kernel[k][0], head.bias[0]);
    const p = 1 / (1 + Math.exp(-z));
    const prediction = { ...trace.prediction, probabilities: [1 - p, p] };
    const shown = { ...back, prediction: { ...prediction, by_timestep: null } };
    const mark = { quantity: /** @type {const} */ ("answer"), timestep: 4, unit: 1 };
    const whole = { ...head, directions, reads, runs: [shown, on] };
    const sum = answerArithmetic(shown, whole, mark);
    assert.equal(sum?.activation?.output, p.toFixed(4));
    const total = sum.terms.reduce((all, { product }) => all + product, 0);
    assert.equal(total.toFixed(4), sum.sum.value.toFixed(4));
    assert.ok(
      sum.terms.every(({ kind, product }) => kind !== "rounding" || Math.abs(product) < 0.001),
    );
    const [first, other] = [sum.terms[0], sum.terms[UNITS]];
    assert.match(`${first.label} ${other.label}`, /^unit 0 forward, .* unit 0 backward, /);
    assert.equal(/** @type {any} */ (first.factors[0].mark).run, on, "it opens in its own run");
    assert.equal(/** @type {any} */ (other.factors[0].mark).run, undefined);
  }
});
