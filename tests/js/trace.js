/** Traces of small random LSTMs, computed from the equations, to build figures from. */

/** @param {number} seed @returns {() => number} numbers in -1..1, the same for the same seed */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const GATES = /** @type {const} */ (["input_gate", "forget_gate", "candidate", "output_gate"]);
const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
const range = (/** @type {number} */ n) => Array.from({ length: n }, (_, k) => k);

/** @param {string[]} words @param {number} features @param {number} units @param {number} [seed]
 * @returns {{trace: import("../../static/core/types.js").Trace,
 *   weights: import("../../static/core/types.js").Weights}} */
export function randomTrace(words, features, units, seed = 1) {
  const random = randomFrom(seed);
  const matrix = (/** @type {number} */ n) => range(n).map(() => range(units).map(random));
  const gate = () => ({
    kernel: matrix(features),
    recurrent_kernel: matrix(units),
    bias: range(units).map(random),
  });
  const weights = {
    input_gate: gate(),
    forget_gate: gate(),
    candidate: gate(),
    output_gate: gate(),
  };
  let [h, c] = [range(units).map(() => 0), range(units).map(() => 0)];
  const steps = words.map((token, t) => {
    const input = range(features).map(random);
    const z = (/** @type {typeof GATES[number]} */ name) =>
      range(units).map((k) => {
        const { kernel, recurrent_kernel: recurrent, bias } = weights[name];
        const fromInput = input.reduce((sum, x, j) => sum + x * kernel[j][k], 0);
        return fromInput + h.reduce((sum, value, j) => sum + value * recurrent[j][k], 0) + bias[k];
      });
    const preactivations = {
      input_gate: z("input_gate"),
      forget_gate: z("forget_gate"),
      candidate: z("candidate"),
      output_gate: z("output_gate"),
    };
    const [i, f, o] = [
      preactivations.input_gate.map(sigmoid),
      preactivations.forget_gate.map(sigmoid),
      preactivations.output_gate.map(sigmoid),
    ];
    const g = preactivations.candidate.map(Math.tanh);
    c = c.map((value, k) => f[k] * value + i[k] * g[k]);
    h = c.map((value, k) => o[k] * Math.tanh(value));
    return {
      timestep: t + 1,
      token,
      input,
      input_gate: i,
      forget_gate: f,
      candidate: g,
      output_gate: o,
      cell_state: c,
      hidden_state: h,
      preactivations,
    };
  });
  const zeros = range(units).map(() => 0);
  return {
    trace: {
      model: { id: "random", title: "Random", provenance: { kind: "seeded" } },
      layer: { name: "lstm", cell: "LSTM", units, features, return_sequences: true },
      tokens: words.map((text, k) => ({ text, id: k + 1, known: true })),
      initial_state: { hidden_state: zeros, cell_state: zeros },
      steps,
      output: h,
      state: { hidden_state: h, cell_state: c },
      prediction: null,
    },
    weights,
  };
}

/** What a figure draws, by kind. @param {any} figure */
export function parts({ data, layout }) {
  const is = (/** @type {string} */ mode) => data.filter((/** @type {any} */ t) => t.mode === mode);
  const [text] = is("text");
  return {
    text,
    boxes: data.find((/** @type {any} */ trace) => trace.type === "bar"),
    stripes: data.filter((/** @type {any} */ trace) => trace.type === "heatmap"),
    hits: data.find((/** @type {any} */ trace) => trace.customdata),
    shapes: layout.shapes,
    words: text.text,
  };
}

/** A random GRU's or simple RNN's trace, computed from the equations.
 * @param {"gru" | "gru_reset_before" | "simple_rnn"} cell @param {string[]} words
 * @param {number} features @param {number} units @param {number} [seed]
 * @param {number[]} [padding] places of words that are masked
 * @returns {{trace: import("../../static/core/types.js").Trace,
 *   weights: import("../../static/core/types.js").Weights}} */
export function otherTrace(cell, words, features, units, seed = 1, padding = []) {
  const random = randomFrom(seed);
  const matrix = (/** @type {number} */ n) => range(n).map(() => range(units).map(random));
  const names =
    cell === "simple_rnn" ? ["hidden_state"] : ["update_gate", "reset_gate", "candidate"];
  /** @type {Record<string, import("../../static/core/types.js").GateWeights>} */
  const weights = Object.fromEntries(
    names.map((name) => [
      name,
      {
        kernel: matrix(features),
        recurrent_kernel: matrix(units),
        bias: range(units).map(random),
        ...(cell === "gru" && { recurrent_bias: range(units).map(random) }),
      },
    ]),
  );
  const dot = (
    /** @type {number[]} */ values,
    /** @type {number[][]} */ rows,
    /** @type {number} */ k,
  ) => values.reduce((sum, value, j) => sum + value * rows[j][k], 0);
  let h = range(units).map(() => 0);
  const steps = words.map((token, t) => {
    const input = range(features).map(random);
    const before = h;
    /** @param {string} name @param {number[]} state @param {number[]} [after] */
    const sums = (name, state, after) =>
      range(units).map((k) => {
        const { kernel, recurrent_kernel: recurrent, bias, recurrent_bias: second } = weights[name];
        const product = dot(state, recurrent, k) + (second?.[k] ?? 0);
        return dot(input, kernel, k) + (after ? after[k] : 1) * product + bias[k];
      });
    const masked = padding.includes(t);
    const row = { timestep: t + 1, token, input, ...(masked && { masked }) };
    if (cell === "simple_rnn") {
      const hidden_state = sums("hidden_state", before);
      h = masked ? before : hidden_state.map(Math.tanh);
      return { ...row, hidden_state: h, preactivations: { hidden_state } };
    }
    const [update_gate, reset_gate] = [sums("update_gate", before), sums("reset_gate", before)];
    const [z, r] = [update_gate.map(sigmoid), reset_gate.map(sigmoid)];
    const reset = before.map((value, k) => r[k] * value);
    const candidate = cell === "gru" ? sums("candidate", before, r) : sums("candidate", reset);
    const g = candidate.map(Math.tanh);
    h = masked ? before : before.map((value, k) => z[k] * value + (1 - z[k]) * g[k]);
    const preactivations = { update_gate, reset_gate, candidate };
    return { ...row, update_gate: z, reset_gate: r, candidate: g, hidden_state: h, preactivations };
  });
  const zeros = range(units).map(() => 0);
  const trace = {
    model: { id: "random", title: "Random", provenance: { kind: "seeded" } },
    layer: { name: cell, cell, units, features, return_sequences: true },
    tokens: words.map((text, k) => ({ text, id: k + 1, known: true })),
    initial_state: { hidden_state: zeros },
    steps,
    output: h,
    state: { hidden_state: h },
    prediction: null,
  };
  return /** @type {any} */ ({ trace, weights });
}
