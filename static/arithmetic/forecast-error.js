/** How far forecasts were from what came, beside those of who only says the last number again. */

/** @typedef {import("../core/types.js").AppState} AppState */
/** @typedef {import("../core/types.js").Trace} Trace */

/** Numbers of each timestep that were read. @param {Trace} trace @returns {number[][]} */
export const seriesOf = ({ asked }) => (asked && "inputs" in asked ? asked.inputs : []);

/** What was foretold after each timestep, of the next one. @param {Trace} trace
 * @returns {number[][]} */
export const foretold = ({ answer }) => answer?.by_timestep ?? [];

/**
 * Root mean square errors over all timesteps but the first, which nobody could foretell.
 *
 * @param {number[][]} series (timesteps, features)
 * @param {number[][]} said (timesteps, features), after each timestep of the next
 * @returns {{model: number, echo: number, count: number} | null} null where nothing was foretold
 */
export function errorsOf(series, said) {
  const count = Math.min(series.length, said.length + 1) - 1;
  if (count < 1) return null;
  const of = (/** @type {number[][]} */ guesses) => {
    let sum = 0;
    for (let t = 1; t <= count; t++) {
      series[t].forEach((value, k) => (sum += (value - guesses[t - 1][k]) ** 2));
    }
    return Math.sqrt(sum / (count * series[0].length));
  };
  return { model: of(said), echo: of(series), count };
}

/** Whether what is shown is a forecast. @param {AppState} state */
export const foretells = ({ summary, trace }) =>
  Boolean(
    trace?.answer?.by_timestep &&
    summary?.id === trace.model.id &&
    summary.next?.kind === "numbers" &&
    seriesOf(trace).length === trace.steps.length,
  );
