/** What a simple recurrent cell computes, as data that the figures read. */
import { FORWARD, PYTORCH_NOTE } from "../kind.js";
import { portraitCount } from "../lstm/portrait.js";
import { drawNarrow, drawWide, narrow, wide, wideCount } from "./layouts.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @type {CellKind} */
export const SIMPLE_RNN = {
  words: "simple-rnn",
  diagram: {
    wide: { count: wideCount, plan: wide, draw: drawWide },
    narrow: { count: portraitCount, plan: narrow, draw: drawNarrow },
  },
  squash: "tanh",
  previous: FORWARD,
  name: "SimpleRNN",
  noun: "a simple RNN",
  short: "RNN",
  calls: { keras: "SimpleRNN", pytorch: "RNN", nonlinearities: ["relu"] },
  layouts: {
    keras: { gates: ["hidden_state"], candidate: "h" },
    pytorch: { gates: ["hidden_state"], candidate: "h" },
    onnx: { gates: ["hidden_state"], candidate: "h" },
  },
  notes: {
    keras: "One block: there is no order of gates to get wrong.",
    pytorch: PYTORCH_NOTE,
    onnx: "ONNX calls the layer RNN, keeps two biases too, and transposes the matrices.",
  },
  gates: [],
  states: ["hidden_state"],
  order: ["hidden_state"],
  sums: { hidden_state: { activation: "tanh" } },
  updates: {},
  phaseParts: {},
  lit: { hidden_state: ["x", "hPrev", "h"] },
};
