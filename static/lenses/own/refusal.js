/** What the server says of a file that it does not read: prose, and lines of code within it. */
import { codeBox } from "../../ui/code-box.js";
import { el } from "../../ui/dom.js";

/** Where the server has pages about it. */
const GUIDES = /\/help\/[a-z-]+/g;

/**
 * Prose and code in turn. Behind the first line, lines are code until one begins with a capital
 * letter: no line of Python that is offered does.
 *
 * @param {string} detail
 * @returns {{code: boolean, text: string}[]}
 */
export function piecesOf(detail) {
  /** @type {{code: boolean, text: string}[]} */
  const pieces = [];
  for (const [place, line] of detail.split("\n").entries()) {
    const code = place > 0 && !/^\p{Lu}/u.test(line);
    const last = pieces.at(-1);
    if (last?.code === code) last.text += `\n${line}`;
    else pieces.push({ code, text: line });
  }
  return pieces;
}

/** Prose whose addresses of guides are links. @param {string} text */
function linked(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(GUIDES)) {
    parts.push(text.slice(end, found.index), el("a", { href: found[0] }, found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

/** @param {string} detail @returns {HTMLElement[]} */
export const refusalNodes = (detail) =>
  piecesOf(detail).map(({ code, text }) => (code ? codeBox(text) : el("p", {}, ...linked(text))));
