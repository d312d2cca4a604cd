/**
 * The sentence itself as a figure: every word on a colour, with a number under it. A click, or an
 * arrow key, moves the cursor.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { cursorOf } from "../store.js";
import { el } from "./dom.js";
import { mover } from "./scrubber.js";

/**
 * @typedef {object} Tint
 * @property {string | null} fill null: not tinted
 * @property {string} ink
 * @property {string} note
 * @property {string} spoken what the note means
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {string[]} words
 * @param {(timestep: number) => Tint} tintOf
 */
export function tintWords(root, store, words, tintOf) {
  const { timestep } = cursorOf(store.get());
  const focused = root.contains(document.activeElement);
  const move = mover(store);
  root.replaceChildren(
    ...words.map((text, k) => {
      const { fill, ink, note, spoken } = tintOf(k + 1);
      const here = k + 1 === timestep;
      const button = el(
        "button",
        {
          type: "button",
          class: "tinted",
          "aria-current": here ? "step" : null,
          tabindex: here ? 0 : -1,
        },
        el("bdi", {}, text),
        el("small", { "aria-hidden": "true" }, note),
        el("span", { class: "unseen" }, spoken),
      );
      if (fill) {
        button.style.background = fill;
        button.style.color = ink;
      }
      button.addEventListener("click", () => move(k + 1));
      return button;
    }),
  );
  if (focused) {
    /** @type {HTMLElement | null} */ (root.querySelector("[aria-current]"))?.focus({
      preventScroll: true,
    });
  }
}
