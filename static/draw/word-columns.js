/** A column for each word, its heading above it: level where there is room, slanted where not. */
import { textWidth, word } from "./text.js";

const TEXT = 11;
const WORD = 88; // pixels a slanted word may take
const SLANT = (50 / 180) * Math.PI;
const WIDEST = 150;

/** @typedef {{left: number, top: number, cell: number, slanted: boolean, width: number,
 *   right: number}} Columns in pixels; top is where the cells begin */

/**
 * @param {string[]} words
 * @param {{width: number, left: number, right?: number}} room left and right: margins kept free
 * @returns {Columns}
 */
export function columnsOf(words, { width, left, right = 8 }) {
  const longest = Math.max(...words.map((text) => textWidth(text, TEXT)));
  const length = Math.min(WORD, longest) + 8;
  const level = Math.min(WIDEST, (width - left - right) / words.length);
  const slanted = level < length;
  // a slanted word leans out over the last column
  const beyond = slanted ? Math.max(right, length * Math.cos(SLANT)) : right;
  const cell = Math.min(WIDEST, (width - left - beyond) / words.length);
  const top = 4 + (slanted ? length * Math.sin(SLANT) + 10 : 24);
  const across = cell * words.length;
  return { left, top, cell, slanted, width: across, right: Math.max(0, width - left - across) };
}

/** The axis of the columns, numbered from `first`.
 * @param {string[]} words @param {Columns} columns @param {number} [first] */
export function columnAxis(words, { cell, slanted }, first = 1) {
  const every = Math.max(1, Math.ceil((TEXT + 3) / cell));
  const shown = words.map((_, k) => k).filter((k) => k % every === 0);
  return {
    side: "top",
    range: [first - 0.5, first + words.length - 0.5],
    tickvals: shown.map((k) => first + k),
    ticktext: shown.map((k) => word(words[k], slanted ? WORD : cell - 6, TEXT)),
    tickangle: slanted ? -50 : 0,
    ticks: "",
    ticklabelstandoff: slanted ? 2 : 4,
    showgrid: false,
    zeroline: false,
    fixedrange: true,
  };
}

/** What such figures have in common. @param {import("../core/theme.js").Theme} theme */
export const plainLayout = (theme) => ({
  paper_bgcolor: theme.paper,
  plot_bgcolor: theme.paper,
  font: { family: theme.font, size: TEXT, color: theme.ink },
  dragmode: false,
  showlegend: false,
  hovermode: "closest",
  hoverlabel: {
    bgcolor: theme.ink,
    bordercolor: theme.ink,
    font: { family: theme.font, size: 13, color: theme.paper },
    align: "left",
  },
});
