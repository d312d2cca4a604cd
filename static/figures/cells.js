/**
 * What each kind of cell computes, as data that the figures read: its gates and states in the order
 * in which they are drawn, the sums and products that make its numbers, and what lights up with
 * each of them.
 */

import { functionOf } from "./functions.js";

/** @typedef {import("../types.js").Trace} Trace */
/** @typedef {import("../types.js").Gate} Gate */
/** @typedef {import("../types.js").Quantity} Quantity */
/** @typedef {"cell_state" | "hidden_state"} StateName */
/** @typedef {Gate | "hidden_state"} Block what a weighted sum makes, and the weights are named by */
/** @typedef {"x" | "hPrev" | "cPrev" | "f" | "i" | "g" | "o" | "z" | "r" | "fIn" | "iIn" | "gIn"
 *   | "oIn" | "zIn" | "rIn" | "reset" | "rest" | "keep" | "write" | "add" | "kept" | "c" | "tanh"
 *   | "show" | "h"} Tag a part of a cell's drawing */
/** @typedef {object} GateRow
 * @property {Tag} tag
 * @property {Block} quantity
 * @property {string} sign
 * @property {string} name
 */
/** @typedef {{quantity: Quantity, before?: boolean, how?: string}} Operand before: of the timestep
 *   before; how: an activation, or "rest" for what is left of 1 */
/** @typedef {{title: string, products: {label: string, factors: Operand[]}[]}} Update a state as a
 *   sum of products */
/** @typedef {{activation: string, reset?: "after" | "before", peephole?: "now" | "before"}} Sum
 *   reset: whether the reset gate is multiplied in after the product with the recurrent kernel or
 *   before it; peephole: whose cell state the gate looks at */
/** @typedef {object} CellKind
 * @property {"lstm" | "gru" | "simple_rnn"} layout how it is drawn
 * @property {string} name Keras's
 * @property {{keras: string, pytorch: string}} calls the layer's class in either
 * @property {GateRow[]} gates in the order in which they are drawn; without the state itself
 * @property {StateName[]} states as they are drawn; the first is the memory
 * @property {Quantity[]} order in which they are computed
 * @property {Partial<Record<Quantity, Sum>>} sums
 * @property {Partial<Record<Quantity, Update>>} updates
 * @property {Partial<Record<Quantity, Tag[]>>} lit what flows into a quantity
 * @property {string} squash the activation through which the cell state shows
 * @property {string} previous the timestep whose states the cell reads, in letters
 */

const SIGMOID = functionOf("sigmoid").sign;
const FORWARD = "t\u22121";
const BACKWARD = "t+1";

/** @param {Quantity} quantity @returns {Operand} */
const now = (quantity) => ({ quantity });

/** @param {Quantity} quantity @returns {Operand} */
const before = (quantity) => ({ quantity, before: true });

/** @type {CellKind} */
const LSTM = {
  layout: "lstm",
  squash: "tanh",
  previous: FORWARD,
  name: "LSTM",
  calls: { keras: "LSTM", pytorch: "LSTM" },
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
  lit: {
    forget_gate: ["x", "hPrev", "fIn", "f", "keep", "cPrev"],
    input_gate: ["x", "hPrev", "iIn", "i", "write"],
    candidate: ["x", "hPrev", "gIn", "g", "write"],
    cell_state: ["cPrev", "f", "keep", "kept", "i", "g", "write", "add", "c"],
    output_gate: ["x", "hPrev", "oIn", "o", "show"],
    hidden_state: ["c", "tanh", "o", "show", "h"],
  },
};

/** @param {"after" | "before"} reset @returns {CellKind} */
const gru = (reset) => ({
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

/** @type {CellKind} */
const SIMPLE_RNN = {
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

/** By the cell's name on the wire. @type {Record<string, CellKind>} */
export const CELLS = {
  lstm: LSTM,
  gru: gru("after"),
  gru_reset_before: gru("before"),
  simple_rnn: SIMPLE_RNN,
};

/** @param {string} [name] on the wire @returns {CellKind} */
export const kindOf = (name = "lstm") => CELLS[name.toLowerCase()] ?? LSTM;

/** A kind of cell with a layer's own activations, peepholes and direction.
 * @param {import("../types.js").Layer} layer @returns {CellKind} */
function kindOfLayer({ cell, activation, recurrent_activation: ofGates, peephole, go_backwards }) {
  const kind = kindOf(cell);
  if (!activation && !ofGates && !peephole && !go_backwards) return kind;
  const squash = activation ?? "tanh";
  const sums = Object.fromEntries(
    Object.entries(kind.sums).map(([quantity, sum]) => {
      const own = sum.activation === "tanh" ? squash : (ofGates ?? "sigmoid");
      const looks = peephole && quantity !== "candidate";
      const at = quantity === "output_gate" ? "now" : "before";
      return [quantity, { ...sum, activation: own, ...(looks && { peephole: at }) }];
    }),
  );
  /** @param {Operand} operand @returns {Operand} */
  const shown = (operand) => (operand.how === "tanh" ? { ...operand, how: squash } : operand);
  const updates = Object.fromEntries(
    Object.entries(kind.updates).map(([state, { title, products }]) => [
      state,
      { title, products: products.map((one) => ({ ...one, factors: one.factors.map(shown) })) },
    ]),
  );
  const gates = kind.gates.map((gate) => ({
    ...gate,
    sign: functionOf(sums[gate.quantity].activation).sign,
  }));
  return { ...kind, gates, sums, updates, squash, previous: go_backwards ? BACKWARD : FORWARD };
}

/** A layer never changes, so its kind is made once.
 * @type {WeakMap<import("../types.js").Layer, CellKind>} */
const kinds = new WeakMap();

/** The kind of cell that made a trace. @param {Pick<Trace, "layer">} trace @returns {CellKind} */
export function cellOf({ layer }) {
  const known = kinds.get(layer) ?? kindOfLayer(layer);
  kinds.set(layer, known);
  return known;
}

/** The timestep whose states the cell reads at one: the one before, or of a layer that reads
 * backwards the one after; 0 stands for the initial state.
 * @param {Pick<Trace, "layer" | "steps">} trace @param {number} timestep */
export function previous({ layer, steps }, timestep) {
  if (!layer.go_backwards) return timestep - 1;
  return timestep === steps.length ? 0 : timestep + 1;
}

/** What the layer's weights are named by: its gates, or the state of a cell that has none.
 * @param {CellKind} cell @returns {Block[]} */
export const blocksOf = ({ gates }) =>
  gates.length > 0 ? gates.map(({ quantity }) => quantity) : ["hidden_state"];

/** What comes of a value where an equation takes an activation of it, or what is left of 1.
 * @param {Operand["how"]} how @param {number} value */
export const transformed = (how, value) =>
  how === "rest" ? 1 - value : how ? functionOf(how).of(value) : value;
