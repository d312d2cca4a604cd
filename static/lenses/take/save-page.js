/**
 * Saves the page as it stands, in one file that needs no server.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, fetchPage } from "../../core/api.js";
import { cursorOf, toQuery } from "../../core/store.js";
import { sizeText } from "../../core/upload.js";
import { find } from "../../ui/dom.js";
import { saveBlob } from "../../ui/save-file.js";
import { announceIn } from "../../ui/announce.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSavePage(root, store) {
  const button = /** @type {HTMLButtonElement} */ (find(root, "#save-page"));
  const state = find(root, "#save-state");

  /** @param {string} text */
  function write(text, failed = false) {
    announceIn(state, text);
    state.classList.toggle("problem", failed);
  }

  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true"; // and keeps the focus
    write("Saving: the server writes the file…");
    try {
      const now = store.get();
      const query = toQuery({ ...now, timestep: cursorOf(now).timestep }, Infinity);
      const { file, name } = await fetchPage(query);
      saveBlob(file, name);
      write(`Saved: ${name}, ${sizeText(file.size)}.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      write(`Not saved. ${error.detail}`, true);
    } finally {
      button.ariaDisabled = null;
    }
  });
}
