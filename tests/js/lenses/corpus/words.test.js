import assert from "node:assert/strict";
import { test } from "node:test";
import { THEMES } from "../../../../static/core/theme.js";
import { histogramFigure } from "../../../../static/lenses/corpus/histogram-figure.js";
import { aboutCorpus, noCorpus, unitSummary } from "../../../../static/lenses/corpus/words.js";

/** @type {import("../../../../static/lenses/corpus/types.js").UnitPage} */
const PAGE = {
  unit: 5,
  quantity: "forget_gate",
  count: 10,
  mean: 0.5,
  minimum: 0.01,
  maximum: 0.99,
  saturation: { low: 0.2, high: 0.001 },
  histogram: { edges: [0, 0.5, 1], counts: [4, 6] },
  highest: [],
  lowest: [],
  similar: [],
  tokens: [
    { token: "pune", count: 7, mean: 0.9, effect: null },
    { token: "delhi", count: 6, mean: 0.1, effect: 0.2 },
  ],
  labels: [],
};

test("a unit's page begins with what it does, and says of an end only what happens", () => {
  const said = unitSummary(PAGE);
  assert.match(said, /^Unit 5’s forget gate: 0\.01 to 0\.99, 0\.50 on average; nearly shut at 20%/);
  assert.doesNotMatch(said, /nearly open/);
  assert.match(said, /Highest at “pune” \(0\.90\), lowest at “delhi” \(0\.10\)\.$/);
});

test("what is read is counted, and where there is nothing it says what to do", () => {
  const row = /** @type {any} */ ({ title: "Reviews", texts: 1200, tokens: 54321 });
  assert.equal(aboutCorpus(row), "Reviews: 1,200 texts of 54,321 tokens.");
  assert.match(noCorpus(null), /lstm-viz corpus build/);
  assert.equal(noCorpus("Install it."), "Install it.");
});

test("a histogram has a bar for each of its counts, in the gate's hue, and a table", () => {
  const theme = THEMES.light;
  const { data, layout } = histogramFigure(PAGE, { theme, width: 500 });
  assert.deepEqual(/** @type {any} */ (data[0]).y, [4, 6]);
  assert.equal(/** @type {any} */ (data[0]).marker.color, theme.quantity.forget_gate);
  assert.deepEqual(layout.meta.table.rows[1], ["0.50 to 1.00", "6"]);
});
