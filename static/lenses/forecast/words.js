/** What to look for in a forecast, in words: whether it is more than an echo. */
import { derived } from "../../arithmetic/derived-numbers.js";
import { errorsOf, foretold, seriesOf } from "../../arithmetic/forecast-error.js";
import { fixed } from "../../draw/format.js";
import { openable, phrase } from "../../words/sentence.js";

/** @typedef {import("../../core/types.js").Trace} Trace */

/** Times the echo's error: what is nearly as large is no better. */
const BETTER = 0.9;

/** @param {Trace} trace @returns {import("../../core/types.js").Phrase} */
export function forecastCaption(trace) {
  const errors = errorsOf(seriesOf(trace), foretold(trace));
  if (!errors) return "One number is no series: it takes two to see how far a forecast was off.";
  const { model, echo, count } = errors;
  const mean = (/** @type {string} */ what) =>
    derived(
      () =>
        `The root mean square error: over ${count} timesteps, ${what} taken from what came, squared, ` +
        "the mean of that, and its square root.",
    );
  const own = openable(fixed(model, 3), mean("what was foretold one step before"));
  const other = openable(fixed(echo, 3), mean("the number before it"));
  const verdict =
    model < BETTER * echo
      ? "The model does more than echo."
      : model < echo
        ? "That is hardly more than an echo."
        : "Here the model is no better than an echo.";
  return phrase`One step ahead it is off by ${own}; who says the last number again is off by ${other}. ${verdict}`;
}
