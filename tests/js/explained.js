/** Traces with the optional parts that explain them, worked out from the equations. */
import { randomTrace } from "./trace.js";

/** @param {import("../../static/core/types.js").Trace} trace @param {number | null} unit
 * @returns {import("../../static/core/types.js").Memory} */
export function memoryOf(trace, unit = null) {
  const { units } = trace.layer;
  const count = trace.steps.length;
  const per = Array.from({ length: units }, (_, k) =>
    trace.steps.map((_step, t) =>
      Array.from({ length: count + 1 }, (_none, source) => {
        if (source > t + 1) return 0;
        const from = source === 0 ? trace.initial_state.cell_state[k] : written(trace, source, k);
        return trace.steps
          .slice(source, t + 1)
          .reduce((left, step) => left * step.forget_gate[k], from);
      }),
    ),
  );
  return {
    magnitude: trace.steps.map((_, t) =>
      per[0][t].map((_none, s) => per.reduce((sum, rows) => sum + Math.abs(rows[t][s]), 0)),
    ),
    unit,
    contributions: unit === null ? null : per[unit],
  };
}

/** @param {import("../../static/core/types.js").Trace} trace @param {number} timestep
 * @param {number} unit */
function written({ steps }, timestep, unit) {
  const step = steps[timestep - 1];
  return step.input_gate[unit] * step.candidate[unit];
}

/** A trace that is explained in every way; the numbers of its scores and gradients are made up.
 * @param {string[]} words @param {number} [units] */
export function explainedTrace(words, units = 4) {
  const { trace } = randomTrace(words, 3, units);
  const scores = words.map((_, t) => Math.sin(3 * t + 1));
  const logit = 0.25 + scores.reduce((sum, score) => sum + score, 0);
  const norms = words.map((_, t) => 0.5 ** (words.length - 1 - t));
  return {
    ...trace,
    memory: memoryOf(trace, 1),
    attributions: { label: "yes", logit, bias: 0.25, initial_state: 0, scores },
    gradients: {
      label: "yes",
      logit,
      hidden_state: norms,
      cell_state: norms,
      direct: norms.map((norm) => norm / 2),
      input: norms,
      input_dot: scores.map((score) => -score / 2),
    },
    prediction: prediction(1 / (1 + Math.exp(-logit))),
  };
}

/** @param {number} yes @returns {import("../../static/core/types.js").Prediction} */
export const prediction = (yes) => ({
  output: [yes],
  labels: ["no", "yes"],
  probabilities: [1 - yes, yes],
  by_timestep: null,
});
