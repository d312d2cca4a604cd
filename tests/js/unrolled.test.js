import assert from "node:assert/strict";
import { test } from "node:test";
import { unrolledFigure } from "../../static/figures/unrolled.js";
import { THEMES } from "../../static/theme.js";
import { atEveryWidth } from "./figures.js";
import { parts, randomTrace } from "./trace.js";

const theme = THEMES.light;
const options = { timestep: 1, unit: 1, theme, width: 1100 };
const forty = Array.from({ length: 40 }, (_, k) => `word${k + 1}`);

/** @param {any} figure */
const timesteps = (figure) => [
  ...new Set(parts(figure).hits.customdata.map((/** @type {any} */ mark) => mark.timestep)),
];

test("the unrolled sentence keeps its promises from phones to wide screens", () => {
  const small = randomTrace(["Good", "Day"], 5, 3).trace;
  atEveryWidth((at) => unrolledFigure(small, at), { timestep: 2, unit: 1 });
  const large = randomTrace(forty, 8, 64).trace;
  atEveryWidth((at) => unrolledFigure(large, at), { timestep: 20, unit: 63 });
});

test("Good Day has two cells, and the initial state at the left", () => {
  const figure = unrolledFigure(randomTrace(["Good", "Day"], 5, 3).trace, options);
  assert.deepEqual(timesteps(figure).sort(), [0, 1, 2]);
  const { words } = parts(figure);
  assert.ok(words.includes("<i>c</i><sub>0</sub>") && words.includes("<i>h</i><sub>2</sub>"));
});

test("forty words show eight cells around the cursor, and how many are left out", () => {
  const figure = unrolledFigure(randomTrace(forty, 8, 64).trace, { ...options, timestep: 20 });
  assert.deepEqual(timesteps(figure), [16, 17, 18, 19, 20, 21, 22, 23]);
  const { words } = parts(figure);
  assert.ok(words.includes("<b>\u2026 15</b>") && words.includes("<b>\u2026 17</b>"));
});

test("a click on a cell carries its timestep", () => {
  const { hits } = parts(unrolledFigure(randomTrace(["a", "b", "c"], 5, 3).trace, options));
  const mark = hits.customdata.find((/** @type {any} */ one) => one.timestep === 3);
  assert.deepEqual(Object.keys(mark).sort(), ["quantity", "timestep", "unit"]);
});

test("many units are one picture of stripes, the cursor's unit outlined", () => {
  const { stripes, boxes } = parts(unrolledFigure(randomTrace(forty, 8, 64).trace, options));
  assert.equal(stripes.length, 2, "read, and not read yet");
  assert.ok(boxes.x.length < 80);
});

test("words keep their script, are escaped, and never overflow their cell", () => {
  const words = ["\u0928\u092e\u0938\u094d\u0924\u0947", "<b>", "x".repeat(300), "\u4f60\u597d"];
  const drawn = parts(unrolledFigure(randomTrace(words, 5, 3).trace, options)).words;
  assert.ok(drawn.some((/** @type {string} */ text) => text.includes(words[0])));
  assert.ok(drawn.some((/** @type {string} */ text) => text.includes("&lt;b&gt;")));
  assert.ok(drawn.every((/** @type {string} */ text) => text.length < 80));
});

test("where there is a prediction for each word, it stands with its cell", () => {
  const { trace } = randomTrace(["a", "b"], 5, 3);
  trace.prediction = {
    output: [],
    labels: ["<no>", "yes"],
    probabilities: [0.2, 0.8],
    by_timestep: [
      [0.9, 0.1],
      [0.25, 0.75],
    ],
  };
  for (const width of [360, 1100]) {
    const { words } = parts(unrolledFigure(trace, { ...options, width }));
    assert.ok(words.includes("90%") && words.includes("75%"));
    assert.ok(words.some((/** @type {string} */ text) => text.includes("&lt;no&gt;")));
  }
});
