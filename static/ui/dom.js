/** @typedef {import("../core/types.js").Openable} Openable */
import { returnFocus } from "./focus.js";

/**
 * Makes an element. Text goes in as text, never as markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null>} [attributes] true: present, false and
 *   null: absent
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * Replaces what is inside an element; a button that had the focus hands it to its successor, or to
 * what is before it.
 *
 * @param {HTMLElement} root
 * @param {...(Node | string)} children
 */
export function refill(root, ...children) {
  const at = [...root.querySelectorAll("button")].findIndex(
    (button) => button === document.activeElement,
  );
  root.replaceChildren(...children);
  if (at < 0) return;
  const buttons = root.querySelectorAll("button");
  const next = buttons[at] ?? buttons[buttons.length - 1];
  if (next) next.focus({ preventScroll: true });
  else returnFocus(root);
}

/**
 * Keeps each element on one line with the signs that stand against it: no line ends in a lone
 * bracket or begins with a full stop, as browsers allow around a button.
 *
 * @param {(HTMLElement | string)[]} children
 * @returns {(HTMLElement | string)[]}
 */
export function unbroken(children) {
  const opens = /\($/;
  const closes = /^[.,:;)?%]+/;
  /** @param {number} k @param {RegExp} signs */
  const signsOf = (k, signs) => {
    const text = children[k];
    return (typeof text === "string" && signs.exec(text)?.[0]) || "";
  };
  /** @param {number} k */
  const besides = (k) => typeof children[k] === "object";
  return children.map((child, k) => {
    if (typeof child === "string") {
      const text = besides(k - 1) ? child.replace(closes, "") : child;
      return besides(k + 1) ? text.replace(opens, "") : text;
    }
    const before = signsOf(k - 1, opens);
    const after = signsOf(k + 1, closes);
    return before || after ? el("span", { class: "unbroken" }, before, child, after) : child;
  });
}

/**
 * Opens the arithmetic of a number beneath what holds it.
 *
 * @param {Element} from
 * @param {Openable} mark
 */
export const openMark = (from, mark) =>
  from.dispatchEvent(new CustomEvent("open-mark", { bubbles: true, detail: mark }));

/**
 * A number that opens its arithmetic.
 *
 * @param {{text: string, mark: Openable | (() => Openable)}} number
 * @param {string} [style] further classes
 * @param {string} [name] what the number is, for who hears it alone
 * @returns {HTMLButtonElement}
 */
export function numberButton({ text, mark }, style = "", name = "") {
  const button = el("button", { type: "button", class: `number ${style}`.trim() }, text);
  if (name) button.setAttribute("aria-label", `${text}, ${name}: show the sum`);
  button.addEventListener("click", () =>
    openMark(button, typeof mark === "function" ? mark() : mark),
  );
  return button;
}

/**
 * The one element a selector names; its absence is a mistake in the template.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function find(root, selector) {
  const element = root.querySelector(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (element);
}
