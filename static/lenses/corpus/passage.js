/** A stretch of a corpus's sentence, each word on the colour of the unit's value there. */
import { valueColor } from "../../cells/quantities.js";
import { readable } from "../../draw/color.js";
import { withBase } from "../../draw/text.js";
import { el } from "../../ui/dom.js";

/** @typedef {import("../../core/theme.js").Theme} Theme */
/** @typedef {{tokens: string[], values?: number[], from: number, to: number, note: string,
 *   spoken: string}} Passage from, to: which of the tokens it is about, from 0, both in it */

/**
 * @param {Passage} passage
 * @param {{quantity: string, limit: number, theme: Theme, spaced: boolean}} look spaced: whether words
 *   stand apart
 * @param {() => void} open shows the sentence on the stage
 */
export function passageRow({ tokens, values, from, to, note, spoken }, look, open) {
  const { quantity, limit, theme, spaced } = look;
  const words = tokens.flatMap((token, k) => {
    const about = k >= from && k <= to;
    const word = el(
      "bdi",
      { class: about ? "passage-word about" : "passage-word" },
      withBase(token),
    );
    const value = values?.[k];
    if (value !== undefined) {
      const drawn = /** @type {import("../../core/types.js").Quantity} */ (quantity);
      const fill = valueColor(drawn, value, limit, theme);
      word.style.background = fill;
      word.style.color = readable(fill, theme);
    }
    return k > 0 && spaced ? [" ", word] : [word];
  });
  const button = el("button", { type: "button", class: "passage", "aria-label": spoken }, ...words);
  button.addEventListener("click", open);
  return el("li", {}, el("span", { class: "passage-note" }, note), button);
}
