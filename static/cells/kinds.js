/**
 * The one table of the kinds of cells, by their names on the wire, and which one made a trace: its
 * gates and states in the order in which they are drawn, the sums and products that make its numbers,
 * and what lights up with each of them. A cell that is not in the table is made of what the server
 * says of it.
 */
import { declaredKind } from "./generic/kind.js";
import { gru } from "./gru/kind.js";
import { FORWARD } from "./kind.js";
import { LSTM } from "./lstm/kind.js";
import { lstmCoupled } from "./lstm-coupled/kind.js";
import { mgu } from "./mgu/kind.js";
import { SIMPLE_RNN } from "./simple-rnn/kind.js";
import { functionOf } from "../core/activations.js";

/** @typedef {import("../core/types.js").Layer} Layer */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("../core/types.js").Gate} Gate */
/** @typedef {import("./kind.js").Block} Block */
/** @typedef {import("./kind.js").Operand} Operand */
/** @typedef {import("./kind.js").CellKind} CellKind */

const BACKWARD = "t+1";

const [GRU, GRU_RESET_BEFORE] = [gru(true), gru(false)];

/** By the cell's name on the wire. @type {Record<string, (layer: Layer) => CellKind>} */
const KINDS = {
  lstm: () => LSTM,
  gru: () => GRU,
  gru_reset_before: () => GRU_RESET_BEFORE,
  simple_rnn: () => SIMPLE_RNN,
  lstm_coupled: lstmCoupled,
  mgu,
};

/** The kind of a layer's cell, with the usual activations. @param {Layer} layer
 * @returns {CellKind} */
export const kindOf = (layer) => (KINDS[layer.cell.toLowerCase()] ?? declaredKind)(layer);

/** A kind of cell with a layer's own activations, peepholes and direction.
 * @param {Layer} layer @returns {CellKind} */
function kindOfLayer(layer) {
  const { activation, recurrent_activation: ofGates, peephole, go_backwards } = layer;
  const kind = kindOf(layer);
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
    ...(sums[gate.quantity] && { sign: functionOf(sums[gate.quantity].activation).sign }),
  }));
  return { ...kind, gates, sums, updates, squash, previous: go_backwards ? BACKWARD : FORWARD };
}

/** A layer never changes, so its kind is made once.
 * @type {WeakMap<Layer, CellKind>} */
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

/** What the layer's weights are named by: the gates that are sums, or the state of a cell that has
 * none. @param {CellKind} cell @returns {Block[]} */
export const blocksOf = ({ gates, sums }) =>
  gates.length > 0
    ? gates.map(({ quantity }) => quantity).filter((gate) => gate in sums)
    : ["hidden_state"];

/** The products that make the memory: what is kept of it, and what is added. @param {CellKind} cell */
const productsOf = ({ states, updates }) => updates[states[0]]?.products ?? [];

/** Whether a cell keeps part of a state. @param {Pick<Trace, "layer">} trace */
export const remembers = (trace) => productsOf(cellOf(trace)).length > 0;

/** The factor that the memory is multiplied with at every timestep; undefined where nothing is kept.
 * @param {Pick<Trace, "layer">} trace @returns {(Operand & {quantity: Gate}) | undefined} */
export function keepingFactor(trace) {
  const [kept] = productsOf(cellOf(trace));
  return /** @type {any} */ (kept?.factors.find(({ before }) => !before));
}

/** The factors of what is added to the memory. @param {Pick<Trace, "layer">} trace
 * @returns {Operand[]} */
export const writingFactors = (trace) => productsOf(cellOf(trace))[1]?.factors ?? [];

/** The value of a gate at which the memory stays as it is. @param {Operand} factor */
export const keepingValue = ({ how }) => (how === "rest" ? 0 : 1);

/** What comes of a value where an equation takes an activation of it, or what is left of 1.
 * @param {Operand["how"]} how @param {number} value */
export const transformed = (how, value) =>
  how === "rest" ? 1 - value : how ? functionOf(how).of(value) : value;
