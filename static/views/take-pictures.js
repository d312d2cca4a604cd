/**
 * All panels of the cell as one picture.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { untilThere } from "../patience.js";
import { cursorOf } from "../store.js";
import { find } from "./dom.js";
import { mountSaving } from "./save.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTakePictures(root, store) {
  mountSaving(root, find(root, "[data-line]"), async (format) => {
    const { saveSheet } = await untilThere(async () => await import("./save-sheet.js"));
    const state = store.get();
    if (!state.trace) return "There is nothing to save yet.";
    const name = await saveSheet(state.trace, cursorOf(state), format === "png" ? "png" : "svg");
    return `Saved as ${name}`;
  });
}
