/** Lines of code, each of which, where it is longer than the page is wide, goes on set in. */
import { el } from "./dom.js";

/**
 * @param {HTMLElement} root
 * @param {string} code
 */
export function writeCode(root, code) {
  const lines = code.split("\n");
  const end = (/** @type {number} */ k) => (k < lines.length - 1 ? "\n" : "");
  root.replaceChildren(
    ...lines.map((line, k) => el("span", { class: "line" }, `${line}${end(k)}`)),
  );
}
