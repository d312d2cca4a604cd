/** One unit worked through: its numbers are those of the trace, and its products add up to its sums. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unitFigure } from "../../../static/lenses/unit/figure.js";
import { largestSources, productOf, totalOf, unitRows } from "../../../static/lenses/unit/sums.js";
import { THEMES } from "../../../static/core/theme.js";
import { declaredTrace } from "../declared.js";
import { atEveryWidth } from "../figures.js";
import { otherTrace, parts, randomTrace } from "../trace.js";

const WORDS = ["Good", "Day", "\u0928\u092e\u0938\u094d\u0924\u0947", "<b>", "the", "the"];
const CURSOR = { timestep: 2, unit: 1 };

/** @type {[string, () => {trace: any, weights: any}][]} */
const CELLS = [
  ["LSTM", () => randomTrace(WORDS, 5, 3)],
  ["GRU, reset after", () => otherTrace("gru", WORDS, 5, 3)],
  ["GRU, reset before", () => otherTrace("gru_reset_before", WORDS, 5, 3)],
  ["simple RNN", () => otherTrace("simple_rnn", WORDS, 5, 3)],
  ["coupled LSTM", () => declaredTrace("lstm_coupled", WORDS, 5, 3)],
  ["MGU", () => declaredTrace("mgu", WORDS, 5, 3)],
  ["a cell without a name", () => declaredTrace("nameless", WORDS, 5, 3)],
];

for (const [name, make] of CELLS) {
  test(`the products of a unit of ${name} add up to its sums`, () => {
    const { trace, weights } = make();
    for (const { gate, terms, sum, value } of unitRows(trace, weights, CURSOR)) {
      const all = [...terms.input, ...terms.hidden, ...terms.bias, ...terms.state];
      assert.ok(Math.abs(totalOf(all) - /** @type {number} */ (sum)) < 1e-9, gate);
      assert.equal(terms.input.length, 5);
      assert.equal(terms.hidden.length, 3);
      assert.equal(value, trace.steps[1][gate][1]);
    }
  });

  test(`a unit of ${name} is drawn at every width, and every number opens`, () => {
    const { trace, weights } = make();
    atEveryWidth(
      (options) => unitFigure(trace, { ...options, weights }),
      CURSOR,
      (figure) => {
        const { hits, boxes } = parts(figure);
        assert.equal(2 * hits.customdata.length, boxes.x.length); // each a box and its gauge
        assert.ok(hits.customdata.every(Boolean));
      },
    );
  });
}

test("of a wide layer the largest products are shown, and the others together", () => {
  const { trace, weights } = randomTrace(WORDS, 512, 64);
  const rows = unitRows(trace, weights, CURSOR);
  const shown = largestSources(rows, trace.layer, 9);
  assert.equal(shown.input.length + shown.hidden.length, 7);
  const sizes = (/** @type {"input" | "hidden"} */ side) =>
    rows[0].terms[side].map((_, k) =>
      Math.max(...rows.map(({ terms }) => Math.abs(productOf(terms[side][k])))),
    );
  const [input, hidden] = [sizes("input"), sizes("hidden")];
  const least = Math.min(
    ...shown.input.map((k) => input[k]),
    ...shown.hidden.map((k) => hidden[k]),
  );
  const left = [
    ...input.filter((_, k) => !shown.input.includes(k)),
    ...hidden.filter((_, k) => !shown.hidden.includes(k)),
  ];
  assert.ok(left.every((size) => size <= least));
  const figure = unitFigure(trace, { ...CURSOR, theme: THEMES.light, width: 900, weights });
  assert.ok(parts(figure).words.some((text) => /^5\d\d<br>others$/.test(text)));
});

test("padding and weights that are on their way are said", () => {
  const { trace, weights } = otherTrace("gru", WORDS, 5, 3, 1, [1]);
  const options = { ...CURSOR, theme: THEMES.light, width: 900 };
  const padded = unitFigure(trace, { ...options, weights });
  assert.match(padded.layout.meta.label, /padding/);
  const early = parts(unitFigure(randomTrace(WORDS, 5, 3).trace, { ...options, weights: null }));
  assert.ok(early.words.includes("the weights are on their way"));
});
