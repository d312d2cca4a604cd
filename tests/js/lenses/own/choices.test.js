import assert from "node:assert/strict";
import test from "node:test";

import { labelOf, saidOf, valueText } from "../../../../static/lenses/own/choice-words.js";
import { piecesOf } from "../../../../static/lenses/own/refusal.js";

const READS = {
  option: "reads",
  text: "The dense layer reads the last hidden state (reads: last_state).",
  chosen: "last_state",
  values: ["last_state", "average"],
};

test("choices have words for people, and their own names where there are none", () => {
  assert.equal(labelOf(READS), "The dense layer reads");
  assert.equal(labelOf({ ...READS, option: "activations" }, "fc"), "Activation of fc");
  assert.equal(labelOf({ ...READS, option: "other" }), "other");
  assert.equal(valueText("reads", "average"), "the average over the timesteps");
  assert.equal(valueText("mask_zero", true), "is padding (mask_zero)");
  assert.equal(valueText("dense_order", ["a", "b"]), "a, then b");
  assert.equal(valueText("before", []), "none");
  assert.equal(valueText("repeats", null), "none: it reads every state");
  assert.equal(valueText("cell_activation", "relu"), "relu");
});

test("what the owner has said is what is chosen and not assumed", () => {
  const repeats = { ...READS, option: "repeats", text: "read 4 times", chosen: 4 };
  const none = { ...READS, option: "part", text: "parts", chosen: null };
  assert.deepEqual(saidOf([READS, repeats, none], [READS.text]), { repeats: 4 });
});

test("lines of code are told from prose", () => {
  const pieces = piecesOf(
    'This is a pickle. See:\nimport pickle\nwith open("A.pkl", "rb") as file:\n    model = pickle.load(file)\nBring that.',
  );
  assert.deepEqual(
    pieces.map(({ code }) => code),
    [false, true, false],
  );
  assert.match(pieces[1].text, /^import pickle\nwith open.*\n {4}model/);
  assert.deepEqual(piecesOf("One line."), [{ code: false, text: "One line." }]);
});
