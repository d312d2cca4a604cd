import assert from "node:assert/strict";
import { test } from "node:test";
import { scoresCaption } from "../../../../static/lenses/memory/scores-words.js";
import { waterfallFigure, waterfallRows } from "../../../../static/lenses/memory/scores-figure.js";
import { plainText } from "../../../../static/words/sentence.js";
import { textWidth } from "../../../../static/draw/text.js";
import { THEMES } from "../../../../static/core/theme.js";
import { explainedTrace } from "../../explained.js";
import { atEveryWidth } from "../../figures.js";

const WORDS = ["not", "good", "at", "all"];
const near = (/** @type {number} */ a, /** @type {number} */ b) =>
  assert.ok(Math.abs(a - b) < 1e-9);

test("each bar begins where the one before ended, from the bias down to the logit", () => {
  for (const words of [WORDS, Array.from({ length: 90 }, (_, k) => `w${k}`)]) {
    const trace = explainedTrace(words);
    const rows = waterfallRows(trace);
    assert.equal(rows[0].name, "bias");
    rows.slice(1).forEach((row, k) => near(row.from, rows[k].to));
    near(rows[rows.length - 1].to, trace.attributions.logit);
  }
});

test("of many words those of little weight share rows, and every word stands in one", () => {
  const words = Array.from({ length: 90 }, (_, k) => `w${k}`);
  const rows = waterfallRows(explainedTrace(words));
  assert.ok(rows.length <= 31);
  assert.deepEqual(
    rows.flatMap(({ timesteps }) => timesteps),
    words.map((_, k) => k + 1),
  );
});

test("the figure holds at every width, with reruns and while they are on their way", () => {
  const run = explainedTrace(WORDS.slice(1));
  for (const leftOut of [null, [0.5, -1, 0, 2].map((value) => ({ value, run }))]) {
    atEveryWidth(
      (options) => waterfallFigure(explainedTrace(WORDS), { ...options, leftOut }),
      { timestep: 2, unit: 0 },
      (figure) => {
        const { rows, columns } = figure.layout.meta.table;
        assert.equal(rows.length, 5);
        assert.equal(columns.length, rows[0].length);
        assert.equal(rows[1][4].text ?? rows[1][4], leftOut ? "0.5000" : "");
      },
    );
  }
});

test("no number of a bar stands among the names", () => {
  const trace = explainedTrace(Array(12).fill("Hyderabad"), 3);
  for (const width of [340, 390]) {
    const { data } = waterfallFigure(trace, { theme: THEMES.light, width, leftOut: null });
    const { x, text, textposition } = data.find(({ mode }) => mode === "text");
    const numbers = text.map((_, k) => k).filter((k) => /^[+\u2212]?\d\.\d\d$/.test(text[k]));
    assert.ok(numbers.length > 10);
    assert.ok(numbers.every((k) => x[k] > 72 && textposition[k].endsWith("right")));
  }
});

test("the names of the columns leave room between them on the narrowest phone", () => {
  const options = { theme: THEMES.light, width: 320, leftOut: null };
  const { data } = waterfallFigure(explainedTrace(WORDS), options);
  const { x, text, textfont } = data.find(({ mode }) => mode === "text");
  const heads = text.map((_, k) => k).filter((k) => /exact|gradient|left/.test(text[k]));
  assert.equal(heads.length, 3);
  const ends = heads.map((k) => x[k] + textWidth(text[k].replace(/<.*?>/g, ""), textfont.size[k]));
  assert.ok(ends[0] < x[heads[1]] && ends[1] < x[heads[2]] && ends[2] < 320);
});

test("a word that is markup stays text", () => {
  const figure = /** @type {any} */ (
    waterfallFigure(explainedTrace(["<i>a</i>", "b"]), {
      theme: THEMES.light,
      width: 700,
      leftOut: null,
    })
  );
  assert.ok(!JSON.stringify(figure.data).includes("<i>a"));
});

test("the sentence names the strongest word and where the sum ends", () => {
  const trace = explainedTrace(WORDS);
  const text = plainText(scoresCaption(trace)).replace(/[\u2068\u2069]/g, "");
  assert.match(
    text,
    /^Most of all, “not” speaks for “yes”: \+0\.84\. .* bias of \+0\.25 add up to a logit/,
  );
});

test("a word that does most by the gates of later words is named", () => {
  const trace = explainedTrace(WORDS);
  const { scores = [] } = trace.attributions ?? {};
  const leftOut = scores.map((score, k) => ({ value: k === 1 ? score - 3 : score, run: null }));
  const text = plainText(scoresCaption(trace, leftOut)).replace(/[\u2068\u2069]/g, "");
  assert.match(text, / Without “good” the logit is \d\.\d\d higher, though its share is [+−]?\d/);
  const alike = scores.map((value) => ({ value, run: null }));
  assert.equal(plainText(scoresCaption(trace, alike)), plainText(scoresCaption(trace)));
});
