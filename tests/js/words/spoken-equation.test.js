import assert from "node:assert/strict";
import { test } from "node:test";
import { spokenEquation } from "../../../static/words/spoken-equation.js";
import { lettersOf } from "../../../static/cells/equations.js";
import { otherTrace, randomTrace } from "../trace.js";

test("an equation is heard by the names of its letters", () => {
  const { trace } = randomTrace(["Good", "Day"], 3, 2);
  const said = (/** @type {any} */ quantity) => spokenEquation(lettersOf(trace, quantity));
  assert.equal(
    said("forget_gate"),
    "forget gate = sigmoid ( input × W f + previous hidden state × U f + b f )",
  );
  assert.equal(
    said("cell_state"),
    "cell state = forget gate × previous cell state + input gate × candidate",
  );
  assert.equal(said("hidden_state"), "hidden state = output gate × tanh cell state");
});

test("the equations of the other cells are heard too", () => {
  const gru = otherTrace("gru", ["Good", "Day"], 3, 2).trace;
  assert.match(
    spokenEquation(lettersOf(gru, "hidden_state")),
    /update gate × previous hidden state/,
  );
  const rnn = otherTrace("simple_rnn", ["Good", "Day"], 3, 2).trace;
  assert.equal(
    spokenEquation(lettersOf(rnn, "hidden_state")),
    "hidden state = tanh ( input × W + previous hidden state × U + b )",
  );
});
