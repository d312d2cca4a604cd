/** An equation for who hears it: its letters by what they are called. */
import { LETTERS, NAMES } from "../cells/quantities.js";

/** @typedef {import("../core/types.js").Piece} Piece */

/** @param {Piece} piece */
function wordOf({ kind, text, sub = "", quantity }) {
  if (kind !== "symbol" || !quantity) return text.replace("σ", "sigmoid").replace("⊙", "×");
  if (text !== LETTERS[quantity]) return `${text} ${sub}`.trim();
  const when = { "t−1": "previous ", "t+1": "next " }[sub] ?? "";
  return when + NAMES[quantity];
}

/**
 * @param {Piece[]} line in letters
 * @returns {string} such as "forget gate = sigmoid ( input × W f + previous hidden state × U f + b f )"
 */
export function spokenEquation(line) {
  /** Whether two pieces side by side are multiplied. @param {Piece | undefined} before */
  const isFactor = (before) => before?.kind === "symbol" || before?.text === ")";
  return line
    .map((piece, k) => {
      const times = piece.kind === "symbol" && isFactor(line[k - 1]) ? "× " : "";
      return times + wordOf(piece);
    })
    .join(" ");
}
