/**
 * The numbers of the trace in its present state as a file, and as a line for a terminal.
 *
 * @typedef {import("./numbers-questions.js").DataFormat} DataFormat
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, fetchData } from "../../core/api.js";
import { curlLine, dataQuestions } from "./numbers-questions.js";
import { fileName, readText } from "../../ui/picture-svg.js";
import { copy } from "../../ui/clipboard.js";
import { find } from "../../ui/dom.js";
import { mountSaving, saveBlob } from "../../ui/save-file.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSaveNumbers(root, store) {
  mountSaving(root, find(root, "[data-line]"), async (what) => {
    const state = store.get();
    const format = /** @type {DataFormat} */ (what === "curl" ? "csv" : what);
    const name = nameOf(state, format);
    const { question, file } = await ask(state, format);
    if (what === "curl") {
      const line = curlLine(question, { origin: location.origin, format, name });
      return (await copy(line)) ? "Copied. In a terminal it saves the CSV." : line;
    }
    saveBlob(file, name);
    return `Saved as ${name}${lacking(question, state)}`;
  });
}

/** @param {AppState} state @param {DataFormat} format */
const nameOf = ({ trace }, format) =>
  trace ? fileName(["trace", trace.model.id, readText(trace)], format) : "";

/**
 * The fullest answer that the model gives.
 *
 * @param {AppState} state
 * @param {DataFormat} format
 */
async function ask(state, format) {
  const questions = dataQuestions(state);
  for (const question of questions) {
    try {
      return { question, file: await fetchData(question, format) };
    } catch (error) {
      const refused = error instanceof ApiError && [413, 422].includes(error.status);
      if (!refused || question === questions[questions.length - 1]) throw error;
    }
  }
  throw new ApiError(422, "There is nothing to save yet: first let a sentence be read.");
}

/**
 * What the model does not allow, said so that nobody looks for it in the file.
 *
 * @param {Record<string, unknown>} question
 * @param {AppState} state
 */
function lacking(question, state) {
  const include = /** @type {string[]} */ (question.include);
  const missing = ["memory", "gradients", "attributions"].filter((one) => !include.includes(one));
  if (missing.length === 0 || !state.trace) return "";
  return `, without ${missing.join(" and ")}: this model has none`;
}
