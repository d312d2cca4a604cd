/** What comes next, for models that write or foretell: how it is drawn, and how it is read in its turn. */
import { seriesText } from "../core/inputs.js";
import { readsCharacters } from "../draw/text.js";

/** @typedef {import("../core/types.js").AppState} AppState */
/** @typedef {import("../core/types.js").Next} Next */
/** @typedef {import("../core/types.js").Trace} Trace */

/**
 * What a token is drawn by.
 *
 * @param {number[]} probabilities
 * @param {number} temperature what the logits are divided by; at 0 the likeliest has it all
 */
export function atTemperature(probabilities, temperature) {
  const most = Math.max(...probabilities);
  if (temperature === 0) {
    const first = probabilities.indexOf(most);
    return probabilities.map((_, k) => Number(k === first));
  }
  // of the most, so that the power of a small number is not all that is left
  const weights = probabilities.map((one) => (one / most) ** (1 / temperature));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one) => one / total);
}

/**
 * The probability of each token after a timestep, whether the head gives such or logits.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1
 * @returns {number[] | null} null where the model does not say
 */
export function probabilitiesAfter({ prediction, answer }, timestep) {
  if (prediction) return prediction.by_timestep?.[timestep - 1] ?? null;
  const logits = answer?.by_timestep?.[timestep - 1];
  if (!logits) return null;
  const most = Math.max(...logits);
  const weights = logits.map((one) => Math.exp(one - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one) => one / total);
}

/**
 * What is read once a token has been taken: what stands up to a timestep, and the token.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1; what came after it is dropped
 * @param {string} text the token
 * @param {Next} next
 * @returns {Partial<AppState>}
 */
export function withToken(trace, timestep, text, next) {
  const { asked, tokens } = trace;
  if (asked && "sentence" in asked) {
    const texts = [...tokens.slice(0, timestep).map((token) => token.text), text];
    return { sentence: texts.join(readsCharacters(trace) ? "" : " ") };
  }
  if (asked && "inputs" in asked) {
    const place = next.texts?.indexOf(text) ?? -1;
    return withRow(
      trace,
      timestep,
      asked.inputs[0].map((_, k) => Number(k === place)),
    );
  }
  return { token_ids: [...tokens.slice(0, timestep).map(({ id }) => id), text].join(", ") };
}

/**
 * What is read once a timestep's numbers have been foretold.
 *
 * @param {Trace} trace
 * @param {number} timestep from 1; what came after it is dropped
 * @param {number[]} row
 * @returns {Partial<AppState>}
 */
export function withRow({ asked }, timestep, row) {
  const rows = asked && "inputs" in asked ? asked.inputs.slice(0, timestep) : [];
  return { inputs: seriesText([...rows, row.map((one) => Number(one.toPrecision(6)))]) };
}

/**
 * What is read once the last token or timestep has been taken away; null where it is the only one.
 *
 * @param {Trace} trace
 * @returns {Partial<AppState> | null}
 */
export function withoutLast(trace) {
  const { asked, tokens } = trace;
  if (tokens.length < 2 || !asked) return null;
  const left = tokens.slice(0, -1);
  if ("inputs" in asked) return { inputs: seriesText(asked.inputs.slice(0, -1)) };
  if ("token_ids" in asked) return { token_ids: left.map(({ id }) => id).join(", ") };
  return { sentence: left.map(({ text }) => text).join(readsCharacters(trace) ? "" : " ") };
}
