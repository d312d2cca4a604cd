/** Code in a box with a button that copies it. */
import { copy } from "./clipboard.js";
import { el } from "./dom.js";

/**
 * @param {string} code
 * @returns {HTMLElement}
 */
export function codeBox(code) {
  const button = el("button", { type: "button", class: "quiet" }, "Copy the code");
  button.addEventListener("click", async () => {
    button.textContent = (await copy(code)) ? "Copied" : "Select it and copy by hand";
    setTimeout(() => (button.textContent = "Copy the code"), 2000);
  });
  const text = el("code", {}, code);
  return el(
    "div",
    { class: "code-box" },
    el("pre", { class: "code", tabindex: "0", "aria-label": "Code" }, text),
    button,
  );
}
