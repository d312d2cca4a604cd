/**
 * The kinds of cells by their names on the wire, and which one made a trace: its gates and states in
 * the order in which they are drawn, the sums and products that make its numbers, and what lights up
 * with each of them.
 */
import { gru } from "./gru/kind.js";
import { FORWARD } from "./kind.js";
import { LSTM } from "./lstm/kind.js";
import { SIMPLE_RNN } from "./simple-rnn/kind.js";
import { functionOf } from "../core/activations.js";

/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("./kind.js").Block} Block */
/** @typedef {import("./kind.js").Operand} Operand */
/** @typedef {import("./kind.js").CellKind} CellKind */

const BACKWARD = "t+1";

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
 * @param {import("../core/types.js").Layer} layer @returns {CellKind} */
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
 * @type {WeakMap<import("../core/types.js").Layer, CellKind>} */
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
