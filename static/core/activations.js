/** The activations that a cell may have, by Keras's names: how they are written, what they do. */

/** @typedef {{sign: string, of: (z: number) => number}} Activation */

/** @param {number} z */
const sigmoid = (z) => 0.5 * Math.tanh(0.5 * z) + 0.5;

/** @param {number} z */
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

/** @param {number} low @param {number} high */
const clip = (low, high) => (/** @type {number} */ z) => Math.min(Math.max(z, low), high);

const hardSigmoid = (/** @type {number} */ z) => clip(0, 1)(z / 6 + 0.5);

/** @param {number} slope below zero */
const leaky = (slope) => (/** @type {number} */ z) => (z > 0 ? z : slope * z);

const elu = (/** @type {number} */ z) => (z > 0 ? z : Math.expm1(z));

/** The error function, to seven digits (Abramowitz & Stegun 7.1.26). @param {number} x */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const sum = factors.reduce((total, factor) => (total + factor) * t, 0);
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

/** @type {Record<string, Activation>} */
const FUNCTIONS = {
  sigmoid: { sign: "\u03c3", of: sigmoid },
  tanh: { sign: "tanh", of: Math.tanh },
  linear: { sign: "linear", of: (z) => z },
  relu: { sign: "relu", of: (z) => Math.max(z, 0) },
  relu6: { sign: "relu6", of: clip(0, 6) },
  leaky_relu: { sign: "leaky relu", of: leaky(0.2) },
  "leaky_relu_0.01": { sign: "leaky relu", of: leaky(0.01) },
  elu: { sign: "elu", of: elu },
  celu: { sign: "celu", of: elu },
  selu: {
    sign: "selu",
    of: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  },
  gelu: { sign: "gelu", of: (z) => 0.5 * z * (1 + erf(z / Math.SQRT2)) },
  silu: { sign: "silu", of: (z) => z * sigmoid(z) },
  mish: { sign: "mish", of: (z) => z * Math.tanh(softplus(z)) },
  softplus: { sign: "softplus", of: softplus },
  softsign: { sign: "softsign", of: (z) => z / (1 + Math.abs(z)) },
  exponential: { sign: "exp", of: Math.exp },
  hard_sigmoid: { sign: "hard \u03c3", of: hardSigmoid },
  hard_sigmoid_2: { sign: "hard \u03c3", of: (z) => clip(0, 1)(0.2 * z + 0.5) },
  hard_silu: { sign: "hard silu", of: (z) => z * hardSigmoid(z) },
  hard_tanh: { sign: "hard tanh", of: clip(-1, 1) },
  log_sigmoid: { sign: "log \u03c3", of: (z) => -softplus(-z) },
  squareplus: { sign: "squareplus", of: (z) => (z + Math.sqrt(z * z + 4)) / 2 },
  tanh_shrink: { sign: "tanh shrink", of: (z) => z - Math.tanh(z) },
};

/** @param {string} name @returns {Activation} */
export const functionOf = (name) => FUNCTIONS[name] ?? FUNCTIONS.linear;
