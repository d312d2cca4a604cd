import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic } from "../../../static/arithmetic/arithmetic.js";
import { layerMark, partMark, totalMark } from "../../../static/arithmetic/parameter-counts.js";
import {
  countMark,
  droppedMark,
  keptMark,
  leftAt,
  leftMark,
  shareMark,
  sizeAt,
} from "../../../static/arithmetic/memory-contributions.js";
import { openable, plainText, phrase } from "../../../static/words/sentence.js";
import { scoreMark } from "../../../static/arithmetic/score-sum.js";
import { memoryOf } from "../explained.js";
import { adds } from "../sums.js";
import { otherTrace, randomFrom, randomTrace } from "../trace.js";

/** @typedef {import("../../../static/core/types.js").Head} Head */
/** @typedef {import("../../../static/core/types.js").Openable} Openable */
/** @typedef {import("../../../static/core/types.js").Trace} Trace */

const WORDS = ["I", "live", "in", "Pune", "but", "now", "I", "stay", "in", "Goa", "as", "ever"];

/** Opens a number and everything that it is made of, and says what was reached.
 * @param {Trace} trace @param {any} weights @param {Openable} first @param {Head | null} [head] */
function opened(trace, weights, first, head = null) {
  const seen = new Set();
  /** @param {Openable} mark */
  const open = (mark) => {
    if (mark.quantity === "answer") return;
    const sum = mark.quantity === "sum" ? mark.work(head) : arithmetic(trace, weights, mark);
    const { title, terms } = adds(sum);
    if (seen.has(title)) return;
    seen.add(title);
    for (const { factors } of terms) for (const one of factors) if (one.mark) open(one.mark);
  };
  open(first);
  return [...seen];
}

test("what is left of a word opens down to the word's embedding, and is the ledger's number", () => {
  const { trace, weights } = randomTrace(WORDS, 3, 2);
  const { magnitude, contributions } = memoryOf(trace, 1);
  for (const source of [0, 1, 4, 12]) {
    assert.ok(Math.abs(leftAt(trace, source, 12, 1) - (contributions?.[11][source] ?? 0)) < 1e-9);
    assert.ok(Math.abs(sizeAt(trace, source, 12) - magnitude[11][source]) < 1e-9);
  }
  const titles = opened(trace, weights, shareMark(trace, 1, 12));
  assert.ok(titles.some((title) => title.startsWith("input, feature 2, at")));
  assert.ok(
    titles.some((title) => title.includes("after “\u2068Pune\u2069”")),
    "taken together",
  );
  opened(trace, weights, droppedMark(trace, 4, 5));
  opened(trace, weights, keptMark(trace, 5));
});

test("of a GRU, what is left opens through what its update gate leaves of 1", () => {
  const { trace, weights } = otherTrace("gru", ["a", "b", "c"], 2, 2);
  const titles = opened(trace, weights, leftMark(trace, 1, 3, 0));
  assert.ok(titles.some((title) => title.startsWith("what is left of 1")));
});

test("padding writes nothing, and keeps all", () => {
  const { trace } = randomTrace(["a", "b", "c"], 2, 2);
  trace.steps[1].masked = true;
  assert.equal(leftAt(trace, 2, 3, 0), 0);
  const { forget_gate: kept } = trace.steps[2];
  assert.equal(leftAt(trace, 1, 3, 0), leftAt(trace, 1, 1, 0) * kept[0]);
});

test("a count names the words that it counts", () => {
  const { trace } = randomTrace(WORDS, 3, 2);
  const open = (/** @type {number} */ value) => value > 0.5;
  const sum = countMark(trace, "above 0.5", "forget_gate", 1, open).work(null);
  const count = trace.steps.filter(({ forget_gate: f }) => open(f[1])).length;
  assert.equal(adds(sum).terms.length, count);
  const none = countMark(trace, "above 2", "forget_gate", 1, (value) => value > 2).work(null);
  assert.equal(none, "There are no words at which the forget gate of unit 1 is above 2.");
});

for (const reads of /** @type {const} */ (["last", "flatten", "average"])) {
  test(`a word's share is made of what it wrote, seen by a head that reads ${reads}`, () => {
    const words = ["a", "b", "c"];
    const { trace, weights } = randomTrace(words, 2, 2);
    const random = randomFrom(9);
    const rows = reads === "flatten" ? 6 : 2;
    const kernel = Array.from({ length: rows }, () => [random()]);
    const labels = ["no", "yes"];
    const head = /** @type {Head} */ ({
      layer: "d",
      recurrent: "lstm",
      directions: [{ layer: "lstm", units: 2 }],
      reads,
      skips_masked: false,
      kernel,
      bias: [0.3],
      activation: "sigmoid",
      labels,
    });
    // what every word has left at each time, squashed word by word
    const share = (/** @type {number} */ s) =>
      trace.steps
        .filter(({ timestep }) => timestep >= s && (reads !== "last" || timestep === 3))
        .flatMap(({ timestep, output_gate: o }) =>
          o.map((gate, k) => {
            const upTo = (/** @type {number} */ last) =>
              Array.from({ length: last + 1 }, (_, one) => leftAt(trace, one, timestep, k));
            const squashed = (/** @type {number} */ last) =>
              Math.tanh(upTo(last).reduce((sum, part) => sum + part, 0));
            const row = reads === "flatten" ? 2 * (timestep - 1) + k : k;
            const moved = squashed(s) - squashed(s - 1);
            return (gate * moved * kernel[row][0]) / (reads === "average" ? 3 : 1);
          }),
        )
        .reduce((sum, part) => sum + part, 0);
    const scores = [1, 2, 3].map((s) => -share(s));
    const explained = {
      ...trace,
      attributions: { label: "no", logit: 0, bias: -0.3, initial_state: 0, scores },
      prediction: { output: [], labels, probabilities: [0.5, 0.5], by_timestep: null },
    };
    for (const source of [1, 2, 3]) opened(explained, weights, scoreMark(explained, source), head);
  });
}

test("a model's parameters are counted layer by layer, from the kind of each", () => {
  const row = (
    /** @type {string} */ name,
    /** @type {string} */ type,
    /** @type {(number | null)[]} */ output_shape,
    /** @type {number} */ parameters,
  ) => ({ name, type, output_shape, parameters });
  const summary = /** @type {import("../../../static/core/types.js").Summary} */ (
    /** @type {unknown} */ ({
      layers: [
        row("embedding", "Embedding", [null, 2, 5], 250_000),
        row("lstm", "LSTM", [null, 2, 3], 108),
        row("flatten", "Flatten", [null, 6], 0),
        row("dense", "Dense", [null, 1], 7),
      ],
      total_parameters: 250_115,
      recurrent: [{ name: "lstm", cell: "lstm", units: 3, features: 5 }],
    })
  );
  const termsOf = (/** @type {string} */ name) => {
    const sum = layerMark(summary, name).work(null);
    assert.ok(typeof sum !== "string");
    return sum.terms.map(({ factors, text }) => [
      factors.map((factor) => factor.text).join(" × "),
      text,
    ]);
  };
  assert.deepEqual(termsOf("embedding"), [["50,000 × 5", "250,000"]]);
  assert.deepEqual(termsOf("lstm"), [
    ["4 × 5 × 3", "60"],
    ["4 × 3 × 3", "36"],
    ["4 × 3", "12"],
  ]);
  assert.deepEqual(termsOf("dense"), [
    ["6 × 1", "6"],
    ["1", "1"],
  ]);
  const total = totalMark(summary).work(null);
  assert.ok(typeof total !== "string" && total.result.text === "250,115");
  const part = partMark(summary, "embedding", "99.95%").work(null);
  assert.ok(typeof part !== "string" && part.result.note?.endsWith("99.95%"));
});

test("a sentence keeps its numbers apart from its words", () => {
  const mark = { quantity: /** @type {const} */ ("forget_gate"), timestep: 1, unit: 0 };
  const inner = phrase`${openable("0.31", mark)} there`;
  assert.deepEqual(phrase`It is ${inner}, ${2} times.`, [
    "It is ",
    { text: "0.31", mark },
    " there",
    ", ",
    "2",
    " times.",
  ]);
  assert.equal(plainText(phrase`It is ${inner}.`), "It is 0.31 there.");
});
