/** What a gated recurrent unit computes, as data that the figures read. */
import { FORWARD, SIGMOID, before, now } from "../kind.js";

/** @typedef {import("../kind.js").CellKind} CellKind */

/** @param {"after" | "before"} reset @returns {CellKind} */
export const gru = (reset) => ({
  layout: "gru",
  squash: "tanh",
  previous: FORWARD,
  name: "GRU",
  calls: { keras: "GRU", pytorch: "GRU" },
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
    candidate: { activation: "tanh", reset },
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
  lit: {
    update_gate: ["x", "hPrev", "zIn", "z", "keep", "rest"],
    reset_gate: ["x", "hPrev", "rIn", "r", "reset"],
    candidate: ["x", "hPrev", "gIn", "r", "reset", "g", "write"],
    hidden_state: ["hPrev", "z", "keep", "kept", "rest", "g", "write", "add", "h"],
  },
});
