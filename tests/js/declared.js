/** Traces of cells by what a server declares of them alone. */
import { randomFrom } from "./trace.js";

/** @typedef {import("../../static/core/types.js").Layer} Layer */
/** @typedef {Pick<Layer, "gates" | "states" | "derived" | "reset" | "memory">} Declaration */

/** By the cell's name on the wire; the last two are of cells that no folder knows.
 * @type {Record<string, Declaration>} */
export const DECLARED = {
  lstm_coupled: {
    gates: ["forget_gate", "candidate", "output_gate"],
    states: ["hidden_state", "cell_state"],
    derived: { input_gate: "1 - forget_gate" },
    memory: {
      state: "cell_state",
      keeps: "forget_gate",
      writes: ["input_gate", "candidate"],
      shown_by: "output_gate",
    },
  },
  mgu: {
    gates: ["forget_gate", "candidate"],
    states: ["hidden_state"],
    reset: { gate: "forget_gate", after: false },
    memory: {
      state: "hidden_state",
      keeps: "1 - forget_gate",
      writes: ["forget_gate", "candidate"],
    },
  },
  nameless: {
    gates: ["update_gate", "reset_gate", "candidate"],
    states: ["hidden_state"],
    reset: { gate: "reset_gate", after: true },
    memory: {
      state: "hidden_state",
      keeps: "update_gate",
      writes: ["1 - update_gate", "candidate"],
    },
  },
  gateless: { gates: [], states: ["hidden_state"] },
};

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
const range = (/** @type {number} */ n) => Array.from({ length: n }, (_, k) => k);

/** @param {Record<string, number[]>} values @param {string} factor @param {number} k */
const factorAt = (values, factor, k) =>
  factor.startsWith("1 - ") ? 1 - values[factor.slice(4)][k] : values[factor][k];

/** A random trace of such a cell.
 * @param {string} cell @param {string[]} words @param {number} features @param {number} units
 * @param {number[]} [padding] places of words that are masked
 * @returns {{trace: import("../../static/core/types.js").Trace,
 *   weights: import("../../static/core/types.js").Weights}} */
export function declaredTrace(cell, words, features, units, padding = []) {
  const declaration = DECLARED[cell];
  const { gates = [], states = [], derived = {}, reset, memory } = declaration;
  const random = randomFrom(3);
  const matrix = (/** @type {number} */ n) => range(n).map(() => range(units).map(random));
  const blocks = gates.length > 0 ? gates : ["hidden_state"];
  const weights = Object.fromEntries(
    blocks.map((name) => [
      name,
      {
        kernel: matrix(features),
        recurrent_kernel: matrix(units),
        bias: range(units).map(random),
        ...(reset?.after && { recurrent_bias: range(units).map(random) }),
      },
    ]),
  );
  const zeros = range(units).map(() => 0);
  /** @type {Record<string, number[]>} */
  let state = Object.fromEntries(states.map((name) => [name, zeros]));
  const initial_state = state;
  const steps = words.map((token, t) => {
    const input = range(features).map(random);
    const before = state;
    /** @param {string} name @param {number[]} hidden @param {number[]} [after] */
    const sums = (name, hidden, after) => {
      const { kernel, recurrent_kernel: recurrent, bias, recurrent_bias: second } = weights[name];
      const dot = (
        /** @type {number[]} */ values,
        /** @type {number[][]} */ rows,
        /** @type {number} */ k,
      ) => values.reduce((sum, value, j) => sum + value * rows[j][k], 0);
      return range(units).map((k) => {
        const product = dot(hidden, recurrent, k) + (second?.[k] ?? 0);
        return dot(input, kernel, k) + (after?.[k] ?? 1) * product + bias[k];
      });
    };
    /** @type {Record<string, number[]>} */
    const preactivations = {};
    /** @type {Record<string, number[]>} */
    const values = {};
    for (const name of blocks.filter((one) => one !== "candidate")) {
      preactivations[name] = sums(name, before.hidden_state);
      values[name] = preactivations[name].map(gates.length > 0 ? sigmoid : Math.tanh);
    }
    if (gates.includes("candidate")) {
      const met = reset && values[reset.gate];
      const hidden =
        met && !reset.after
          ? before.hidden_state.map((value, k) => met[k] * value)
          : before.hidden_state;
      preactivations.candidate = sums("candidate", hidden, reset?.after ? met : undefined);
      values.candidate = preactivations.candidate.map(Math.tanh);
    }
    for (const [name, factor] of Object.entries(derived)) {
      values[name] = range(units).map((k) => factorAt(values, factor, k));
    }
    if (memory) {
      const written = (/** @type {number} */ k) =>
        memory.writes.reduce((product, factor) => product * factorAt(values, factor, k), 1);
      values[memory.state] = range(units).map(
        (k) => factorAt(values, memory.keeps, k) * before[memory.state][k] + written(k),
      );
      if (memory.shown_by) {
        const shown = values[memory.shown_by];
        values.hidden_state = values[memory.state].map((c, k) => shown[k] * Math.tanh(c));
      }
    }
    const masked = padding.includes(t);
    if (masked) for (const name of states) values[name] = before[name];
    state = Object.fromEntries(states.map((name) => [name, values[name]]));
    const row = { timestep: t + 1, token, input, ...(masked && { masked }) };
    return { ...row, ...values, preactivations };
  });
  const trace = {
    model: { id: "random", title: "Random", provenance: { kind: "seeded" } },
    layer: { name: cell, cell, units, features, return_sequences: true, ...declaration },
    tokens: words.map((text, k) => ({ text, id: k + 1, known: true })),
    initial_state,
    steps,
    output: state.hidden_state,
    state,
    prediction: null,
  };
  return /** @type {any} */ ({ trace, weights });
}
