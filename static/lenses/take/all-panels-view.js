/**
 * All panels of the cell as one picture.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { retryImport } from "../../core/import-retry.js";
import { cursorOf } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountSaving } from "../../ui/save-file.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSaveAllPanels(root, store) {
  mountSaving(root, find(root, "[data-line]"), async (format) => {
    const { saveAllPanels } = await retryImport(async () => await import("./save-all-panels.js"));
    const state = store.get();
    if (!state.trace) return "There is nothing to save yet.";
    const name = await saveAllPanels(
      state.trace,
      cursorOf(state),
      format === "png" ? "png" : "svg",
    );
    return `Saved as ${name}`;
  });
}
