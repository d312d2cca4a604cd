/**
 * Sets an equation in HTML, with real subscripts; the numbers that can be opened are buttons.
 *
 * @typedef {import("../core/types.js").Mark} Mark
 * @typedef {import("../core/types.js").Piece} Piece
 */
import { spokenEquation } from "../words/spoken-equation.js";
import { PARTS } from "../arithmetic/arithmetic.js";
import { NAMES } from "../cells/quantities.js";
import { el, numberButton } from "./dom.js";

/**
 * @param {Piece[][]} lines
 * @returns {HTMLElement}
 */
export function equationOf(lines) {
  return el("div", { class: "equation" }, ...lines.map((line) => el("p", {}, setLine(line))));
}

/** What has no number to open is heard by the names of its letters. @param {Piece[]} line */
export function setLine(line) {
  const name = line.some(({ mark }) => mark) ? null : spokenEquation(line);
  const heard = { role: name && "img", "aria-label": name };
  return el("span", heard, ...line.flatMap((piece) => [setPiece(piece), " "]));
}

/** @param {Piece} piece @returns {HTMLElement} */
export function setPiece(piece) {
  const { kind, text, sub, quantity, mark } = piece;
  const colour = quantity ?? "";
  const tail = sub ? [el("sub", {}, sub)] : [];
  if (kind === "symbol")
    return el("span", { class: `symbol ${colour}` }, el("var", {}, text), ...tail);
  if (!mark) return el("span", { class: `${kind} ${colour}` }, text, ...tail);
  const { how, part } = mark;
  const what = part ? `${NAMES[mark.quantity]}, ${PARTS[part.of]}` : NAMES[mark.quantity];
  const name = how === "rest" ? `1 − ${what}` : how ? `${how} of ${what}` : what;
  return numberButton({ text, mark }, colour, name);
}
