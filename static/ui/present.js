/**
 * For a projector: F shows the picture and the timeline alone, F or Escape everything again.
 */
import { announce } from "./announce.js";

const TAKES_LETTERS = "input, select, textarea, [contenteditable], dialog";

/** @param {HTMLElement} root the page */
export function mountPresent(root) {
  const page = /** @type {HTMLElement} */ (root.parentElement);

  /** @param {boolean} alone */
  function set(alone) {
    page.toggleAttribute("data-present", alone);
    announce(alone ? "The picture and the timeline alone. F shows everything again." : "");
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const presents = page.hasAttribute("data-present");
    if (event.key === "Escape" && presents) set(false);
    if (event.key.toLowerCase() !== "f" || target.closest(TAKES_LETTERS)) return;
    event.preventDefault();
    set(!presents);
  });
}
