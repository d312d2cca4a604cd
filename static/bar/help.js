/** The sheet of keys and colours behind the help button. */
import { find } from "../ui/dom.js";

/** @param {HTMLElement} root a dialog */
export function mountHelp(root) {
  const dialog = /** @type {HTMLDialogElement} */ (root);
  const whole = /** @type {HTMLAnchorElement | null} */ (root.querySelector("[data-one-page]"));
  find(document, "#help-button").addEventListener("click", () => {
    const query = new URLSearchParams(location.search);
    query.set("lens", "all");
    if (whole) whole.href = `?${query}`; // of what is read now
    dialog.showModal();
  });
  find(root, "[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  find(root, "[data-guide]").addEventListener("click", () => {
    dialog.close();
    root.dispatchEvent(new CustomEvent("start-guide", { bubbles: true }));
  });
}
