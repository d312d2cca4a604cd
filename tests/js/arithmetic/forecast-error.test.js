import assert from "node:assert/strict";
import { test } from "node:test";
import { errorsOf } from "../../../static/arithmetic/forecast-error.js";
import { forecastFigure } from "../../../static/lenses/forecast/figure.js";
import { forecastCaption } from "../../../static/lenses/forecast/words.js";
import { plainText } from "../../../static/words/sentence.js";
import { THEMES } from "../../../static/core/theme.js";

/** @param {number[][]} inputs @param {number[][]} said */
const traceOf = (inputs, said) =>
  /** @type {any} */ ({ asked: { inputs }, answer: { by_timestep: said } });

const SERIES = [[0], [3], [0], [3]];

test("errors are of what was foretold one step before, beside the last number again", () => {
  assert.deepEqual(errorsOf(SERIES, [[3], [0], [3], [9]]), { model: 0, echo: 3, count: 3 });
  assert.deepEqual(errorsOf(SERIES, SERIES), { model: 3, echo: 3, count: 3 });
  const two = [
    [0, 0],
    [3, 4],
  ];
  assert.deepEqual(errorsOf(two, two), { model: Math.sqrt(12.5), echo: Math.sqrt(12.5), count: 1 });
  assert.equal(errorsOf([[1]], [[2]]), null);
});

test("the caption says whether a forecast is more than an echo", () => {
  const says = (/** @type {number[][]} */ said) =>
    plainText(forecastCaption(traceOf(SERIES, said)));
  assert.match(says([[3], [0], [3], [0]]), /off by 0\.000.*off by 3\.000.*does more than echo/);
  assert.match(says(SERIES), /no better than an echo/);
  assert.match(says([[0.1], [2.9], [0.1], [0]]), /hardly more than an echo/);
  assert.match(plainText(forecastCaption(traceOf([[1]], [[2]]))), /takes two/);
});

test("the figure has what came, what was foretold a timestep later, and the cursor's roll-out", () => {
  const trace = traceOf(SERIES, [[3], [0], [3], [0.5]]);
  const options = { theme: THEMES.light, width: 600, timestep: 2 };
  const { data, layout } = forecastFigure(trace, options, [[1], [2]]);
  const lines = /** @type {any[]} */ (data);
  assert.deepEqual(
    lines.map(({ x, y }) => [x, y]),
    [
      [
        [1, 2, 3, 4],
        [0, 3, 0, 3],
      ],
      [
        [2, 3, 4, 5],
        [3, 0, 3, 0.5],
      ],
      [
        [2, 3, 4],
        [3, 1, 2],
      ],
    ],
  );
  assert.deepEqual(layout.meta.table.rows[2], ["3", "0.000", "0.000", "1.000"]);
  assert.equal(layout.meta.table.rows.length, 5);
  assert.equal(forecastFigure(trace, options, null).data.length, 2);
});
