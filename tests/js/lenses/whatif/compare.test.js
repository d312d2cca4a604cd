import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compareFigure,
  compareGeometry,
  comparison,
  firstParting,
  sameUnits,
  sharedQuantities,
} from "../../../../static/lenses/whatif/compare-figure.js";
import { comparisonCaption } from "../../../../static/lenses/whatif/compare-words.js";
import { swapsCaption } from "../../../../static/lenses/whatif/swaps-words.js";
import { swapsFigure } from "../../../../static/lenses/whatif/swaps-figure.js";
import { plainText } from "../../../../static/words/sentence.js";
import { THEMES } from "../../../../static/core/theme.js";
import { prediction } from "../../explained.js";
import { atEveryWidth } from "../../figures.js";
import { parts, randomTrace } from "../../trace.js";

const theme = THEMES.light;
const traceOf = (/** @type {string} */ text, units = 3) =>
  randomTrace(text.split(" "), 3, units).trace;

/** @param {import("../../../../static/lenses/whatif/compare-figure.js").Comparison} compared
 * @param {import("../../../../static/lenses/whatif/compare-figure.js").Side} side
 * @param {import("../../../../static/core/types.js").Quantity} [quantity] */
const build = (compared, side, quantity = "cell_state") =>
  /** @type {any} */ (compareFigure(compared, { side, quantity, unit: 0, theme, width: 800 }));

test("a column is a pair of words, blank where only the other has one", () => {
  const compared = comparison(traceOf("not good"), traceOf("not very good"));
  const [here, there, both] = /** @type {const} */ (["a", "b", "difference"]).map(
    (side) => build(compared, side).data[0].z,
  );
  assert.deepEqual(here[0], [
    compared.a.steps[0].cell_state[0],
    null,
    compared.a.steps[1].cell_state[0],
  ]);
  assert.equal(there[2][1], compared.b.steps[1].cell_state[2]);
  assert.equal(both[1][1], null);
  assert.equal(both[1][2], there[1][2] - here[1][2]);
});

test("both runs and their difference have one scale", () => {
  const compared = comparison(traceOf("a b c"), traceOf("a x c"));
  const scales = /** @type {const} */ (["a", "b", "difference"]).map(
    (side) => build(compared, side).data[0].zmax,
  );
  assert.equal(new Set(scales).size, 1);
  assert.deepEqual(
    [build(compared, "a", "input_gate"), build(compared, "difference", "input_gate")].map(
      ({ data }) => [data[0].zmin, data[0].zmax],
    ),
    [
      [0, 1],
      [-1, 1],
    ],
  );
});

test("runs part at the first word that is another, or the first state that is", () => {
  const a = traceOf("a b c d");
  assert.equal(firstParting(comparison(a, traceOf("a b c d"))), -1);
  assert.equal(firstParting(comparison(a, traceOf("a b x d"))), 2);
  assert.equal(firstParting(comparison(a, traceOf("a b c"))), 3);
  const steps = a.steps.map((step, t) => (t === 1 ? { ...step, cell_state: [9, 9, 9] } : step));
  assert.equal(firstParting(comparison(a, { ...a, steps })), 1);
  const other = { ...a, model: { ...a.model, id: "other" } };
  assert.equal(firstParting(comparison(a, other)), 0);
});

test("runs of different sizes have no unit in common", () => {
  const compared = comparison(traceOf("a b", 3), traceOf("a b", 5));
  assert.equal(sameUnits(compared), false);
  assert.equal(build(compared, "b").data[0].z.length, 5);
});

test("of two cells only what both have is shown", () => {
  const a = traceOf("a b");
  const rnn = {
    ...a,
    steps: a.steps.map(({ timestep, token, input, hidden_state }) => ({
      timestep,
      token,
      input,
      hidden_state,
    })),
  };
  assert.deepEqual(sharedQuantities(comparison(a, /** @type {any} */ (rnn))), ["hidden_state"]);
});

test("where they part is marked and said", () => {
  const compared = comparison(traceOf("I live in Pune"), traceOf("I live in Delhi"));
  const figure = build(compared, "difference");
  assert.equal(figure.layout.shapes[0].x0, 3.5);
  const text = plainText(comparisonCaption(compared, firstParting(compared))).replace(
    /[\u2068\u2069]/g,
    "",
  );
  assert.equal(text, "They part at “Pune” against “Delhi”; until then every state is the same.");
  const longer = comparison(traceOf("good"), traceOf("very good"));
  assert.match(plainText(comparisonCaption(longer, 0)), /“.very.”, which is only there\.$/u);
});

test("cells lie where the cursor is told, and words are escaped", () => {
  const compared = comparison(traceOf("a <b>x</b>"), traceOf("a c"));
  const figure = build(compared, "difference");
  const at = compareGeometry(compared, { side: "difference", unit: 0, width: 800 });
  assert.equal(figure.layout.margin.t, at.top);
  assert.ok(Math.abs(800 - at.left - at.right - at.width) < 1e-9);
  assert.ok(!JSON.stringify(figure.layout.xaxis).includes("<b>"));
});

test("of a large layer a page of units around the cursor is compared, and named", () => {
  const compared = comparison(traceOf("not good", 512), traceOf("very good", 300));
  const options = { quantity: /** @type {const} */ ("cell_state"), theme, width: 800, unit: 400 };
  const [here, there] = ["a", "b"].map((side) => {
    const figure = compareFigure(compared, { ...options, side: /** @type {"a" | "b"} */ (side) });
    return /** @type {any} */ (figure);
  });
  assert.deepEqual([here.data[0].y[0], here.data[0].y.at(-1)], [384, 511]);
  assert.deepEqual([there.data[0].y[0], there.data[0].y.at(-1)], [172, 299]);
  assert.ok(JSON.stringify(here.layout.annotations).includes("units 384\u2013511 of 512"));
  assert.ok(here.layout.height < 600);
  assert.equal(here.data[0].customdata[0][0].unit, 384);
});

const swap = (/** @type {string} */ text, /** @type {number} */ yes, known = true) => ({
  text,
  known,
  prediction: prediction(yes),
  run: { ...traceOf(text), prediction: prediction(yes) },
});

test("swapped words are bars of the same answer's probability, at every width", () => {
  const swaps = [swap("good", 0.9), swap("<u>bad</u>", 0.2), swap("fine", 0.8)];
  atEveryWidth(
    (options) => swapsFigure(swaps, { ...options, label: "yes" }),
    { timestep: 1, unit: 0 },
    (figure) => {
      assert.deepEqual(
        figure.layout.meta.table.rows.map((/** @type {any[]} */ [, { text }, answer]) => [
          text,
          answer,
        ]),
        [
          ["0.9000", "yes"],
          ["0.2000", "no"],
          ["0.8000", "yes"],
        ],
      );
      const { text } = figure.data.find((/** @type {any} */ { customdata }) => customdata);
      assert.ok(!JSON.stringify([text, parts(figure).text.text]).includes("<u>"));
    },
  );
});

test("what another word makes the model say is whole on a phone", () => {
  const named = (/** @type {ReturnType<typeof swap>} */ one) => ({
    ...one,
    prediction: { ...one.prediction, labels: ["not said yet", "yes"] },
  });
  const swaps = [named(swap("good", 0.9)), named(swap("bad", 0.2))];
  const { data } = swapsFigure(swaps, { label: "yes", theme, width: 328 });
  assert.match(JSON.stringify(data), /20% says not said yet/);
});

test("the sentence names the word that moves the answer most, and those unknown", () => {
  const swaps = [swap("good", 0.9), swap("fine", 0.8), swap("awful", 0.2, false)];
  const text = plainText(swapsCaption(swaps, "yes")).replace(/[\u2068\u2069]/g, "");
  assert.match(text, /^“awful” in place of “good” moves the answer most: the answer changes from/);
  assert.match(text, /“yes” \(90%\) to “no” \(80%\)\. The model does not know “awful”\.$/);
});
