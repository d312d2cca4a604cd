import assert from "node:assert/strict";
import { test } from "node:test";
import { curlLine, dataQuestions } from "../../../../static/lenses/take/numbers-questions.js";
import { otherTrace, randomTrace } from "../../trace.js";

/** @param {any} trace @param {object} [change] @returns {any} */
const stateWith = (trace, change) => ({
  trace,
  timestep: null,
  unit: 1,
  label: null,
  return_sequences: null,
  return_state: true,
  ...change,
});

const PREDICTION = {
  output: [0.5],
  labels: ["no", "yes"],
  probabilities: [0.5, 0.5],
  by_timestep: null,
};

/** @param {object} [change] @returns {any} */
function lstm(change) {
  const { trace } = randomTrace(["Good", "Day"], 5, 3);
  return { ...trace, asked: { sentence: "Good, Day!" }, prediction: PREDICTION, ...change };
}

test("the numbers are those of the page: words as typed, layer, pins, unit and label", () => {
  const pins = [{ timestep: 1, gate: "forget_gate", unit: null, value: 0 }];
  const [question] = dataQuestions(
    stateWith(lstm({ pins }), { label: "yes", return_sequences: false }),
  );
  assert.deepEqual(question, {
    sentence: "Good, Day!",
    model: "random",
    layer: "lstm",
    return_sequences: false,
    pins,
    unit: 1,
    label: "yes",
    include: ["preactivations", "memory", "gradients", "attributions"],
  });
});

test("what a model cannot have is not asked for, and a label of another model neither", () => {
  const [headless] = dataQuestions(stateWith(lstm({ prediction: null }), { label: "yes" }));
  assert.deepEqual(headless.include, ["preactivations", "memory"]);
  assert.equal("label" in headless, false);
  const { trace } = otherTrace("simple_rnn", ["a", "b"], 5, 3);
  const [simple] = dataQuestions(
    stateWith({ ...trace, asked: { sentence: "a b" }, prediction: PREDICTION }),
  );
  assert.deepEqual(simple.include, ["preactivations", "gradients"]);
  assert.deepEqual(dataQuestions(stateWith(null)), []);
});

test("after a refusal less is asked for, and never the same twice", () => {
  const includes = dataQuestions(stateWith(lstm())).map(({ include }) => `${include}`);
  assert.deepEqual(includes, [
    "preactivations,memory,gradients,attributions",
    "preactivations,memory,gradients",
    "preactivations,memory",
    "preactivations",
  ]);
  const headless = dataQuestions(stateWith(lstm({ prediction: null })));
  assert.equal(new Set(headless.map(({ include }) => `${include}`)).size, headless.length);
});

test("the line for a terminal is by address, and by body for numbers; a quote ends nothing", () => {
  const options = { origin: "http://here", format: /** @type {const} */ ("csv"), name: "it's.csv" };
  const sentence = 'it\'s "so"; rm -rf $HOME & `x`';
  const line = curlLine(
    { sentence, include: ["memory", "gradients"], pins: [{ unit: 0 }] },
    options,
  );
  const [, address] = /'(http[^']*)'/.exec(line) ?? [];
  const query = new URL(address).searchParams;
  assert.equal(query.get("sentence"), sentence);
  assert.equal(query.get("include"), "memory,gradients");
  assert.equal(query.get("pins"), '[{"unit":0}]');
  assert.equal(query.get("format"), "csv");
  assert.ok(line.endsWith(`-o 'it'\\''s.csv'`));
  const posted = curlLine({ inputs: [[0.5]], model: "it's" }, options);
  assert.ok(posted.includes("/api/step?format=csv'"));
  assert.ok(posted.includes(`-d '{"inputs":[[0.5]],"model":"it'\\''s"}'`));
});
