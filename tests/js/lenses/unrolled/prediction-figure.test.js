import assert from "node:assert/strict";
import { test } from "node:test";
import { predictionCaption } from "../../../../static/lenses/unrolled/prediction-words.js";
import { likelyLabels, percent } from "../../../../static/arithmetic/probabilities.js";
import { predictionFigure } from "../../../../static/lenses/unrolled/prediction-figure.js";
import { plainText } from "../../../../static/words/sentence.js";
import { THEMES } from "../../../../static/core/theme.js";
import { atEveryWidth } from "../../figures.js";
import { adds } from "../../sums.js";
import { parts, randomTrace } from "../../trace.js";

/** A trace of a trained model that answers so after each word.
 * @param {string[]} words @param {string[]} labels @param {number[][]} rows */
function answering(words, labels, rows) {
  const { trace } = randomTrace(words, 5, 3);
  const probabilities = rows[rows.length - 1];
  const prediction = { output: probabilities, labels, probabilities, by_timestep: rows };
  const model = { ...trace.model, provenance: { kind: /** @type {const} */ ("trained") } };
  return { ...trace, model, prediction };
}

const MOOD = answering(
  ["not", "bad"],
  ["negative", "positive"],
  [
    [0.9, 0.1],
    [0.2, 0.8],
  ],
);
const LABELS = Array.from({ length: 15 }, (_, k) => `label ${k}`);
/** @param {number} k */
const sure = (k) => LABELS.map((_, other) => (other === k ? 0.86 : 0.01));
const CITIES = answering("a b c d".split(" "), LABELS, [sure(14), sure(14), sure(2), sure(7)]);
const LONG = answering(
  Array.from({ length: 40 }, (_, k) => `word${k}`),
  ["no", "yes"],
  Array.from({ length: 40 }, (_, k) => [k / 40, 1 - k / 40]),
);

test("the figure keeps what every figure promises", () => {
  atEveryWidth((options) => predictionFigure(MOOD, options), { timestep: 2, unit: 0 });
  atEveryWidth((options) => predictionFigure(CITIES, options), { timestep: 3, unit: 0 });
  atEveryWidth((options) => predictionFigure(LONG, options), { timestep: 21, unit: 0 });
});

test("the table speaks of timesteps where numbers were read", () => {
  const tokens = MOOD.tokens.map((token) => ({ ...token, id: null }));
  const options = { timestep: 2, unit: 0, theme: THEMES.light, width: 900 };
  const table = (/** @type {any} */ trace) => predictionFigure(trace, options).layout.meta.table;
  assert.equal(table({ ...MOOD, tokens }).columns[0], "timestep");
  assert.equal(table(MOOD).columns[0], "word");
});

test("every label has its probability after the word of the cursor", () => {
  const options = { timestep: 2, unit: 0, theme: THEMES.light, width: 900 };
  const { words } = parts(predictionFigure(MOOD, options));
  assert.ok(words.includes("20%"));
  assert.ok(words.includes("<b>80%</b>"), "the answer stands out");
});

test("a click in the grid says which word and which answer it is", () => {
  const options = { timestep: 1, unit: 0, theme: THEMES.light, width: 900 };
  const { hits } = parts(predictionFigure(MOOD, options));
  assert.deepEqual(
    hits.customdata.slice(-4).map((/** @type {any} */ mark) => [mark.timestep, mark.unit]),
    [
      [1, 0],
      [2, 0],
      [1, 1],
      [2, 1],
    ],
  );
});

test("the likeliest of many labels are shown, in their own order, and the rest is accounted for", () => {
  const shown = likelyLabels(CITIES.prediction);
  assert.equal(shown.length, 8);
  assert.ok([2, 7, 14].every((k) => shown.includes(k)));
  assert.deepEqual(
    shown,
    [...shown].sort((a, b) => a - b),
  );
  const options = { timestep: 4, unit: 0, theme: THEMES.light, width: 900 };
  const { words, hits } = parts(predictionFigure(CITIES, options));
  assert.ok(words.includes("The 7 others together never reach more than 7%."));
  const { terms, result } = adds(hits.customdata.at(-1).work(null));
  assert.equal(terms.filter(({ kind }) => kind !== "rounding").length, 7);
  assert.equal(result.note, ", that is 7%");
});

test("labels that are never likely do not fill the figure", () => {
  const certain = LABELS.map((_, k) => (k === 3 ? 1 : 0));
  const trace = answering(["a"], LABELS, [certain]);
  assert.deepEqual(likelyLabels(trace.prediction), [0, 1, 3]);
});

test("in a long sentence the words around the cursor are shown", () => {
  const options = { timestep: 40, unit: 0, theme: THEMES.light, width: 390 };
  const { words } = parts(predictionFigure(LONG, options));
  assert.ok(words.some((/** @type {string} */ text) => /word39/.test(text) || /wor/.test(text)));
  assert.ok(!words.some((/** @type {string} */ text) => text.includes("word0")));
});

test("a label's markup stays text", () => {
  const trace = answering(["<i>x</i>"], ["<b>a</b>", "b"], [[0.7, 0.3]]);
  const options = { timestep: 1, unit: 0, theme: THEMES.light, width: 900 };
  const { words, hits } = parts(predictionFigure(trace, options));
  const texts = [...words, ...hits.hovertext].join("");
  assert.ok(texts.includes("&lt;b&gt;a&lt;/b&gt;"));
  assert.ok(!texts.includes("<i>x"));
});

test("a model without a head says that it says nothing", () => {
  const { trace } = randomTrace(["a"], 5, 3);
  const options = { timestep: 1, unit: 0, theme: THEMES.light, width: 900 };
  const figure = predictionFigure(trace, options);
  assert.match(figure.layout.meta.label, /says nothing after each word/);
  assert.equal(plainText(predictionCaption(trace, { timestep: 1 })), "");
});

test("a probability near certainty is not rounded to it", () => {
  assert.equal(percent(0.996), "99.6%");
  assert.equal(percent(0.9999), "100%");
  assert.equal(percent(0.004), "0.4%");
  assert.equal(percent(0.5), "50%");
  assert.equal(percent(0), "0%");
});

test("the sentence names the word at which the answer turned", () => {
  assert.match(
    plainText(predictionCaption(MOOD, { timestep: 2 })),
    /Until this word came .*negative/,
  );
  assert.match(plainText(predictionCaption(MOOD, { timestep: 1 })), /from the first word on/);
  assert.match(plainText(predictionCaption(CITIES, { timestep: 4 })), /with 86%.*label 2/);
  const seeded = { ...MOOD, model: { ...MOOD.model, provenance: { kind: "seeded" } } };
  assert.match(
    plainText(predictionCaption(/** @type {any} */ (seeded), { timestep: 1 })),
    /random/,
  );
});
