import assert from "node:assert/strict";
import test from "node:test";

import {
  Unreadable,
  inputNote,
  inputOf,
  parseIds,
  parseSeries,
  seriesText,
} from "../../../static/core/inputs.js";

const WORDS = { kind: "words", timesteps: null, rows: 50 };
const IDS = { kind: "token_ids", timesteps: null, rows: 1200, example: [1, 2] };
const NUMBERS = { kind: "numbers", timesteps: 4, features: 2, example: [[0, 1]] };
const ASKED = { sentence: "a b", token_ids: null, inputs: null };

const word = (text, id) => ({ text, id, known: true });
const padding = (id) => ({ text: "(padding)", id, known: true, padded: true });

test("token ids may be parted by commas, blanks or brackets", () => {
  for (const text of ["4, 8, 15", "4 8 15", "[[4,8,15]]", " (4;8\n15) "]) {
    assert.deepEqual(parseIds(text), [4, 8, 15]);
  }
});

test("what is not a token id is named", () => {
  for (const text of ["4, x", "4.5", "-1", "1e3"]) assert.throws(() => parseIds(text), Unreadable);
  assert.throws(() => parseIds("4, eight"), /“eight” is not a token id/);
  assert.throws(() => parseIds(" , "), /at least one/);
});

test("a series is read from CSV, from TSV, with a heading, and as an array is printed", () => {
  const rows = [
    [0.5, -1],
    [2e-3, 4],
  ];
  for (const text of [
    "0.5,-1\n2e-3,4",
    "0.5\t-1\r\n0.002\t4\r\n",
    "price,volume\n.5, -1\n0.002, 4.",
    "[[0.5, -1], [2e-3, 4]]",
    "[[ 0.5  -1. ]\n [ 0.002 4. ]]",
  ]) {
    assert.deepEqual(parseSeries(text, 2), rows, text);
  }
});

test("a series is read as Python, NumPy, PyTorch, TensorFlow and MATLAB write it", () => {
  for (const text of [
    "1, 2; 3, 4",
    "[1 2; 3 4;]",
    "1;2\n3;4",
    "((1, 2), (3, 4))",
    "[1, 2]\n[3, 4]",
    "[[[1, 2]], [[3, 4]]]",
    "x = np.array([[1, 2], [3, 4]])",
    "array([[1., 2.],\n       [3., 4.]], dtype=float32)",
    "tensor([[[1.0000, 2.0000],\n         [3.0000, 4.0000]]], device='cuda:0', dtype=torch.float64)",
    "Parameter containing:\ntensor([[1., 2.], [3., 4.]], requires_grad=True)",
    "tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)",
    "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n [3., 4.]], dtype=float32)>",
    "[[np.float32(1.0), np.float32(2.0)], [np.float32(3.0), np.float32(4.0)]]",
  ]) {
    assert.deepEqual(
      parseSeries(text, 2),
      [
        [1, 2],
        [3, 4],
      ],
      text,
    );
  }
});

test("a row that NumPy printed over several lines is one row", () => {
  assert.deepEqual(
    parseSeries("[[1. 2. 3.\n  4. 5.]\n [6. 7. 8.\n  9. 0.]]", 5)[1],
    [6, 7, 8, 9, 0],
  );
});

test("several sequences, and what was left out in print, are refused with what to do", () => {
  assert.throws(() => parseSeries("[[[1,2],[3,4]],[[5,6],[7,8]]]", 2), /gave 2 sequences.*one of/);
  assert.throws(() => parseIds("tensor([[4, 8], [1, 2]])"), Unreadable);
  assert.throws(() => parseSeries("[[1. ... 2.]]", 2), /set_printoptions/);
  assert.throws(
    () => parseSeries("1,2,3,4", 2),
    /reads 2 a timestep\. Separate the timesteps with/,
  );
});

test("token ids are read as frameworks print them", () => {
  for (const text of [
    "array([[4, 8, 15]])",
    "tensor([[4], [8], [15]])",
    "tf.Tensor([[4 8 15]], shape=(1, 3), dtype=int32)",
    "[[4., 8., 15.]]",
  ]) {
    assert.deepEqual(parseIds(text), [4, 8, 15]);
  }
});

test("a single feature may stand in one line or one below the other", () => {
  for (const text of ["1, 2, 3", "1\n2\n3", "[1 2 3]"]) {
    assert.deepEqual(parseSeries(text, 1), [[1], [2], [3]]);
  }
});

test("a row that does not fit is named with what came and what was expected", () => {
  assert.throws(() => parseSeries("1,2\n3", 2), /Row 2 has 1 number, but the model reads 2/);
  assert.throws(() => parseSeries("1,2\n3,nan", 2), /Row 2 holds nan, and only finite/);
  assert.throws(() => parseSeries("", 2), Unreadable);
});

test("a series survives being written and read", () => {
  const rows = [
    [0.1, -2.5],
    [1e-7, 3],
  ];
  assert.deepEqual(parseSeries(seriesText(rows), 2), rows);
});

test("what is asked for is what the model reads, or its example", () => {
  assert.deepEqual(inputOf(ASKED, WORDS), { sentence: "a b" });
  assert.deepEqual(inputOf(ASKED, IDS), { token_ids: [1, 2] });
  assert.deepEqual(inputOf({ ...ASKED, token_ids: "7 8" }, IDS), { token_ids: [7, 8] });
  assert.deepEqual(inputOf(ASKED, NUMBERS), { inputs: [[0, 1]] });
  assert.deepEqual(inputOf({ ...ASKED, inputs: "1,2" }, NUMBERS), { inputs: [[1, 2]] });
});

test("the note says what is read, how long it must be, and what was filled up", () => {
  assert.equal(inputNote(WORDS, null), "");
  assert.match(inputNote(IDS, null), /token ids, 0 to 1,199, and no words/);
  const trace = { tokens: [padding(null), padding(null), word("1", null), word("2", null)] };
  assert.match(
    inputNote(NUMBERS, trace),
    /2 numbers a timestep.*exactly 4 timesteps: 2 of padding/,
  );
  assert.equal(inputNote({ ...NUMBERS, timesteps: null }, null), "");
});

test("halves of characters do not keep a sentence from being read", () => {
  const sentence = "in \ud83d Goa \u{1f30a}";
  assert.deepEqual(inputOf({ ...ASKED, sentence }, WORDS), { sentence: "in \ufffd Goa \u{1f30a}" });
});
