import assert from "node:assert/strict";
import { test } from "node:test";
import { flightFrames, isNewWord } from "../../../static/lenses/cell/flight.js";
import { readingTime } from "../../../static/timeline/play.js";
import { randomTrace } from "../trace.js";

test("a value passes the corners of its wire at an even pace, and only its place and opacity change", () => {
  const frames = flightFrames([
    [0, 0],
    [30, 0],
    [30, 10],
  ]);
  const offsets = frames.map(({ offset }) => offset);
  assert.deepEqual(
    offsets,
    [...offsets].sort((one, other) => Number(one) - Number(other)),
  );
  const corner = frames.find(({ offset }) => offset === 0.75);
  assert.match(String(corner?.transform), /^translate\(30px, 0px\)/);
  const moved = new Set(frames.flatMap((frame) => Object.keys(frame)));
  assert.deepEqual([...moved].sort(), ["offset", "opacity", "transform"]);
  assert.deepEqual([frames[0].offset, frames[frames.length - 1].offset], [0, 1]);
});

const shown = (/** @type {string[]} */ words, at = words.length) => ({
  trace: randomTrace(words, 3, 2).trace,
  at,
});

test("the next word plays, and of a sentence that grows the new word alone", () => {
  const pune = shown(["in", "Pune"]);
  assert.ok(isNewWord({ ...pune, at: 1 }, pune));
  assert.ok(!isNewWord(pune, { ...pune, at: 1 }));
  assert.ok(isNewWord(pune, shown(["in", "Pune", "now"])));
  assert.ok(isNewWord(pune, shown(["in", "Puner"])), "a word that is still typed");
  assert.ok(!isNewWord(pune, shown(["in", "Pune"])), "what is held at a value is no new word");
  assert.ok(!isNewWord(pune, shown(["at", "Pune", "now"])), "another sentence");
  assert.ok(!isNewWord(pune, shown(["in", "Pune", "now"], 1)), "the cursor is elsewhere");
});

test("a phase stays as long as its words take to be read, within bounds", () => {
  assert.equal(readingTime("Hidden state"), 2200);
  assert.equal(readingTime("one two three four five six seven eight nine ten"), 2400);
  assert.equal(readingTime("word ".repeat(60)), 5000);
});
