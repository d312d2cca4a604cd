import assert from "node:assert/strict";
import { test } from "node:test";
import { cellFigure } from "../../../static/cells/diagram.js";
import { cellOf } from "../../../static/cells/kinds.js";
import { computedBy, concernedIn, phasesOf } from "../../../static/cells/phases.js";
import { THEMES } from "../../../static/core/theme.js";
import { phaseEquations } from "../../../static/inspector/phase-equation.js";
import { phaseWords } from "../../../static/inspector/phase-words.js";
import { plainText } from "../../../static/words/sentence.js";
import { unitFigure } from "../../../static/lenses/unit/figure.js";
import { travelling } from "../../../static/lenses/cell/travelling.js";
import { DECLARED, declaredTrace } from "../declared.js";
import { otherTrace, randomTrace } from "../trace.js";

const WORDS = ["Good", "Day", "to", "you"];
const theme = THEMES.light;
const number = (/** @type {string} */ text) => Number(text.replace("\u2212", "-"));

/** @type {[name: string, trace: import("../../../static/core/types.js").Trace][]} */
const CASES = [
  ["lstm", randomTrace(WORDS, 4, 3).trace],
  ...["gru", "gru_reset_before", "simple_rnn"].map(
    (cell) => /** @type {any} */ ([cell, otherTrace(/** @type {any} */ (cell), WORDS, 4, 3).trace]),
  ),
  ...Object.keys(DECLARED).map(
    (cell) => /** @type {any} */ ([cell, declaredTrace(cell, WORDS, 4, 3).trace]),
  ),
];

/** @param {string} name */
const kindsOf = (name) => {
  const [, trace] = /** @type {(typeof CASES)[number]} */ (CASES.find(([cell]) => cell === name));
  return phasesOf(cellOf(trace)).map(({ kind, quantities }) => [kind, ...quantities].join(" "));
};

test("an LSTM's word has the eight phases of its equations, in their order", () => {
  assert.deepEqual(kindsOf("lstm"), [
    "arrive",
    "gates forget_gate input_gate candidate output_gate",
    "product cell_state",
    "product cell_state",
    "sum cell_state",
    "squash cell_state",
    "product hidden_state",
    "leave hidden_state",
  ]);
});

test("a GRU resets the past before its candidate, and a simple RNN is one sum", () => {
  assert.deepEqual(kindsOf("gru").slice(1, 4), [
    "gates update_gate reset_gate",
    "reset reset_gate",
    "gates candidate",
  ]);
  assert.deepEqual(kindsOf("simple_rnn"), ["arrive", "gates hidden_state", "leave hidden_state"]);
});

for (const [name, trace] of CASES) {
  const cell = cellOf(trace);
  const phases = phasesOf(cell);
  const cursor = { timestep: 2, unit: 1 };
  /** Whether the state that leaves has been said. @param {(typeof phases)[number]} phase */
  const isOver = ({ kind }) => kind === "leave" && cell.states.length === 1;

  test(`${name}: every wire is there in the end, and what moves moves on a wire`, () => {
    for (const width of [390, 1100]) {
      const figure = cellFigure(trace, { ...cursor, theme, width });
      const tags = new Set((figure.layout.meta.flows ?? []).map(({ tag }) => tag));
      const all = computedBy(cell, phases.length - 1);
      assert.deepEqual(
        [...tags].filter((tag) => !all.has(tag)),
        [],
      );
      assert.ok(phases.some(({ moves }) => moves.some((tag) => tags.has(tag))));
    }
  });

  test(`${name}: a phase is about what is there by then, and says its equation`, () => {
    phases.forEach((phase, k) => {
      const there = computedBy(cell, k);
      const concerned = [...concernedIn(cell, k)];
      assert.deepEqual(
        concerned.filter((tag) => !there.has(tag)),
        [],
      );
      assert.ok(concerned.length > 0);
      const letters = phaseEquations(trace, phase).map((line) => line.map(({ text }) => text));
      assert.equal(letters.length > 0, !["arrive", "reset"].includes(phase.kind) && !isOver(phase));
    });
  });

  test(`${name}: one unit worked through is there in the end, and less of it in each phase before`, () => {
    for (const width of [390, 1100]) {
      const drawn = (/** @type {number | null} */ phase) =>
        JSON.stringify(unitFigure(trace, { ...cursor, theme, width, phase }).layout);
      const all = phases.map((_, k) => drawn(k));
      assert.equal(all[phases.length - 1], drawn(null));
      const silent = phases.filter(({ kind }) => ["reset", "derived", "leave"].includes(kind));
      assert.ok(new Set(all).size >= phases.length - silent.length);
    }
  });

  test(`${name}: each phase lights more, and has a title and a sentence`, () => {
    phases.forEach((phase, k) => {
      assert.ok(computedBy(cell, k).size >= (k > 0 ? computedBy(cell, k - 1).size : 1));
      const { title, says } = phaseWords(trace, phase, cursor);
      assert.match(title, /^\p{Lu}/u);
      assert.doesNotMatch(plainText(says), /undefined|NaN/);
    });
  });

  test(`${name}: the products in the words come to the state that the trace holds`, () => {
    const sums = phases.filter(({ kind }) => kind === "sum");
    for (const phase of sums) {
      const [state] = phase.quantities;
      const [left, right] = plainText(phaseWords(trace, phase, cursor).says)
        .split(":")[0]
        .split("=");
      const terms = left.split(" + ").map((text) => number(text.replace(/[()]/g, "")));
      const total = number(right);
      const shown = terms.reduce((sum, term) => sum + term, 0);
      assert.ok(Math.abs(shown - total) < 1e-9, `${left} = ${right}`);
      assert.ok(Math.abs(total - trace.steps[1][state][1]) < 0.006, right);
    }
    assert.equal(sums.length, Object.keys(cell.updates).includes(cell.states[0]) ? 1 : 0);
  });

  test(`${name}: a gate's number travels from the gate, and all numbers of a word together`, () => {
    for (const { tag, quantity } of cell.gates) {
      const shown = number(travelling(trace, tag, cursor));
      assert.ok(Math.abs(shown - trace.steps[1][quantity][1]) < 0.0051, tag);
    }
    assert.equal(travelling(trace, "x", cursor), "");
    assert.ok(
      Math.abs(number(travelling(trace, "h", cursor)) - trace.steps[1].hidden_state[1]) < 0.0051,
    );
  });
}
