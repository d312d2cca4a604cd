/** What a simple recurrent cell computes, as data that the figures read. */
import { FORWARD } from "../kind.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @type {CellKind} */
export const SIMPLE_RNN = {
  layout: "simple_rnn",
  squash: "tanh",
  previous: FORWARD,
  name: "SimpleRNN",
  calls: { keras: "SimpleRNN", pytorch: "RNN" },
  gates: [],
  states: ["hidden_state"],
  order: ["hidden_state"],
  sums: { hidden_state: { activation: "tanh" } },
  updates: {},
  lit: { hidden_state: ["x", "hPrev", "h"] },
};
