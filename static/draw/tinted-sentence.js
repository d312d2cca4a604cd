/** The sentence itself as a picture: every word on a colour, with a number under it. */
import { frame, join, label, toFigure, touch } from "./primitives.js";
import { textWidth, word } from "./text.js";

/** @typedef {import("../core/types.js").Figure} Figure */
/**
 * @typedef {object} Shade
 * @property {string | null} fill null: not shaded
 * @property {string} ink
 * @property {string} note
 */

const HEIGHT = 44;
const GAP = 6;
const PADDING = 9;
const TEXT = 15;
const NOTE = 12;

/**
 * @param {string[]} words
 * @param {{shades: Shade[], timestep: number, label: string,
 *   theme: import("../core/theme.js").Theme, width: number}} options timestep: the cursor's, from 1
 * @returns {Figure}
 */
export function tintedSentenceFigure(words, { shades, timestep, label: sentence, theme, width }) {
  const boxes = places(words, shades, width);
  const drawn = boxes.map(({ x, y, width: across }, k) => {
    const { fill, ink, note } = shades[k];
    const here = k + 1 === timestep;
    const style = { fill: fill ?? theme.paper, line: here ? theme.ink : theme.line };
    const color = fill ? ink : theme.ink;
    return join(
      frame(
        { x, y, width: across, height: HEIGHT },
        { ...style, lineWidth: here ? 2 : 1, radius: 5 },
      ),
      label(x + across / 2, y + 15, word(words[k], across - 2 * PADDING + 1, TEXT), {
        color,
        size: TEXT,
      }),
      label(x + across / 2, y + 33, word(note), { color, size: NOTE }),
    );
  });
  const hits = boxes.map(({ x, y, width: across }, k) => ({
    x: x + across / 2,
    y: y + HEIGHT / 2,
    text: `${word(words[k])}: ${word(shades[k].note)}`,
    mark: null,
  }));
  return toFigure(join(...drawn, touch(hits)), {
    width,
    height: boxes[boxes.length - 1].y + HEIGHT + 2,
    theme,
    label: sentence,
    table: { columns: ["word", "number"], rows: words.map((text, k) => [text, shades[k].note]) },
  });
}

/**
 * Where each word stands: side by side, and in the next row where there is no more room.
 *
 * @param {string[]} words
 * @param {Shade[]} shades
 * @param {number} width
 */
function places(words, shades, width) {
  let x = 1;
  let y = 1;
  return words.map((text, k) => {
    const wide = Math.max(textWidth(text, TEXT), textWidth(shades[k].note, NOTE));
    const across = Math.min(Math.ceil(wide) + 2 * PADDING, width - 2);
    if (x > 1 && x + across > width - 1) {
      x = 1;
      y += HEIGHT + GAP;
    }
    const at = { x, y, width: across };
    x += across + GAP;
    return at;
  });
}
