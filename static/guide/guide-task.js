/**
 * What a step asks to be done, and that it is done.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("./guide-steps.js").Step} Step
 * @typedef {import("./guide-words.js").Run} Run
 */
import { announce } from "../ui/announce.js";
import { write } from "../ui/caption.js";
import { find } from "../ui/dom.js";
import { plainText } from "../words/sentence.js";
import { isDone } from "./guide-doing.js";
import { filled } from "./guide-words.js";

/**
 * @param {HTMLElement} root
 * @returns {(step: Step, state: AppState, run: Run | null) => void} shows a step's task, if it has one
 */
export function mountTask(root) {
  /** Steps that were finished once. @type {Set<string>} */
  const finished = new Set();

  return ({ id, do: doing, values }, state, run) => {
    root.hidden = !doing;
    if (!doing) return;
    const named = { ...values, ...doing.values };
    const made = run !== null && isDone(doing.until, state, run);
    const result = made ? ["Done. ", ...filled(doing.done, named, run)] : [];
    if (made && !finished.has(id)) announce(plainText(result));
    if (made) finished.add(id);
    root.toggleAttribute("data-done", finished.has(id));
    write(find(root, "[data-task]"), ["Try it: ", ...filled(doing.text, named, run)]);
    write(find(root, "[data-result]"), result);
  };
}
