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
 * @returns {{trace: import("../../static/types.js").Trace,
 *   weights: import("../../static/types.js").Weights}} */
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
