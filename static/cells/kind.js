/** The shape of what each kind of cell says about itself. */
import { functionOf } from "../core/activations.js";

/** @typedef {import("../core/types.js").Gate} Gate */
/** @typedef {import("../core/types.js").Quantity} Quantity */

/** @typedef {"cell_state" | "hidden_state"} StateName */

/** @typedef {Gate | "hidden_state"} Block what a weighted sum makes, and the weights are named by */

/** @typedef {string} Tag a part of a cell's drawing, such as x, hPrev, f, fIn, keep or h */

/** @typedef {import("./phases.js").PhaseParts} PhaseParts */

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

/** @typedef {{activation: string, reset?: {gate: Gate, after: boolean},
 *   peephole?: "now" | "before"}} Sum reset: the gate that the state before is multiplied with, after
 *   the product with the recurrent kernel or before it; peephole: whose cell state the gate looks at */

/** @typedef {"keras" | "pytorch" | "onnx"} Framework */

/** @typedef {{count: (units: number, width: number, height: number | undefined, cell: CellKind) => number,
 *   plan: (units: number[], width: number, cell: CellKind, height?: number) => any,
 *   draw: (parts: import("./diagram-parts.js").CellParts, plan: any,
 *     options: import("./diagram-parts.js").CellOptions) => import("../draw/primitives.js").Drawing
 *   }} Layout units shown, what stands where, and the drawing */

/** @typedef {object} CellKind
 * @property {string} words whose words the page speaks of it, by the name of a folder
 * @property {{wide: Layout, narrow: Layout}} diagram how it is drawn
 * @property {string} name Keras's, where Keras has it
 * @property {string} noun what people call it, with its article
 * @property {string} short the same where there is little room
 * @property {{keras?: string, pytorch?: string, settings?: string[], nonlinearities?: string[],
 *   lacks?: {keras?: string, pytorch?: string}}} calls the layer's class in either; settings: of
 *   Keras's; nonlinearities: those besides tanh that PyTorch's has; lacks: what stands in place of
 *   a call
 * @property {Partial<Record<Framework, {gates: Block[], candidate: string}>>} layouts the blocks of
 *   columns in the order in which a framework keeps them, and its letter for the candidate
 * @property {Record<Framework, string>} notes on how each keeps the weights
 * @property {GateRow[]} gates in the order in which they are drawn; without the state itself
 * @property {StateName[]} states as they are drawn; the first is the memory
 * @property {Quantity[]} order in which they are computed
 * @property {Partial<Record<Quantity, Sum>>} sums
 * @property {Partial<Record<Quantity, Update>>} updates
 * @property {Partial<Record<Quantity, Tag[]>>} lit what flows into a quantity
 * @property {Partial<Record<StateName, {products: PhaseParts[], sum?: PhaseParts}>>} phaseParts of the
 *   picture: those that the products of a state and their sum bring, in the order of computation
 * @property {string} squash the activation through which the cell state shows
 * @property {string} previous the timestep whose states the cell reads, in letters
 */

export const SIGMOID = functionOf("sigmoid").sign;

/** What PyTorch does with the weights of a layer whose biases it adds. */
export const PYTORCH_NOTE =
  "PyTorch keeps two biases and adds them, so the same layer counts {count} parameters. It also " +
  "keeps each matrix transposed. Any split of the sum is the same layer; here the second is zero.";

export const FORWARD = "t\u22121";

/** @param {Quantity} quantity @returns {Operand} */
export const now = (quantity) => ({ quantity });

/** @param {Quantity} quantity @returns {Operand} */
export const before = (quantity) => ({ quantity, before: true });
