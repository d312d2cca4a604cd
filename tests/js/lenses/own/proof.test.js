import assert from "node:assert/strict";
import test from "node:test";

import {
  candidatesOf,
  filledSnippet,
  numbersIn,
  verdictOf,
} from "../../../../static/lenses/own/proof.js";
import {
  isReadable,
  serverDetailOf,
  sizeText,
  unreadable,
} from "../../../../static/core/upload.js";

const values = (text) => numbersIn(text).map(({ value }) => value);
const output = (...numbers) => [
  { name: "the model’s output", values: numbers, shape: [numbers.length] },
];

test("numbers are found in what frameworks print", () => {
  assert.deepEqual(values("array([[ 0.25, -1.5e-03]], dtype=float32)"), [0.25, -0.0015]);
  assert.deepEqual(values("tensor([[0.2500, 3.]], grad_fn=<AddmmBackward0>)"), [0.25, 3]);
  assert.deepEqual(values("tf.Tensor([[.5 −1]], shape=(1, 2), dtype=float32)"), [0.5, -1]);
  assert.deepEqual(values("[array([[1., 2.]], dtype=float32)]"), [1, 2]);
  assert.deepEqual(
    values("<tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[0.1, 0.2]], dtype=float32)>"),
    [0.1, 0.2],
  );
  assert.deepEqual(values("1/1 ━━━━━━━━━ 0s 34ms/step\narray([[0.5]], dtype=float32)"), [0.5]);
  assert.deepEqual(values("out = [np.float32(0.1), np.float32(0.2)]"), [0.1, 0.2]);
  assert.deepEqual(values("nothing"), []);
});

test("equal numbers match, and the largest difference is told", () => {
  const { matches, text } = verdictOf("0.12345678, 0.5", output(0.12345681, 0.5));
  assert.equal(matches, true);
  assert.match(text, /^Matches: 2 numbers of the model’s output, largest difference 3e-8\.$/);
});

test("four printed digits match what they round, and it is said that they are few", () => {
  const { matches, text } = verdictOf("0.1235, 0.5", output(0.12345681, 0.5));
  assert.equal(matches, true);
  assert.match(text, /you pasted it to 1e-4/);
  assert.equal(verdictOf("0.1236, 0.5", output(0.12345681, 0.5)).matches, false);
});

test("a digit or two prove nothing", () => {
  const { matches, text } = verdictOf("0.1, 0.5", output(0.12345681, 0.5));
  assert.equal(matches, false);
  assert.match(text, /too few digits/);
});

test("where it differs, the worst come first", () => {
  const { matches, text, worst } = verdictOf("0.1000 0.7000", output(0.11, 0.2));
  assert.equal(matches, false);
  assert.match(text, /largest difference is 0\.5\./);
  assert.deepEqual(
    worst.map(({ at }) => at),
    [1, 0],
  );
});

test("swapped numbers differ", () => {
  assert.equal(verdictOf("0.25000 0.75000", output(0.75, 0.25)).matches, false);
});

test("a wrong count says how many there are of what", () => {
  const { matches, text } = verdictOf("1 2 3", output(1, 2));
  assert.equal(matches, false);
  assert.match(text, /^You pasted 3 numbers, but the model’s output has 2\. Paste one of these/);
  assert.match(verdictOf("", output(1)).text, /no numbers/);
});

test("another shape is told with what was expected, what came and what to do", () => {
  const states = { name: "all hidden states of rnn", values: [1, 2, 3, 4, 5, 6], shape: [3, 2] };
  const { text } = verdictOf("tensor([[[1., 2.], [3., 4.]]])", [...output(9), states]);
  assert.match(text, /^You pasted 4 numbers, 1 × 2 × 2, but the model’s output has 1, /);
  assert.match(text, /all hidden states of rnn has 6 \(3 × 2\)\. It may be 4 sequences at once/);
});

test("what is nan or infinite is said by its place, and what was left out in print too", () => {
  const { matches, text } = verdictOf("[0.1, nan, -inf]", output(0.1, 0.2, 0.3));
  assert.equal(matches, false);
  assert.match(text, /^Number 2 of 3 and 1 more are nan or infinite\..*run it again\.$/);
  assert.match(verdictOf("[0.1, ..., 0.2]", output(0.1, 0.2)).text, /set_printoptions/);
});

const state = (hidden, cell) => ({ hidden_state: [hidden], cell_state: [cell] });
const bare = (name, output, cell) => ({
  prediction: null,
  output: (name.endsWith("backward") ? output.toReversed() : output).map((value) => [value]),
  steps: output.map((value) => ({ hidden_state: [value] })),
  state: state(output[name.endsWith("backward") ? 0 : output.length - 1], cell),
  layer: { name },
});

test("of a model without a head the states of every layer are tried, the shown one first", () => {
  const candidates = candidatesOf([bare("a", [1, 2], 3), bare("b", [4, 5], 6)], "b");
  assert.equal(candidates[0].name, "all hidden states of b");
  assert.match(
    verdictOf("[1.0000, 2.0000]", candidates).text,
    /^Matches: 2 numbers of all .* of a/,
  );
  const tuple = "(tensor([[4.0000, 5.0000]]), (tensor([2., 5.]), tensor([3., 6.])))";
  assert.match(verdictOf(tuple, candidates).text, /^Matches: 6 numbers of the output and the last/);
});

test("both directions of a layer are tried side by side", () => {
  const candidates = candidatesOf([bare("x/forward", [1, 2], 3), bare("x/backward", [8, 9], 7)]);
  const matches = (text) => verdictOf(text, candidates).text;
  assert.match(matches("[[1.0000, 8.0000], [2.0000, 9.0000]]"), /all hidden states of x, both/);
  assert.match(matches("[2.0000, 8.0000]"), /^Matches.*the last hidden states of x, both/);
});

test("the output is tried first, then states of the layer", () => {
  const trace = {
    prediction: null,
    answer: { output: [1, 2], labels: ["0", "1"], by_timestep: null },
    output: [[3], [4], [5]],
    state: { hidden_state: [5], cell_state: [6] },
    layer: { name: "rnn" },
  };
  const candidates = candidatesOf([trace]);
  assert.deepEqual(
    candidates.map((one) => one.values),
    [[1, 2], [3, 4, 5], [5], [6]],
  );
  assert.match(verdictOf("6.0000", candidates).text, /the last cell state of rnn/);
});

test("the snippet reads what the page reads", () => {
  const snippet =
    'load("model.keras")\ninputs = np.array([[1, 2, 3]])  # your token ids: (batch, timesteps)\nend';
  const ids = { tokens: [{ text: "7", id: 7 }] };
  assert.equal(
    filledSnippet(snippet, ids, "mine.keras"),
    'load("mine.keras")\ninputs = np.array([[7]])\nend',
  );
  const numbers = { tokens: [{ id: null }, { id: null }], asked: { inputs: [[0.5, 1]] } };
  const floats =
    "inputs = torch.tensor([[[0.0] * 2] * 2], dtype=torch.float32)  # your numbers: (batch, timesteps, 2)";
  assert.equal(
    filledSnippet(`"model.keras"\n${floats}\nend`, numbers, 'a "b".keras'),
    '"model.keras"\ninputs = torch.tensor([[[0, 0], [0.5, 1]]], dtype=torch.float32)\nend',
  );
});

test("only what is said is sent", () => {
  const form = new FormData();
  for (const name of ["title", "vocabulary", "labels"]) form.set(name, " ");
  assert.deepEqual(serverDetailOf(form, {}), []);
  form.set("labels", "no\nyes");
  assert.deepEqual(serverDetailOf(form, { before: [], mask_zero: false }), [
    ["labels", "no\nyes"],
    ["options", '{"before":[],"mask_zero":false}'],
  ]);
});

test("sizes are told as people tell them", () => {
  assert.deepEqual([999, 1200, 45_000, 3_400_000, 128e6].map(sizeText), [
    "999 bytes",
    "1.2 kB",
    "45 kB",
    "3.4 MB",
    "128 MB",
  ]);
});

test("a folder that was dropped like a file is told from a file", async () => {
  assert.equal(await isReadable(new File([], "empty.keras")), true);
  const folder = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("a folder")) }) };
  assert.equal(await isReadable(folder), false);
  assert.match(unreadable("my model"), /is a folder[^]*load_model\("my model"\)\nmodel\.save/);
});
