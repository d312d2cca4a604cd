import assert from "node:assert/strict";
import { test } from "node:test";
import { headline } from "../../../static/inspector/headline-words.js";
import {
  memoryKeptAt,
  leastKept,
  mostForgottenAt,
  memorySharesAt,
} from "../../../static/arithmetic/memory-kept.js";
import { openingCursor } from "../../../static/arithmetic/opening-cursor.js";
import { turningPoint } from "../../../static/arithmetic/answer-turns.js";
import { plainText } from "../../../static/words/sentence.js";
import { otherTrace, randomTrace } from "../trace.js";
import { adds } from "../sums.js";

/** A trace of two units whose gates and states are given. @param {any[]} steps */
function traceOf(steps) {
  const { trace } = randomTrace(
    steps.map((_, k) => ["Pune", "but", "Hyderabad"][k]),
    3,
    2,
  );
  return { ...trace, steps: trace.steps.map((step, k) => ({ ...step, ...steps[k] })) };
}

const steps = [
  { forget_gate: [0.5, 0.5], input_gate: [1, 1], candidate: [0.8, -0.4], cell_state: [0.8, -0.4] },
  { forget_gate: [1, 1], input_gate: [0, 0], candidate: [0, 0], cell_state: [0.8, -0.4] },
  { forget_gate: [0, 0.5], input_gate: [1, 0], candidate: [-0.9, 0], cell_state: [-0.9, -0.2] },
];

test("how much a forget gate keeps counts each unit by the size of what it holds", () => {
  const trace = traceOf(steps);
  assert.equal(memoryKeptAt(trace, 1), null, "nothing to forget yet");
  assert.equal(memoryKeptAt(trace, 2), 1);
  assert.ok(Math.abs((memoryKeptAt(trace, 3) ?? 0) - 0.2 / 1.2) < 1e-12);
  assert.equal(leastKept(trace)?.timestep, 3);
});

test("the word that loses most is named with what was left of it before and after", () => {
  const loser = mostForgottenAt(traceOf(steps), 3);
  assert.equal(loser?.source, 1);
  assert.equal(loser.before, 1);
  assert.ok(Math.abs(loser.after - 0.2 / 1.2) < 1e-12);
  assert.equal(loser.unit, 0, "the unit in which it loses most");
  assert.equal(loser.held, 0.8);
});

test("a masked word neither writes nor drops anything", () => {
  const masked = traceOf(steps.map((step, k) => (k === 1 ? { ...step, masked: true } : step)));
  masked.steps[1] = { ...masked.steps[1], forget_gate: [0, 0], input_gate: [1, 1] };
  assert.equal(memoryKeptAt(masked, 2), null);
  assert.equal(mostForgottenAt(masked, 3)?.before, 1);
});

test("a layer that reads from the end drops what it has read, which stands further on", () => {
  const forward = traceOf(steps);
  const turned = (/** @type {number} */ t) => 4 - t;
  const backward = {
    ...forward,
    layer: { ...forward.layer, go_backwards: true },
    tokens: [...forward.tokens].reverse(),
    steps: [...forward.steps].reverse().map((step, k) => ({ ...step, timestep: k + 1 })),
  };
  const loser = mostForgottenAt(forward, 3);
  assert.deepEqual(
    mostForgottenAt(backward, 1),
    loser && { ...loser, source: turned(loser.source) },
  );
  assert.equal(mostForgottenAt(backward, 3), null, "the last word is read first");
  const parts = memorySharesAt(forward, 3).map((part) => ({
    ...part,
    source: turned(part.source),
  }));
  assert.deepEqual(memorySharesAt(backward, 1), parts.reverse());
  const says = plainText(headline(backward, 1).says);
  assert.match(says, /Hyderabad.* the forget gate drops 83% of what .*Pune.* wrote/);
});

/** A headline's second line as it is read. @param {import("../../../static/core/types.js").Trace} trace
 * @param {number} timestep */
const shown = (trace, timestep) => plainText(headline(trace, timestep).shows);

test("the headline says in words, and in two bars, what the forget gate did", () => {
  const trace = traceOf(steps);
  assert.match(plainText(headline(trace, 1).says), /nothing is in memory to forget yet/);
  assert.match(
    plainText(headline(trace, 2).says),
    /the forget gate stays open: 100% of the memory stays/,
  );
  const { says, picture } = headline(trace, 3);
  assert.match(plainText(says), /Hyderabad.* the forget gate drops 83% of what .*Pune.* wrote/);
  assert.deepEqual(
    picture?.bars.map(({ text }) => text),
    ["100%", "17%"],
  );
  assert.match(
    shown(trace, 3),
    /unit 0, one of the memory’s 2 numbers: of .*Pune.* it held 0.80; times the forget gate, 0.00, that leaves 0.00\./,
  );
});

test("no number of the headline stands there that does not open", () => {
  const { says, shows, picture } = headline(traceOf(steps), 3);
  for (const part of [...says, ...shows].filter((one) => typeof one === "string")) {
    assert.doesNotMatch(String(part), /\d[.%]/);
  }
  const openings = [...says, ...shows].flatMap((part) => (typeof part === "string" ? [] : [part]));
  assert.deepEqual(
    openings.map(({ mark }) => mark.quantity),
    ["sum", "sum", "forget_gate", "sum"],
  );
  for (const { mark } of [...openings, ...(picture?.bars ?? [])]) {
    if (mark.quantity === "sum") adds(mark.work(null));
  }
});

test("a GRU's headline speaks of its update gate, and a simple RNN's of none", () => {
  const { trace: gru } = otherTrace("gru", ["Pune", "but", "Hyderabad"], 3, 2);
  assert.match(plainText(headline(gru, 3).says), /update gate/);
  const { trace: simple } = otherTrace("simple_rnn", ["Pune", "Goa"], 3, 2);
  assert.match(plainText(headline(simple, 2).says), /written anew/);
  assert.equal(headline(simple, 2).picture, null);
});

/** What a trained model would say after each word, of two labels. @param {number[]} first */
function answering(first) {
  const { trace } = randomTrace(
    first.map((_, k) => `w${k}`),
    3,
    2,
  );
  const by_timestep = first.map((p) => [p, 1 - p]);
  const prediction = { output: [], labels: ["Pune", "Goa"], probabilities: [], by_timestep };
  const model = { id: "m", title: "M", provenance: { kind: /** @type {const} */ ("trained") } };
  return { ...trace, model, prediction };
}

test("a page opens at the last word that changes the answer", () => {
  assert.equal(turningPoint(answering([0.5, 1, 0.9, 0.1, 0.2])), 4);
  assert.match(shown(answering([0.5, 1, 0.9, 0.1]), 4), /turns from .*Pune.* to .*Goa/);
  assert.match(shown(answering([0.5, 1]), 2), /stays .*Pune.* from 50% to 100%/);
});

test("an answer that hardly moves, or that means nothing, has no turning point", () => {
  assert.equal(turningPoint(answering([0.5, 0.6, 0.7])), null);
  const trace = answering([1, 0]);
  const model = { ...trace.model, provenance: { kind: /** @type {const} */ ("seeded") } };
  assert.equal(turningPoint({ ...trace, model }), null);
});

test("it opens at the unit in which it is seen best, and where nothing turns not at all", () => {
  const trace = answering([0.5, 1, 0.9, 0.1]);
  const unit = mostForgottenAt(trace, 4)?.unit;
  assert.deepEqual(openingCursor(trace), { timestep: 4, unit });
  assert.equal(openingCursor(answering([0.5, 0.6])), null);
  const simple = otherTrace("simple_rnn", ["a", "b"], 3, 2).trace;
  const { prediction, model } = answering([1, 0]);
  assert.deepEqual(openingCursor({ ...simple, prediction, model }), { timestep: 2, unit: 0 });
});

test("what is answered is said where nothing turns, by a model that has learned something", () => {
  const trace = answering([0.5, 0.6, 0.7]);
  assert.match(shown(trace, 3), /Here the answer is .*Pune.* \(70%\)/);
  const model = { ...trace.model, provenance: { kind: /** @type {const} */ ("seeded") } };
  assert.doesNotMatch(shown({ ...trace, model }, 3), /answer/);
});

test("a gate that somebody holds is said to be held", () => {
  const pins = [{ timestep: 3, gate: /** @type {const} */ ("forget_gate"), unit: null, value: 0 }];
  const trace = { ...traceOf(steps), pins };
  assert.match(
    plainText(headline(trace, 3).says),
    /the forget gate is held where you set it: 83% of what/,
  );
  assert.match(plainText(headline(trace, 2).says), /the forget gate stays open/);
});
