import assert from "node:assert/strict";
import { test } from "node:test";
import { unrolledFigure } from "../../../../static/lenses/unrolled/figure.js";
import { THEMES } from "../../../../static/core/theme.js";
import { atEveryWidth } from "../../figures.js";
import { parts, randomTrace } from "../../trace.js";

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

/** @param {string} name @param {boolean} [go_backwards] @param {boolean} [restores_order] */
const layer = (name, go_backwards = false, restores_order = false) => ({
  ...{ name, cell: "lstm", units: 3, features: 5, return_sequences: true },
  ...{ go_backwards, restores_order },
});

/** @param {import("../../../../static/core/types.js").Layer[]} recurrent @param {number} [at] the one shown
 * @param {string[]} [words] */
function stacked(recurrent, at = 0, words = ["a", "b"]) {
  const { trace } = randomTrace(words, 5, 3);
  const summary = { layers: [], total_parameters: 0, code: "", recurrent };
  const reads = { kind: /** @type {const} */ ("words"), timesteps: null };
  return {
    trace: { ...trace, layer: recurrent[at] },
    state: { summary: { ...summary, reads } },
  };
}

const BOTH = ["low", "high"].flatMap((name) => [
  layer(`${name}/forward`),
  layer(`${name}/backward`, true),
]);

/** Where the boxes of other layers stand that a click shows. @param {any} figure */
function others(figure) {
  const { hits } = parts(figure);
  const found = new Map();
  hits.customdata.forEach((/** @type {any} */ mark, /** @type {number} */ k) => {
    if (mark?.layer) found.set(mark.layer, { y: hits.y[k], timestep: mark.timestep });
  });
  return found;
}

test("layers stand above one another, the first lowest, the chosen one with its numbers", () => {
  const { trace, state } = stacked(BOTH, 2);
  const figure = unrolledFigure(trace, options, state);
  const rows = others(figure);
  assert.deepEqual(
    [...rows].sort(([, one], [, other]) => one.y - other.y).map(([name]) => name),
    ["high/backward", "low/backward", "low/forward"],
  );
  const { y, customdata } = parts(figure).hits;
  const own = customdata.findIndex((/** @type {any} */ mark) => mark && !mark.layer);
  assert.ok(y[own] > rows.get("high/backward").y && y[own] < rows.get("low/backward").y);
  assert.match(
    figure.layout.meta.label,
    /2 layers, reading in both directions; .* high\/forward\./,
  );
});

test("layers keep a figure's promises, and on a phone stand in a scheme of their own", () => {
  for (const words of [["a", "b"], forty]) {
    const { trace, state } = stacked(BOTH, 1, words);
    atEveryWidth((at) => unrolledFigure(trace, at, state), { timestep: 2, unit: 1 });
  }
  const { trace, state } = stacked(BOTH, 1);
  const phone = others(unrolledFigure(trace, { ...options, width: 340 }, state));
  assert.equal(phone.size, 3);
  const both = stacked([layer("bidirectional/forward"), layer("bidirectional/backward", true)]);
  const drawn = parts(unrolledFigure(both.trace, { ...options, width: 328 }, both.state));
  assert.equal(
    drawn.words.filter((/** @type {string} */ one) => /bidirectional/.test(one)).length,
    2,
  );
});

test("a row of boxes points the way in which its layer reads", () => {
  const drawn = [false, true].map((way) => {
    const { trace, state } = stacked([layer("a"), layer("b", way)]);
    return unrolledFigure(trace, options, state);
  });
  assert.notDeepEqual(drawn[0].layout.shapes, drawn[1].layout.shapes);
  assert.ok(parts(drawn[1]).words.includes("backward"));
});

test("what a layer hands on with the last timestep first is not drawn as going straight up", () => {
  const words = [false, true].map((restores) => {
    const { trace, state } = stacked([layer("a", true, restores), layer("b")]);
    return parts(unrolledFigure(trace, options, state)).words.join(" ");
  });
  assert.match(words[0], /last timestep first/);
  assert.doesNotMatch(words[1], /last timestep first/);
});

test("of many layers those around the chosen one are shown, and which they are", () => {
  const many = Array.from({ length: 12 }, (_, k) => layer(`<lstm>${k}`));
  const { trace, state } = stacked(many, 6);
  const figure = unrolledFigure(trace, options, state);
  assert.deepEqual(
    [...others(figure).keys()].sort(),
    [4, 5, 7, 8].map((k) => `<lstm>${k}`),
  );
  assert.match(figure.layout.meta.label, /layers 5–9 of 12, reading forward/);
  assert.ok(parts(figure).words.every((/** @type {string} */ text) => !text.includes("<lstm>")));
});

test("a single layer is drawn as if nothing were known of others", () => {
  const { trace, state } = stacked([layer("lstm")]);
  assert.deepEqual(unrolledFigure(trace, options, state), unrolledFigure(trace, options));
});
