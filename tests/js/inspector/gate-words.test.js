import assert from "node:assert/strict";
import { test } from "node:test";
import { gateLines } from "../../../static/inspector/gate-words.js";
import { plainText } from "../../../static/words/sentence.js";
import { randomTrace } from "../trace.js";

/** @param {Partial<Record<string, number[]>>[]} steps numbers of two units, in place of random ones */
function traceOf(steps) {
  const { trace } = randomTrace(
    steps.map((_, k) => ["Pune", "then", "Goa"][k]),
    2,
    2,
  );
  steps.forEach((step, k) => Object.assign(trace.steps[k], step));
  return trace;
}

/** @param {import("../../../static/core/types.js").Trace} trace @param {number} timestep */
const said = (trace, timestep) =>
  Object.fromEntries(
    gateLines(trace, timestep).map(({ quantity, value, says, telling }) => [
      quantity,
      { value: plainText(value), says: plainText(says).replace(/[\u2068\u2069]/g, ""), telling },
    ]),
  );

const WRITES = { input_gate: [1, 1], candidate: [0.8, -0.8], cell_state: [0.8, -0.8] };

test("a line for each gate of the cell, in the order in which they are drawn", () => {
  const names = gateLines(randomTrace(["a", "b"], 2, 2).trace, 2).map(({ name }) => name);
  assert.deepEqual(names, ["Forget gate", "Input gate", "Candidate", "Output gate"]);
});

test("the gate that keeps says which word loses what, where it loses much", () => {
  const trace = traceOf([WRITES, { ...WRITES, forget_gate: [0.1, 0.9] }]);
  const { forget_gate } = said(trace, 2);
  assert.equal(forget_gate.value, "50% dropped");
  assert.equal(
    forget_gate.says,
    "Of what “Pune” wrote, 100% was left; now 50% is. Unit 0 lets go most: its gate is 0.10.",
  );
  assert.equal(forget_gate.telling, true);
});

test("where the memory stays it says how much, and that there is none at the first word", () => {
  const trace = traceOf([WRITES, { ...WRITES, forget_gate: [0.95, 0.99] }]);
  const kept = said(trace, 2).forget_gate;
  assert.equal(kept.value, "keeps 97%");
  assert.match(kept.says, /^Nearly all of the memory stays\. Unit 0 keeps least: 0\.95\.$/);
  assert.match(said(trace, 1).forget_gate.says, /^Nothing is in memory yet/);
});

test("the other gates say for how many units they are open, and never more than they do", () => {
  const at = (/** @type {number[]} */ gate) =>
    said(traceOf([{ input_gate: gate, output_gate: gate }]), 1);
  assert.equal(at([0.9, 0.2]).input_gate.says, "It lets 1 of 2 units write. Unit 1 least: 0.20.");
  assert.equal(at([0.9, 0.8]).input_gate.says, "It lets all 2 units write.");
  assert.equal(at([0.4, 0.2]).input_gate.says, "Less than half of the candidate is written.");
  assert.equal(at([0.02, 0.01]).output_gate.says, "Next to nothing of the memory is shown.");
  assert.equal(at([0.9, 0.2]).output_gate.value, "0.20 to 0.90");
});

test("the candidate says what would be written, clear or not", () => {
  const at = (/** @type {number[]} */ candidate) =>
    said(traceOf([{ candidate }]), 1).candidate.says;
  assert.equal(at([0.99, -0.95]), "What “Pune” would write: close to 1 or −1 in all 2 units.");
  assert.equal(at([0.3, -0.5]), "What “Pune” would write. Strongest in unit 1: −0.50.");
});

test("padding has no lines", () => {
  const { trace } = randomTrace(["a", "b"], 2, 2);
  trace.steps[0].masked = true;
  assert.deepEqual(gateLines(trace, 1), []);
});

test("a gate that is held says so", () => {
  const trace = traceOf([WRITES, { ...WRITES, forget_gate: [1, 1] }]);
  trace.pins = [{ timestep: 2, gate: "forget_gate", unit: null, value: 1 }];
  assert.equal(said(trace, 2).forget_gate.says, "Held at 1.00 for all 2 units.");
  assert.equal(said(trace, 2).forget_gate.value, "1.00");
  assert.doesNotMatch(String(said(trace, 2).input_gate.says), /held/i);
  trace.pins = [{ timestep: 2, gate: "forget_gate", unit: 1, value: 1 }];
  assert.equal(said(trace, 2).forget_gate.says, "Unit 1 is held at 1.00.");
});
