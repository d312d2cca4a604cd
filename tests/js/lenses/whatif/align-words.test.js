import assert from "node:assert/strict";
import { test } from "node:test";
import { align } from "../../../../static/lenses/whatif/align-words.js";

/** @param {string} first @param {string} second */
function shown(first, second) {
  const [a, b] = [first.split(" "), second.split(" ")];
  return align(a, b)
    .map((pair) => {
      const [own, other] = [
        pair.a === null ? "-" : a[pair.a - 1],
        pair.b === null ? "-" : b[pair.b - 1],
      ];
      return pair.same ? own : `${own}/${other}`;
    })
    .join(" ");
}

test("equal sentences stand word against word, whatever their case", () => {
  assert.equal(shown("I live in Pune", "i live in pune"), "I live in Pune");
});

test("a word put in or left out moves the rest along", () => {
  assert.equal(shown("not good", "not very good"), "not -/very good");
  assert.equal(shown("not very good", "not good"), "not very/- good");
  assert.equal(shown("good", "very good indeed"), "-/very good -/indeed");
});

test("a word in another's place stands against it", () => {
  assert.equal(shown("in Pune now", "in Delhi now"), "in Pune/Delhi now");
});

test("the same word twice is told apart by where it stands", () => {
  assert.equal(shown("the cat saw the dog", "the cat saw the black dog").split(" ").length, 6);
});

test("every word of both stands somewhere, in order and once", () => {
  const [a, b] = ["a b c d e f b", "b c x d f g b a"].map((text) => text.split(" "));
  const pairs = align(a, b);
  for (const [side, words] of /** @type {const} */ ([
    ["a", a],
    ["b", b],
  ])) {
    const timesteps = pairs.map((pair) => pair[side]).filter((t) => t !== null);
    assert.deepEqual(
      timesteps,
      words.map((_, k) => k + 1),
    );
  }
  assert.ok(pairs.every((pair) => pair.a !== null || pair.b !== null));
});

test("400 words are aligned in no time", () => {
  const words = Array.from({ length: 400 }, (_, k) => `w${k % 37}`);
  assert.equal(align(words, words.slice(3)).filter(({ same }) => same).length, 397);
});
