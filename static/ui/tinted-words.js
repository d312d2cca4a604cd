/**
 * The sentence itself as a figure: every word on a colour, with a number under it. A click, or an
 * arrow key, moves the cursor; a second click opens the number.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { retryImport } from "../core/import-retry.js";
import { tintedSentenceFigure } from "../draw/tinted-sentence.js";
import { withBase } from "../draw/text.js";
import { cursorOf } from "../core/store.js";
import { THEMES } from "../core/theme.js";
import { el, openMark } from "./dom.js";
import { themeName } from "./figure.js";
import { pictureControl } from "./save-file.js";
import { cursorMover } from "./move-cursor.js";

/**
 * @typedef {object} Tint
 * @property {string | null} fill null: not tinted
 * @property {string} ink
 * @property {string} note
 * @property {string} spoken what the note means
 * @property {import("../core/types.js").Openable} [mark] what the note opens, once one is there
 *
 * @typedef {(timestep: number, theme: import("../core/theme.js").Theme) => Tint} TintOf
 */

const MANY = 60; // words, which may be more than the box shows at once

/** @type {WeakMap<Element, {words: string[], tintOf: TintOf}>} what each sentence shows */
const shown = new WeakMap();

/**
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {string[]} words
 * @param {TintOf} tintOf
 */
export function tintWords(root, store, words, tintOf) {
  const { timestep } = cursorOf(store.get());
  const theme = THEMES[themeName(store.get())];
  if (!shown.has(root)) root.after(el("div", { class: "figure-tools" }, pictureOf(root, store)));
  shown.set(root, { words, tintOf });
  const focused = root.contains(document.activeElement);
  const move = cursorMover(store);
  root.replaceChildren(
    ...words.map((text, k) => {
      const { fill, ink, note, spoken, mark } = tintOf(k + 1, theme);
      const here = k + 1 === timestep;
      const button = el(
        "button",
        {
          type: "button",
          class: "tinted",
          "aria-current": here ? "step" : null,
          tabindex: here ? 0 : -1,
        },
        el("bdi", {}, withBase(text)),
        el("small", { "aria-hidden": "true" }, note),
        el("span", { class: "unseen" }, spoken),
      );
      if (fill) {
        button.style.background = fill;
        button.style.color = ink;
      }
      button.addEventListener("click", () => {
        if (!here || !mark) move(k + 1);
        else openMark(button, mark);
      });
      return button;
    }),
  );
  const current = /** @type {HTMLElement | null} */ (root.querySelector("[aria-current]"));
  if (focused) current?.focus({ preventScroll: true });
  if (current && words.length > MANY) root.scrollTop = current.offsetTop - root.clientHeight / 2;
}

/**
 * The control that saves a sentence with its colours as a picture.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function pictureOf(root, store) {
  /** @param {import("../core/theme.js").Theme} theme of the picture, whatever the page wears */
  function build(theme) {
    const now = shown.get(root);
    if (!now) return null;
    const { words, tintOf } = now;
    const line = root.closest("section")?.querySelector(".look")?.textContent ?? "";
    return tintedSentenceFigure(words, {
      shades: words.map((_, k) => tintOf(k + 1, theme)),
      timestep: cursorOf(store.get()).timestep,
      label: `${root.ariaLabel}. ${line}`,
      theme,
      width: root.clientWidth,
    });
  }
  return pictureControl(root, async (format) => {
    const { saveFigure } = await retryImport(async () => await import("./save-picture.js"));
    return saveFigure(root, format, { build, trace: store.get().trace });
  });
}
