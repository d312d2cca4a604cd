import assert from "node:assert/strict";
import { test } from "node:test";
import { timestepAt, wordColumns } from "../../../static/timeline/columns.js";

const PUNE = "I live in Pune but right now I stay in Hyderabad".split(" ");
const room = { size: 14, least: 24 };

/** @param {number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

test("words that fit share what room is left, and a longer word has a wider column", () => {
  const { widths, starts, total } = wordColumns(PUNE, { ...room, width: 900 });
  assert.ok(Math.abs(total - 900) < 1e-9);
  assert.ok(Math.abs(sum(widths) - 900) < 1e-9);
  assert.equal(starts[0], 0);
  starts.slice(1).forEach((start, k) => assert.ok(Math.abs(start - starts[k] - widths[k]) < 1e-9));
  assert.ok(widths[10] > widths[0]);
});

test("a few words stand near one another", () => {
  const { total } = wordColumns(["Good", "Day"], { ...room, width: 1200 });
  assert.ok(total < 400, `${total}`);
});

test("where room is a little short the text shrinks, and no word is cut", () => {
  const wide = wordColumns(PUNE, { ...room, width: 1 });
  const { widths, size, total } = wordColumns(PUNE, { ...room, width: 0.95 * wide.total });
  assert.ok(size < 14 && size > 12.5, `${size}`);
  assert.ok(total <= 0.95 * wide.total + 1e-9);
  const shrunk = wordColumns(PUNE, { ...room, size, width: 1 }).widths;
  widths.forEach((width, k) => assert.ok(width >= shrunk[k], `${PUNE[k]}: ${width}`));
});

test("where room is shorter the longest give way and the others stay as they are", () => {
  /** @param {string} text @param {number} size */
  const measure = (text, size) => 0.5 * size * text.length; // exact, so that sizes compare
  const whole = wordColumns(PUNE, { ...room, size: 12.6, width: 1 }, measure).widths;
  const width = sum(whole) - 20;
  const { widths, total } = wordColumns(PUNE, { ...room, width }, measure);
  assert.ok(Math.abs(total - width) < 1e-9);
  assert.ok(Math.abs(widths[10] - (whole[10] - 20)) < 1e-9);
  whole.slice(0, 10).forEach((one, k) => assert.ok(Math.abs(widths[k] - one) < 1e-9));
});

test("many words are wider than their room, whole, and each can be hit", () => {
  const words = Array.from({ length: 385 }, (_, k) => `${k + 1}`);
  const { widths, total } = wordColumns(words, { ...room, least: 36, width: 358 });
  assert.ok(total >= 385 * 36);
  assert.ok(widths.every((width) => width >= 36));
  const [longest] = wordColumns(["W".repeat(60), ...words], { ...room, width: 358 }).widths;
  assert.ok(longest < 300, `${longest}`);
});

test("a place is in the column that holds it, and outside in the nearest", () => {
  const columns = { starts: [0, 30, 80], widths: [30, 50, 40], total: 120, size: 14 };
  assert.deepEqual(
    [-5, 0, 29, 30, 79, 80, 119, 500].map((x) => timestepAt(columns, x)),
    [1, 1, 1, 2, 2, 3, 3, 3],
  );
});
