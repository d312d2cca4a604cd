/** The sheet of keys and colours behind the help button. */
import { find } from "../ui/dom.js";

/** @param {HTMLElement} root a dialog */
export function mountHelp(root) {
  const dialog = /** @type {HTMLDialogElement} */ (root);
  find(document, "#help-button").addEventListener("click", () => dialog.showModal());
  find(root, "[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  find(root, "[data-guide]").addEventListener("click", () => {
    dialog.close();
    root.dispatchEvent(new CustomEvent("start-guide", { bubbles: true }));
  });
}
