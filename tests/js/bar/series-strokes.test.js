/** Series that are drawn by hand. */
import assert from "node:assert/strict";
import test from "node:test";

import { dragged, limitsOf, nudged, yOf } from "../../../static/bar/series-strokes.js";

const ROWS = [0, 1, 2, 3, 4].map((t) => [0, t]);

test("a stroke sets what it passes onto a line, and nothing else", () => {
  assert.deepEqual(
    dragged(ROWS, 0, 1, 3, 0.5).map(([value]) => value),
    [0, 0, 0.25, 0.5, 0],
  );
  assert.deepEqual(
    dragged(ROWS, 1, 4, 2, 0).map(([, value]) => value),
    [0, 1, 0, 2, 4],
  );
  assert.deepEqual(
    dragged(ROWS, 0, 2, 2, -0.123456).map(([value]) => value),
    [0, 0, -0.1235, 0, 0],
  );
  assert.deepEqual(ROWS[2], [0, 2]);
});

test("a scale holds all numbers, and is never narrower than -1 to 1", () => {
  assert.deepEqual(limitsOf([[0.2], [-0.9]]), [-1, 1]);
  assert.deepEqual(limitsOf([[0, -8]]), [-10, 10]);
  const room = { height: 64, pad: 8, low: -1, high: 1 };
  assert.deepEqual(
    [1, 0, -1].map((value) => yOf(value, room)),
    [8, 32, 56],
  );
});

test("an arrow key moves one point by a fortieth of the scale", () => {
  assert.deepEqual(
    nudged([[0], [0.5]], 0, 1, -1).map(([value]) => value),
    [0, 0.45],
  );
});
