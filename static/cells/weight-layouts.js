/** How each framework keeps a layer's weights: which matrices, and their blocks in which order. */
import { kindOf } from "./kinds.js";

/** @typedef {import("./kind.js").Block} Block */
/** @typedef {import("../core/types.js").Weights} Weights */
/** @typedef {"keras" | "pytorch" | "onnx"} Framework */

/** The blocks of columns in the order in which a framework keeps them, and its letter for the
 * candidate. @type {Record<import("./kind.js").CellKind["layout"],
 *   Record<Framework, {gates: Block[], candidate: string}>>} */
const ORDERS = {
  lstm: {
    keras: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "c" },
    pytorch: { gates: ["input_gate", "forget_gate", "candidate", "output_gate"], candidate: "g" },
    onnx: { gates: ["input_gate", "output_gate", "forget_gate", "candidate"], candidate: "c" },
  },
  gru: {
    keras: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
    pytorch: { gates: ["reset_gate", "update_gate", "candidate"], candidate: "n" },
    onnx: { gates: ["update_gate", "reset_gate", "candidate"], candidate: "h" },
  },
  simple_rnn: {
    keras: { gates: ["hidden_state"], candidate: "h" },
    pytorch: { gates: ["hidden_state"], candidate: "h" },
    onnx: { gates: ["hidden_state"], candidate: "h" },
  },
};

/** @typedef {"kernel" | "recurrent_kernel" | "bias" | "recurrent_bias" | "peephole"} Part */

/** @type {Part[]} */
const PARTS = ["kernel", "recurrent_kernel", "bias", "recurrent_bias"];

/** @type {Record<Framework, string[]>} */
const MATRICES = {
  keras: ["kernel", "recurrent_kernel", "bias"],
  pytorch: ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"],
  onnx: ["W", "R", "B, first half", "B, second half"],
};

/** @type {Record<Framework, string>} */
const PEEPHOLES = {
  keras: "peepholes, which Keras does not have",
  pytorch: "peepholes, which PyTorch does not have",
  onnx: "P, the peepholes",
};

/** How a framework keeps the weights of a kind of cell.
 * @param {{cell?: string, peephole?: boolean}} layer @param {Framework} framework
 * @param {Weights | null} [weights] which tell whether there are two biases */
export function keptBy({ cell, peephole }, framework, weights = null) {
  const { layout, sums } = kindOf(cell);
  // Keras, too, has a second bias where the reset gate is multiplied with it
  const second = weights?.candidate
    ? weights.candidate.recurrent_bias
    : sums.candidate?.reset === "after";
  const both = framework === "keras" && Boolean(second);
  const names = both
    ? ["kernel", "recurrent_kernel", "bias, first row", "bias, second row"]
    : MATRICES[framework];
  const parts = names.map((name, k) => ({ name, part: PARTS[k] }));
  if (peephole) parts.push({ name: PEEPHOLES[framework], part: "peephole" });
  return { ...ORDERS[layout][framework], parts };
}

/** The name of a layer's row in the summary: two directions share one.
 * @param {{name: string}} layer */
export const ownRow = ({ name }) => name.replace(/\/(forward|backward)$/, "");

/** Whether a gate has a block of a matrix: the candidate does not look at the cell state.
 * @param {Block} gate @param {Part} part */
export const hasBlock = (gate, part) => part !== "peephole" || gate !== "candidate";

/** How many numbers a layer holds, matrix by matrix.
 * @param {{units: number, features: number, cell?: string, peephole?: boolean}} layer
 * @param {Framework} framework
 * @param {Weights | null} [weights] */
export function parameterCounts(layer, framework, weights) {
  const { gates, parts } = keptBy(layer, framework, weights);
  const sizes = parts.map(
    ({ part }) =>
      rowsOf(layer, part) * gates.filter((gate) => hasBlock(gate, part)).length * layer.units,
  );
  return { sizes, total: sizes.reduce((a, b) => a + b, 0) };
}

/** @param {{units: number, features: number}} layer @param {Part} part */
export const rowsOf = ({ units, features }, part) =>
  part === "kernel" ? features : part === "recurrent_kernel" ? units : 1;
