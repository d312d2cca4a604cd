/** What a gated recurrent unit computes, as data that the figures read. */
import { FORWARD, SIGMOID, before, now } from "../kind.js";
import { portraitCount } from "../lstm/portrait.js";
import { drawGruLandscape, gruLandscape, gruLandscapeCount } from "./landscape.js";
import { drawGruPortrait, gruPortrait } from "./portrait.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @param {boolean} after whether the reset gate is multiplied in after the product
 * @returns {CellKind} */
export const gru = (after) => ({
  words: "gru",
  diagram: {
    wide: { count: gruLandscapeCount, plan: gruLandscape, draw: drawGruLandscape },
    narrow: { count: portraitCount, plan: gruPortrait, draw: drawGruPortrait },
  },
  squash: "tanh",
  previous: FORWARD,
  name: "GRU",
  noun: "a GRU",
  short: "GRU",
  calls: after
    ? { keras: "GRU", pytorch: "GRU" }
    : {
        keras: "GRU",
        settings: ["reset_after=False"],
        lacks: {
          pytorch: "# torch.nn.GRU has no such form: it always resets after the product.",
        },
      },
  layouts: {
    keras: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
    pytorch: { gates: ["reset_gate", "update_gate", "candidate"], candidate: "n" },
    onnx: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
  },
  notes: {
    keras: "Keras’s h is what the equations here call g: the candidate.",
    pytorch:
      "PyTorch’s n is what the equations here call g: the candidate. It puts the reset gate first, " +
      "keeps each matrix transposed, and always has two biases: {count} parameters.",
    onnx:
      "ONNX has both forms: linear_before_reset=1 is Keras’s and PyTorch’s. It keeps two biases, " +
      "and transposes the matrices.",
  },
  gates: [
    { tag: "z", quantity: "update_gate", sign: SIGMOID, name: "update" },
    { tag: "r", quantity: "reset_gate", sign: SIGMOID, name: "reset" },
    { tag: "g", quantity: "candidate", sign: "tanh", name: "candidate" },
  ],
  states: ["hidden_state"],
  order: ["update_gate", "reset_gate", "candidate", "hidden_state"],
  sums: {
    update_gate: { activation: "sigmoid" },
    reset_gate: { activation: "sigmoid" },
    candidate: { activation: "tanh", reset: { gate: "reset_gate", after } },
  },
  updates: {
    hidden_state: {
      title: "New hidden state",
      products: [
        { label: "kept of the old", factors: [now("update_gate"), before("hidden_state")] },
        {
          label: "added by the new",
          factors: [{ quantity: "update_gate", how: "rest" }, now("candidate")],
        },
      ],
    },
  },
  phaseParts: {
    hidden_state: {
      products: [{ lights: ["keep", "kept"] }, { lights: ["rest", "write", "add"] }],
      sum: { lights: ["h"], moves: [] },
    },
  },
  lit: {
    update_gate: ["x", "hPrev", "zIn", "z", "keep", "rest"],
    reset_gate: ["x", "hPrev", "rIn", "r", "reset"],
    candidate: ["x", "hPrev", "gIn", "r", "reset", "g", "write"],
    hidden_state: ["hPrev", "z", "keep", "kept", "rest", "g", "write", "add", "h"],
  },
});
