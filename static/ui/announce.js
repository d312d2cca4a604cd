/** What a screen reader is told: the page's one live line. */
import { find } from "./dom.js";

/** @param {string} text spoken by the page's one live line */
export function announce(text) {
  find(document, "#spoken").textContent = text;
}

/** The same, where it also stays to be read. @param {HTMLElement} line @param {string} text */
export function announceIn(line, text) {
  line.textContent = text;
  if (text) announce(text);
}
