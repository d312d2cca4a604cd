import assert from "node:assert/strict";
import { test } from "node:test";
import { kerasCall, pytorchCall } from "../../../../static/cells/framework-code.js";
import { outputShapes, returnsFigure } from "../../../../static/lenses/returns/figure.js";
import { THEMES } from "../../../../static/core/theme.js";
import { atEveryWidth } from "../../figures.js";
import { otherTrace, parts, randomTrace } from "../../trace.js";

const SETTINGS = [true, false].flatMap((return_sequences) =>
  [true, false].map((return_state) => ({ return_sequences, return_state })),
);

for (const [length, units] of [
  [1, 1],
  [2, 3],
  [40, 64],
]) {
  test(`what ${length} words in ${units} units return is drawn whole at every width`, () => {
    const words = Array(length).fill("Hyderabad");
    for (const { trace } of [randomTrace(words, 5, units), otherTrace("gru", words, 5, units)]) {
      for (const setting of SETTINGS) {
        atEveryWidth((options) => returnsFigure(trace, { ...options, ...setting }), {
          timestep: Math.ceil(length / 2),
          unit: 0,
        });
      }
    }
  });
}

test("the table holds exactly what leaves the layer", () => {
  const { trace } = randomTrace(["a", "b", "c"], 5, 2);
  const leaves = SETTINGS.map((setting) => {
    const options = { timestep: 1, unit: 0, theme: THEMES.light, width: 700, ...setting };
    return returnsFigure(trace, options).layout.meta.table.rows.map((row) => row[0]);
  });
  assert.deepEqual(leaves, [
    ["output", "output", "output", "hidden_state", "cell_state"],
    ["output", "output", "output"],
    ["output", "hidden_state", "cell_state"],
    ["output"],
  ]);
});

test("the last word is always drawn, since the states come from it", () => {
  const words = Array.from({ length: 30 }, (_, k) => `w${k + 1}`);
  const { trace } = randomTrace(words, 5, 3);
  const options = { unit: 0, theme: THEMES.light, width: 500, ...SETTINGS[0] };
  const { words: texts } = parts(returnsFigure(trace, { timestep: 4, ...options }));
  const drawn = texts.join(" ");
  assert.ok(drawn.includes("w4") && drawn.includes("w30"));
});

test("a layer that reads from the end hands out its states in that order, the first word's last", () => {
  const { trace } = randomTrace(["a", "b", "c"], 5, 2);
  trace.layer.go_backwards = true;
  const options = { timestep: 1, unit: 0, theme: THEMES.light, width: 700, ...SETTINGS[0] };
  const { layout } = returnsFigure(trace, options);
  assert.deepEqual(
    layout.meta.table.rows.map((row) => row[1]),
    ["3 c", "2 b", "1 a", "1 a", "1 a"],
  );
});

test("shapes are Keras's, batch first", () => {
  const { trace } = randomTrace(["Good", "Day"], 5, 3);
  assert.deepEqual(outputShapes(trace, { return_sequences: true }), {
    output: "(None, 2, 3)",
    state: "(None, 3)",
  });
  assert.equal(outputShapes(trace, { return_sequences: false }).output, "(None, 3)");
});

test("the code asks for what the switches say", () => {
  const layer = { name: "lstm", cell: "lstm", units: 3, features: 5, return_sequences: true };
  const all = { return_sequences: true, return_state: true };
  const least = { return_sequences: false, return_state: false };
  assert.match(kerasCall(layer, all), /return_sequences=True,\n {4}return_state=True/);
  assert.match(kerasCall(layer, all), /output, hidden_state, cell_state = lstm\(inputs\)$/);
  assert.match(kerasCall(layer, least), /return_sequences=False(.|\n)*\noutput = lstm/);
  assert.match(pytorchCall(layer, all), /nn\.LSTM\(5, 3, batch_first=True\)/);
  assert.doesNotMatch(pytorchCall(layer, all), /output\[:, -1\]/);
  assert.match(pytorchCall(layer, least), /output = output\[:, -1\]$/);
});

test("a window of words shows that others come before it, and which units it has", () => {
  const words = Array.from({ length: 30 }, (_, k) => `w${k + 1}`);
  const { trace } = randomTrace(words, 5, 9);
  const options = { unit: 8, theme: THEMES.light, width: 700, ...SETTINGS[0] };
  const dots = (/** @type {number} */ timestep) =>
    parts(returnsFigure(trace, { timestep, ...options })).words.filter((word) => word === "…");
  assert.equal(dots(15).length, 2);
  assert.equal(dots(1).length, 1);
  const { words: texts } = parts(returnsFigure(trace, { timestep: 1, ...options }));
  assert.ok(texts.includes("units 3–8 of 9, outlined: unit 8"));
});
