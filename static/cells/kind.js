/** The shape of what each kind of cell says about itself. */
import { functionOf } from "../core/activations.js";

/** @typedef {import("../core/types.js").Gate} Gate */
/** @typedef {import("../core/types.js").Quantity} Quantity */

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

export const SIGMOID = functionOf("sigmoid").sign;

export const FORWARD = "t\u22121";

/** @param {Quantity} quantity @returns {Operand} */
export const now = (quantity) => ({ quantity });

/** @param {Quantity} quantity @returns {Operand} */
export const before = (quantity) => ({ quantity, before: true });
