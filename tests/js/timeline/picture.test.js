import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLedger } from "../../../static/arithmetic/memory-ledger.js";
import { bandsOf } from "../../../static/draw/bands.js";
import { areasOf, outline, placeOfName } from "../../../static/timeline/bands.js";
import { wordColumns } from "../../../static/timeline/columns.js";
import { huesOf } from "../../../static/timeline/hues.js";
import { runsOf, timelinePicture } from "../../../static/timeline/picture.js";
import { pictureLabel } from "../../../static/timeline/picture-words.js";
import { memoryOf } from "../explained.js";
import { otherTrace, randomTrace } from "../trace.js";

/** @typedef {import("../../../static/core/types.js").Trace} Trace */

const WORDS = "I live in Pune but stay in Goa now".split(" ");
const LABELS = ["not said yet", "Pune", "Goa"];
const ANSWERS = [0, 0, 0, 1, 1, 1, 1, 2, 2];

/** A trace that answers as is said. @param {Trace} trace @param {number[]} answers
 * @param {string[]} [labels] @returns {Trace} */
function answering(trace, answers, labels = LABELS) {
  const rows = answers.map((answer) => labels.map((_, k) => (k === answer ? 0.8 : 0.1)));
  const last = rows[rows.length - 1];
  const prediction = { output: last, labels, probabilities: last, by_timestep: rows };
  return { ...trace, prediction };
}

/** @param {string[]} [words] */
const plainTrace = (words = WORDS) => randomTrace(words, 3, 4).trace;

/** @param {Trace} trace @param {number} [width] */
function pictureOf(trace, width = 800) {
  const words = trace.tokens.map(({ text }) => text);
  const columns = wordColumns(words, { width, size: 14, least: 24 });
  return timelinePicture(trace, { columns, width, height: 150, size: 14 });
}

test("the ledger made of a trace is the one that its equations give", () => {
  const trace = plainTrace();
  const { magnitude } = memoryOf(trace);
  const ledger = memoryLedger(trace) ?? [];
  magnitude.forEach((row, t) =>
    row.forEach((size, s) => assert.ok(Math.abs(size - ledger[t][s]) < 1e-12, `${t} ${s}`)),
  );
});

test("of one unit that keeps its sign the ledger adds up to its state, of a GRU as of an LSTM", () => {
  for (const cell of /** @type {const} */ (["gru", "gru_reset_before"])) {
    const { trace } = otherTrace(cell, WORDS, 3, 1, 7, [4]);
    const ledger = memoryLedger(trace) ?? [];
    trace.steps.forEach(({ hidden_state }, t) => {
      const total = ledger[t].reduce((sum, size) => sum + size, 0);
      assert.ok(total >= Math.abs(hidden_state[0]) - 1e-12);
      assert.equal(ledger[t][5], 0, "padding writes nothing");
    });
    assert.ok(Math.abs(ledger[0][1] - Math.abs(trace.steps[0].hidden_state[0])) < 1e-12);
  }
});

test("a layer that reads from the end has its ledger the other way round", () => {
  const trace = plainTrace();
  const turned = {
    ...trace,
    layer: { ...trace.layer, go_backwards: true },
    steps: trace.steps.toReversed().map((step, k) => ({ ...step, timestep: k + 1 })),
  };
  const [forward, backward] = [memoryLedger(trace) ?? [], memoryLedger(turned) ?? []];
  const count = WORDS.length;
  for (let t = 1; t <= count; t++) {
    for (let s = 1; s <= count; s++) {
      assert.equal(backward[count - t][count + 1 - s], forward[t - 1][s]);
    }
  }
});

test("answers that are words of the sentence wear their words' hues, and the rest is grey", () => {
  const trace = answering(plainTrace(), ANSWERS);
  const { labels, sources } = huesOf(trace);
  assert.deepEqual([...labels], [[1, 0], [2, 1]]); // prettier-ignore
  assert.equal(sources.get(4), 0);
  assert.equal(sources.get(8), 1);
  const { answers } = pictureOf(trace);
  assert.deepEqual(
    answers.map(({ hue }) => hue),
    [null, null, null, 0, 0, 0, 0, 1, 1],
  );
});

test("answers that no word names wear hues each, at most as many as there are", () => {
  const two = huesOf(answering(plainTrace(), [0, 1, 0, 1, 1, 1, 1, 1, 1], ["bad", "good"]));
  assert.deepEqual([...two.labels.keys()], [0, 1]);
  const labels = WORDS.map((_, k) => `label ${k}`);
  const many = huesOf(answering(plainTrace(), [0, 1, 2, 3, 4, 5, 6, 7, 8], labels));
  assert.equal(many.labels.size, 4);
  assert.ok(many.labels.has(8), "the last one matters");
  assert.equal(many.sources.size, 0);
});

test("without an answer after each word there is no row of them, and words wear the hues", () => {
  const trace = plainTrace();
  assert.deepEqual(pictureOf(trace).answers, []);
  const hues = [...huesOf(trace).sources.values()];
  assert.ok(hues.length > 0 && hues.length <= 4);
  assert.equal(new Set(hues).size, hues.length);
});

test("bands stand on one another, reach the top where most is held, and begin at their word", () => {
  const trace = plainTrace();
  const rows = memoryLedger(trace) ?? [];
  const columns = wordColumns(WORDS, { width: 800, size: 14, least: 24 });
  const bands = bandsOf(trace, rows, { initial: false, chosen: [] });
  const areas = areasOf(bands, rows, { columns, height: 100, backwards: false });
  areas.slice(1).forEach(({ bottom }, k) => assert.deepEqual(bottom, areas[k].top));
  const highest = Math.min(...areas[areas.length - 1].top);
  assert.ok(Math.abs(highest) < 1e-9);
  const { x, top, bottom } = areas[3];
  const thick = x.map((_, k) => bottom[k] - top[k]);
  assert.ok(
    thick.slice(0, 7).every((value) => value === 0),
    "nothing before Pune",
  );
  assert.ok(thick[7] > 0);
  assert.match(outline(areas[3]), /^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+Z$/);
});

test("a name stands only where it fits into its band, within its stretch", () => {
  const x = [0, 50, 100, 150, 200];
  const bottom = x.map(() => 60);
  const area = { x, bottom, top: [60, 30, 20, 20, 20] };
  const place = placeOfName(area, "Pune", { size: 14, from: 0, to: 200 });
  assert.ok(place && place.x === 150 && place.y === 40);
  assert.equal(placeOfName(area, "Pune", { size: 14, from: 0, to: 20 }), null);
  const thin = { ...area, top: x.map(() => 50) };
  assert.equal(placeOfName(thin, "Pune", { size: 14, from: 0, to: 200 }), null);
});

test("a long sentence has a few bands and names that come again", () => {
  const words = Array.from({ length: 385 }, (_, k) => `w${k}`);
  const trace = answering(
    plainTrace(words),
    words.map(() => 1),
  );
  const { answers, bands, names } = pictureOf(trace);
  assert.equal(answers.length, 385);
  assert.ok(bands.length < 30);
  assert.ok(names.filter(({ text }) => text === "Pune").length > 5);
});

test("a cell without a ledger shows how large its state is", () => {
  const { trace } = otherTrace("simple_rnn", WORDS, 3, 4);
  const { bands, state } = pictureOf(trace);
  assert.deepEqual(bands, []);
  assert.match(state, /^M/);
  assert.match(pictureLabel(trace), /The size of the hidden state after each word/);
});

test("one word, and a memory that is empty, are drawn", () => {
  assert.equal(pictureOf(plainTrace(["Pune"])).bands.length, 1);
  const { trace } = otherTrace("gru", WORDS, 3, 4, 1, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(pictureOf(trace).bands, []);
  assert.match(pictureLabel(trace), /empty/);
});

test("stretches of the same answer are one", () => {
  assert.deepEqual(runsOf([0, 0, 2, 0]), [
    { label: 0, from: 0, to: 1 },
    { label: 2, from: 2, to: 2 },
    { label: 0, from: 3, to: 3 },
  ]);
});

test("the picture says where the answer changes and whose memory is left", () => {
  const label = pictureLabel(answering(plainTrace(), ANSWERS)).replace(/[\u2068\u2069]/g, "");
  assert.match(
    label,
    /The answer after each word: “not said yet”, “Pune” from “Pune” on, “Goa” from “Goa” on\./,
  );
  assert.match(label, /At the end the memory is \d+% from “/);
  const restless = answering(plainTrace(), [0, 1, 0, 1, 0, 1, 0, 1, 2]);
  assert.match(pictureLabel(restless), /changes 8 times/);
});
