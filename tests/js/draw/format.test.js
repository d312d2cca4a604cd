import assert from "node:assert/strict";
import { test } from "node:test";
import { compact, fixed, signed } from "../../../static/draw/format.js";
import {
  escapeText,
  forTokens,
  stepName,
  textWidth,
  truncate,
  withBase,
  word,
} from "../../../static/draw/text.js";

test("negative numbers carry a real minus sign", () => {
  assert.equal(fixed(-0.125, 3), "\u22120.125");
  assert.equal(signed(-2, 1), "\u2212 2.0");
  assert.equal(signed(2, 1), "+ 2.0");
});

test("what rounds to zero has no sign", () => {
  assert.equal(fixed(-0.001), "0.00");
  assert.equal(signed(-0.00001), "+ 0.0000");
});

test("a value box never holds more than six characters", () => {
  for (let power = -6; power < 9; power++) {
    for (const digit of [1, 9.99, 9.996, 5.55]) {
      const text = compact(-digit * 10 ** power);
      assert.ok([...text].length <= 6, text);
    }
  }
});

test("what a visitor wrote is never read as markup", () => {
  assert.equal(escapeText("<b>&amp;"), "&lt;b&gt;&amp;amp;");
  assert.ok(!word("<img src=x>").includes("<"));
});

test("a word is isolated from the direction of its neighbours", () => {
  const text = word("\u0645\u0631\u062d\u0628\u0627");
  assert.equal(text[0], "\u2068");
  assert.equal(text.at(-1), "\u2069");
});

test("a long word is cut to its width and ends in an ellipsis", () => {
  const text = truncate("Donaudampfschifffahrtsgesellschaft", 100, 14);
  assert.ok(text.endsWith("\u2026"));
  assert.ok(textWidth(text, 14) <= 114);
  assert.equal(truncate("Day", 100, 14), "Day");
});

test("a cut never falls inside what a reader takes for one character", () => {
  const family = "\u{1f469}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";
  const cut = truncate(family.repeat(9), 60, 14);
  assert.equal(cut.replaceAll(family, ""), "\u2026");
});

test("what is said of words can be said of a series of numbers", () => {
  assert.equal(
    forTokens(
      "Each word of a sentence, in other words: Words before this word’s vector.",
      "numbers",
    ),
    "Each timestep of a series, in other words: Timesteps before this timestep’s vector.",
  );
  const series = { tokens: [{ text: "1", id: null }] };
  assert.deepEqual([stepName(series), stepName(series, 2)], ["timestep", "timesteps"]);
  assert.equal(stepName({ tokens: [{ text: "Pune", id: 3 }] }), "word");
  assert.equal(forTokens("The words of a sentence", "characters"), "The characters of a text");
  const tokens = ["[", "\n", "é"].map((text) => ({ text, id: 3 }));
  assert.equal(stepName({ tokens, asked: { sentence: "[\né" } }, 2), "characters");
  assert.equal(stepName({ tokens: tokens.slice(0, 1), asked: { sentence: "[ ," } }), "word");
});

test("a character that cannot be seen has a sign", () => {
  assert.deepEqual([" ", "\n", "\t", "a "].map(withBase), ["\u2423", "\u21b5", "\u21e5", "a "]);
});

test("marks stand on a dotted circle where they have no letter", () => {
  assert.equal(word("\u0301\u0302"), "\u2068\u25cc\u0301\u0302\u2069");
  for (const text of ["हूँ", "e\u0301", "❤️"]) assert.equal(word(text), `\u2068${text}\u2069`);
});

test("a run whose question is not known tells characters by their signs", () => {
  const tokens = (/** @type {string} */ text) => [...text].map((one) => ({ text: one, id: 3 }));
  assert.equal(stepName({ tokens: tokens('{"a') }), "character");
  assert.equal(stepName({ tokens: tokens("Ia") }), "word");
  assert.equal(
    forTokens("Another word, in other words", "characters"),
    "Another character, in other words",
  );
});
