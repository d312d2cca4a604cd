/** How each framework keeps a layer's weights: which matrices, and their blocks in which order. */
import { LETTERS } from "./quantities.js";
import { blocksOf, kindOf } from "./kinds.js";

/** @typedef {import("../core/types.js").Layer} Layer */
/** @typedef {import("./kind.js").Block} Block */
/** @typedef {import("../core/types.js").Weights} Weights */
/** @typedef {import("./kind.js").Framework} Framework */

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

/** How a framework keeps the weights of a kind of cell; one that has no such cell, as they are kept
 * here.
 * @param {Layer} layer @param {Framework} framework
 * @param {Weights | null} [weights] which tell whether there are two biases */
export function keptBy(layer, framework, weights = null) {
  const kind = kindOf(layer);
  const { sums } = kind;
  // Keras, too, has a second bias where the reset gate is multiplied with it
  const second = weights?.candidate
    ? weights.candidate.recurrent_bias
    : sums.candidate?.reset?.after;
  const both = framework === "keras" && Boolean(second);
  const layout = kind.layouts[framework];
  const names = both
    ? ["kernel", "recurrent_kernel", "bias, first row", "bias, second row"]
    : MATRICES[layout ? framework : "keras"];
  const parts = names.map((name, k) => ({ name, part: PARTS[k] }));
  if (layer.peephole) parts.push({ name: PEEPHOLES[framework], part: "peephole" });
  const own = /** @type {Block[]} */ (layer.gates?.length ? layer.gates : blocksOf(kind));
  return { ...(layout ?? { gates: own, candidate: LETTERS.candidate }), parts };
}

/** The name of a layer's row in the summary: two directions share one.
 * @param {{name: string}} layer */
export const ownRow = ({ name }) => name.replace(/\/(forward|backward)$/, "");

/** Whether a gate has a block of a matrix: the candidate does not look at the cell state.
 * @param {Block} gate @param {Part} part */
export const hasBlock = (gate, part) => part !== "peephole" || gate !== "candidate";

/** How many numbers a layer holds, matrix by matrix.
 * @param {Layer} layer
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

/** @param {{units: number, features: number, hidden?: number}} layer @param {Part} part */
export const rowsOf = ({ units, features, hidden = units }, part) =>
  part === "kernel" ? features : part === "recurrent_kernel" ? hidden : 1;
