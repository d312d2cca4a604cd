import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbourLayersText } from "../../../static/lenses/model/neighbour-layers.js";
import { equation } from "../../../static/cells/equations.js";
import { memoryCaption } from "../../../static/lenses/memory/words.js";
import { headline } from "../../../static/inspector/headline-words.js";
import { pathCaption } from "../../../static/lenses/paths/words.js";
import { addingUp } from "../../../static/draw/rounding.js";
import { cellCaption } from "../../../static/lenses/cell/words.js";
import { glanceCaption } from "../../../static/lenses/glance/words.js";
import { modelCaption } from "../../../static/lenses/model/words.js";
import { returnsCaption } from "../../../static/lenses/returns/words.js";
import { unrolledCaption } from "../../../static/lenses/unrolled/words.js";
import { workedCaption } from "../../../static/lenses/worked/words.js";
import { spokenStep } from "../../../static/words/spoken-step.js";
import { untrained, untrainedAnswer } from "../../../static/words/weights-origin.js";
import { plainText as written } from "../../../static/words/sentence.js";
import { randomTrace } from "../trace.js";

const QUANTITIES = /** @type {const} */ ([
  "forget_gate",
  "input_gate",
  "candidate",
  "cell_state",
  "output_gate",
  "hidden_state",
]);

/** A trace whose numbers can be checked by eye. */
function simple() {
  const { trace, weights } = randomTrace(["Good", "Day"], 2, 2);
  Object.assign(trace.steps[0], { cell_state: [0.5, -0.4] });
  Object.assign(trace.steps[1], {
    input: [2, -1],
    forget_gate: [0.5, 0.9],
    input_gate: [0.8, 0.2],
    candidate: [0.3, -0.6],
    output_gate: [0.7, 0.1],
    cell_state: [0.49, -0.48],
    hidden_state: [0.318, -0.045],
  });
  weights.forget_gate.kernel = [
    [0.1, 0.2],
    [0.7, 0.4],
  ];
  return { trace, weights };
}

/** @param {import("../../../static/core/types.js").Phrase} said */
const plainText = (said) => written(said).replace(/[\u2068\u2069]/g, "");

test("the cell's sentence says what is kept, what is added and what comes out", () => {
  const { trace } = simple();
  assert.equal(
    plainText(cellCaption(trace, { timestep: 2, unit: 0 })),
    "At “Day” unit 0 keeps 50% of its memory of 0.50, that is 0.25, and adds 0.24: it holds 0.49 now.",
  );
  assert.equal(
    plainText(cellCaption(trace, { timestep: 2, unit: 1 })),
    "At “Day” unit 1 keeps 90% of its memory of −0.40, that is −0.36, and takes away 0.12: it " +
      "holds −0.48 now.",
  );
});

test("at the first word there is nothing to keep", () => {
  const { trace } = simple();
  assert.match(
    plainText(cellCaption(trace, { timestep: 1, unit: 0 })),
    /nothing to keep yet.*0\.50\.$/,
  );
});

test("each path's sentence names the units that stand out", () => {
  const { trace } = simple();
  const said = QUANTITIES.map((quantity) =>
    plainText(pathCaption(trace, { timestep: 2, unit: 0, quantity })),
  );
  assert.match(said[0], /unit 0 forgets most: 50%.*Unit 1 keeps most: 90%/);
  assert.match(said[1], /widest open for unit 0: 80%.*unit 1 it is 20%/);
  assert.match(said[2], /strongest proposal is −0\.60, for unit 1/);
  assert.match(
    said[3],
    /unit 1 changes most: it keeps −0\.36 of −0\.40, takes away 0\.12, and holds/,
  );
  assert.match(said[4], /unit 0 shows most.*70%.*unit 1 least, 10%/);
  assert.match(said[5], /holds 0\.49; squashed by tanh and let through at 70%, 0\.32 goes on/);
});

test("a path's sentence at the first word does not speak of what is kept", () => {
  const { trace } = simple();
  const at = { timestep: 1, unit: 0 };
  assert.match(
    plainText(pathCaption(trace, { ...at, quantity: "forget_gate" })),
    /nothing is in memory to forget/,
  );
  assert.match(
    plainText(pathCaption(trace, { ...at, quantity: "cell_state" })),
    /had nothing in memory/,
  );
});

test("one unit alone is not compared with itself", () => {
  const { trace } = randomTrace(["Good", "Day"], 2, 1);
  for (const quantity of QUANTITIES.slice(0, 5)) {
    const said = plainText(pathCaption(trace, { timestep: 2, unit: 0, quantity }));
    assert.doesNotMatch(said, /unit 0|most:|least/, said);
  }
});

test("padding changes nothing and forgets nothing, in every sentence", () => {
  const { trace } = randomTrace(["Good", "pad", "pad"], 2, 2);
  const [first, ...padded] = trace.steps;
  trace.steps = [
    first,
    ...padded.map((step) => ({
      ...step,
      forget_gate: [0, 0],
      cell_state: first.cell_state,
      hidden_state: first.hidden_state,
      masked: true,
    })),
  ];
  const at = { timestep: 2, unit: 0 };
  const said = [
    plainText(cellCaption(trace, at)),
    headline(trace, 2).says,
    spokenStep(trace, at),
    ...QUANTITIES.map((quantity) => plainText(pathCaption(trace, { ...at, quantity }))),
  ];
  for (const line of said) {
    assert.match(line, /padding/);
    assert.doesNotMatch(line, /keeps|forgets|0%/);
  }
  assert.match(plainText(glanceCaption(trace)), /nothing to keep yet/);
  const rows = [
    [0, 0, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0.5, 1],
  ];
  const after = (/** @type {number} */ timestep) =>
    plainText(memoryCaption(trace, rows, { timestep, unit: null }));
  assert.match(after(3), /50% of what “pad” wrote/);
  assert.match(after(1), /everything in memory was written by “Good” itself/);
});

test("a layer that reads from the end begins to forget at the last word but one", () => {
  const { trace } = simple();
  trace.layer.go_backwards = true;
  trace.steps[0].forget_gate = [0.6, 0.2];
  trace.steps[1].forget_gate = [0.6, 0.04]; // read first: there is nothing yet to forget
  assert.match(
    plainText(glanceCaption(trace)),
    /Most memory is lost at “Good”, in unit 1: its forget gate is 0\.20/,
  );
});

test("the largest product is found, with its sign", () => {
  const { trace, weights } = simple();
  const said = plainText(workedCaption(trace, { timestep: 2, unit: 0, weights }));
  assert.match(said, /number 1: −1\.00 times its weight 0\.70 is −0\.70/);
  assert.match(
    plainText(workedCaption(trace, { timestep: 2, unit: 0, weights: null })),
    /forget gate is 0\.50/,
  );
});

test("the sentences over the whole text find their word", () => {
  const { trace } = simple();
  trace.steps[0].forget_gate = [0.6, 0.01]; // where there is nothing yet to forget
  trace.steps[1].forget_gate = [0.6, 0.04];
  assert.match(
    plainText(glanceCaption(trace)),
    /Most memory is lost at “Day”, in unit 1: its \w+ gate is 0\.04/,
  );
  assert.match(
    plainText(unrolledCaption(trace, { timestep: 1, unit: 0 })),
    /changes most at “Good”: from 0\.00 to 0\.50/,
  );
});

test("the sentence about what is returned follows the switches", () => {
  const { trace } = simple();
  const all = returnsCaption(trace, { return_sequences: true, return_state: true });
  const least = returnsCaption(trace, { return_sequences: false, return_state: false });
  assert.match(all, /each of the 2 words leaves.*final cell state/);
  assert.match(plainText(least), /Only the last.*“Day”.*cell state never does/);
});

test("the model's sentence compares the recurrent layer with the largest", () => {
  const { trace } = simple();
  const said = plainText(
    modelCaption(trace, {
      layers: [
        { name: "embedding", type: "Embedding", output_shape: [null, 2, 5], parameters: 250000 },
        { name: "lstm", type: "LSTM", output_shape: [null, 2, 3], parameters: 108 },
      ],
      total_parameters: 250115,
    }),
  );
  assert.match(said, /The Embedding layer holds 250,000 of the 250,115 numbers, 99\.95%.*108\.$/);
});

test("two directions are one layer of the model", () => {
  const { trace } = simple();
  trace.layer.name = "both/forward";
  const row = { type: "Bidirectional", output_shape: [null, 2, 6] };
  const layers = [
    { ...row, name: "both", parameters: 216 },
    { ...row, name: "other", parameters: 500 },
  ];
  const said = modelCaption(trace, { layers, total_parameters: 716 });
  assert.match(
    plainText(said),
    /^The Bidirectional layer holds 500 of the 716 numbers, 70%; .* 216\.$/,
  );
});

test("what stands around the layer is said of the model as it is", () => {
  const { trace } = simple();
  const layer = { name: "lstm", type: "LSTM", output_shape: [null, 2, 3], parameters: 108 };
  const embedding = { ...layer, name: "embedding", type: "Embedding" };
  const around = (/** @type {typeof layer[]} */ layers) =>
    neighbourLayersText(trace, { layers, total_parameters: 108 });
  assert.equal(around([layer]), "The model is its recurrent layer alone.");
  assert.match(around([embedding, layer]), /^Around the LSTM stands an embedding, [^,]*\.$/);
  trace.answer = { output: [1] };
  assert.match(around([embedding, layer]), /stand an embedding,.*, and a head,/);
});

test("a seeded model admits that it has learned nothing, and a trained one does not", () => {
  const { trace } = simple();
  assert.match(untrained(trace, "forget_gate"), /forget gate has learned nothing/);
  assert.equal(untrainedAnswer(trace), "", "no answers, nothing to admit");
  trace.prediction = {
    output: [0.5],
    labels: ["0", "1"],
    probabilities: [0.5, 0.5],
    by_timestep: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  };
  assert.match(untrainedAnswer(trace), /mean nothing/);
  trace.model.provenance.kind = "trained";
  assert.equal(untrained(trace, "forget_gate"), "");
  assert.equal(untrainedAnswer(trace), "");
});

test("a word is held in its own direction, and spoken without marks", () => {
  const { trace } = simple();
  trace.tokens[1].text = "يوم";
  assert.ok(written(cellCaption(trace, { timestep: 2, unit: 0 })).includes("“\u2068يوم\u2069”"));
  assert.match(spokenStep(trace, { timestep: 2, unit: 0 }), /^Word 2 of 2: يوم\. Unit 0:/);
});

test("rounded terms add up to the rounded total, each moved by less than one digit", () => {
  const cases = [
    [0.3334, 0.3333, 0.3333],
    [0.126, 0.126, -0.251],
    [-1.0049, 0.5049, 0.0049],
    [0, 0, 0],
    [12.345],
  ];
  for (const terms of cases) {
    const total = terms.reduce((a, b) => a + b, 0);
    const shown = addingUp(terms, total, 2);
    const sum = shown.reduce((a, b) => a + Math.round(b * 100), 0);
    assert.equal(sum, Math.round(total * 100), `${terms}`);
    shown.forEach((value, k) => assert.ok(Math.abs(value - terms[k]) < 0.01 + 1e-9));
  }
});

/** Reads a line of an equation as arithmetic.
 * @param {import("../../../static/core/types.js").Piece[]} line */
const numbersOf = (line) =>
  line
    .filter(({ kind }) => kind === "number")
    .map(({ text }) => Number(text.replace("\u2212", "-")));

test("a gate's equation adds up as written and ends in the gate's value", () => {
  const { trace, weights } = randomTrace(["one", "two", "three"], 5, 4, 9);
  for (const quantity of /** @type {const} */ (["forget_gate", "candidate", "output_gate"])) {
    for (const unit of [0, 3]) {
      const lines = equation(trace, { timestep: 3, unit, quantity, weights });
      assert.equal(lines.length, 3);
      const minus = lines[1].map(({ text }) => text);
      const parts = numbersOf(lines[1]);
      const signed = parts.map((value, k) => {
        const at = minus.indexOf(lines[1].filter(({ kind }) => kind === "number")[k].text);
        return k > 0 && minus[at - 1] === "\u2212" ? -value : value;
      });
      const [total, result] = numbersOf(lines[2]);
      const sum = signed.reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - total) < 1e-9, `${signed} = ${total}`);
      assert.equal(result.toFixed(3), trace.steps[2][quantity][unit].toFixed(3));
    }
  }
});

test("without weights a gate's equation begins at its sum", () => {
  const { trace } = randomTrace(["one"], 5, 4);
  const lines = equation(trace, { timestep: 1, unit: 0, quantity: "input_gate", weights: null });
  assert.equal(lines.length, 2);
});

test("the numbers of a state's equation can be opened", () => {
  const { trace } = simple();
  const lines = equation(trace, { timestep: 2, unit: 1, quantity: "cell_state", weights: null });
  const marks = lines[1].flatMap(({ mark }) => mark ?? []);
  assert.deepEqual(
    marks.map(({ quantity, timestep }) => [quantity, timestep]),
    [
      ["forget_gate", 2],
      ["cell_state", 1],
      ["input_gate", 2],
      ["candidate", 2],
    ],
  );
});
