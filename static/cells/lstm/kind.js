/** What an LSTM cell computes, as data that the figures read. */
import { FORWARD, PYTORCH_NOTE, SIGMOID, before, now } from "../kind.js";
import { drawLandscape, landscape, stagedCount } from "./landscape.js";
import { drawPortrait, portrait, stagedPortraitCount } from "./portrait.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @type {CellKind} */
export const LSTM = {
  words: "lstm",
  diagram: {
    wide: { count: stagedCount, plan: landscape, draw: drawLandscape },
    narrow: { count: stagedPortraitCount, plan: portrait, draw: drawPortrait },
  },
  squash: "tanh",
  previous: FORWARD,
  name: "LSTM",
  noun: "an LSTM",
  short: "LSTM",
  calls: { keras: "LSTM", pytorch: "LSTM" },
  layouts: {
    keras: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "c" },
    pytorch: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "g" },
    onnx: { gates: ["input_gate", "output_gate", "forget_gate", "candidate"], candidate: "c" },
  },
  notes: {
    keras: "Keras’s c is what the equations here call g: the candidate.",
    pytorch: PYTORCH_NOTE,
    onnx:
      "ONNX keeps two biases too, transposes the matrices, and puts the output gate second. " +
      "Weights read in the wrong order run without an error and give wrong numbers.",
  },
  gates: [
    { tag: "f", quantity: "forget_gate", sign: SIGMOID, name: "forget" },
    { tag: "i", quantity: "input_gate", sign: SIGMOID, name: "input" },
    { tag: "g", quantity: "candidate", sign: "tanh", name: "candidate" },
    { tag: "o", quantity: "output_gate", sign: SIGMOID, name: "output" },
  ],
  states: ["cell_state", "hidden_state"],
  order: ["forget_gate", "input_gate", "candidate", "cell_state", "output_gate", "hidden_state"],
  sums: {
    forget_gate: { activation: "sigmoid" },
    input_gate: { activation: "sigmoid" },
    candidate: { activation: "tanh" },
    output_gate: { activation: "sigmoid" },
  },
  updates: {
    cell_state: {
      title: "New cell state",
      products: [
        { label: "kept of the old", factors: [now("forget_gate"), before("cell_state")] },
        { label: "added by the new", factors: [now("input_gate"), now("candidate")] },
      ],
    },
    hidden_state: {
      title: "New hidden state",
      products: [
        {
          label: "let out",
          factors: [now("output_gate"), { quantity: "cell_state", how: "tanh" }],
        },
      ],
    },
  },
  phaseParts: {
    cell_state: {
      products: [
        { lights: ["keep", "kept"], moves: ["cPrev", "kept"] },
        { lights: ["write", "add"], moves: ["add"] },
      ],
      sum: { lights: ["c"] },
    },
    hidden_state: { products: [{ lights: ["show"], moves: ["o"] }] },
  },
  lit: {
    forget_gate: ["x", "hPrev", "fIn", "f", "keep", "cPrev"],
    input_gate: ["x", "hPrev", "iIn", "i", "write"],
    candidate: ["x", "hPrev", "gIn", "g", "write"],
    cell_state: ["cPrev", "f", "keep", "kept", "i", "g", "write", "add", "c"],
    output_gate: ["x", "hPrev", "oIn", "o", "show"],
    hidden_state: ["c", "tanh", "o", "show", "h"],
  },
};
