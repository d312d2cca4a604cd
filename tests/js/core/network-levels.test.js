import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmetic } from "../../../static/arithmetic/arithmetic.js";
import { handedMark, handedOn } from "../../../static/core/network-levels.js";
import { randomTrace } from "../trace.js";

const WORDS = ["Good", "Day", "to", "you"];
const INPUT = /** @type {const} */ ({ quantity: "input", timestep: 2, unit: 2 });

/** @param {string} name @param {number} units @param {number} features */
const row = (name, units, features, more = {}) => ({
  ...{ name, units, features, cell: "lstm", return_sequences: true },
  ...more,
});

/** @param {import("../../../static/core/types.js").Layer} layer @param {number} features */
function traceOf(layer, features) {
  const { trace } = randomTrace(WORDS, features, layer.units);
  return { ...trace, layer };
}

test("an input of the first layer is a word's, and of the next the hidden state beneath", () => {
  const layers = [row("a", 3, 5), row("b", 2, 3)];
  const [below, above] = [traceOf(layers[0], 5), traceOf(layers[1], 3)];
  assert.equal(handedOn(below, layers, INPUT), null);
  assert.match(arithmetic(below, null, INPUT)?.terms[0].label ?? "", /of the embedding/);
  const handed = handedOn(above, layers, INPUT);
  assert.deepEqual(handed, { name: "a", source: { layer: "a", timestep: 2, unit: 2 } });
  assert.ok(handed);
  above.steps[1].input[2] = below.steps[1].hidden_state[2];
  const mark = handedMark(above, handed, INPUT, below);
  assert.equal(mark?.run, below);
  const sum = arithmetic(above, null, INPUT, { name: "a", mark });
  assert.equal(sum?.terms[0].label, "handed on by the layer a");
  assert.equal(sum?.terms[0].factors[0].mark, mark);
  assert.equal(sum?.terms[0].text, sum?.sum.text);
});

test("what is not the number that the layer beneath holds says where it comes from, and stays shut", () => {
  const layers = [row("a", 3, 5), row("b", 2, 3)];
  const [below, above] = [traceOf(layers[0], 5), traceOf(layers[1], 3)];
  const handed = handedOn(above, layers, INPUT);
  above.steps[1].input[2] = below.steps[1].hidden_state[2] + 0.5;
  assert.ok(handed);
  assert.equal(handedMark(above, handed, INPUT, below), null);
  const sum = arithmetic(above, null, INPUT, { name: "a", mark: null });
  assert.equal(sum?.terms[0].label, "handed on by the layer a");
  assert.equal(sum?.terms[0].factors[0].mark, null);
});

test("both directions stand side by side, one that reads backward hands on its last word first", () => {
  const both = [row("a/forward", 2, 5), row("a/backward", 2, 5, { go_backwards: true })];
  const above = traceOf(row("b", 2, 4), 4);
  assert.deepEqual(handedOn(above, [...both, above.layer], INPUT), {
    name: "a",
    source: { layer: "a/backward", timestep: 2, unit: 0 },
  });
  const summed = traceOf(row("b", 2, 2), 2);
  const first = { ...INPUT, unit: 0 };
  assert.equal(handedOn(summed, [...both, summed.layer], first)?.source, null);
  const back = row("a", 4, 5, { go_backwards: true });
  assert.equal(handedOn(above, [back, above.layer], INPUT)?.source?.timestep, 3);
});
