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
 * Replaces what is inside an element; a button that had the focus hands it to its successor.
 *
 * @param {HTMLElement} root
 * @param {...(Node | string)} children
 */
export function refill(root, ...children) {
  const at = [...root.querySelectorAll("button")].findIndex(
    (button) => button === document.activeElement,
  );
  root.replaceChildren(...children);
  if (at >= 0) root.querySelectorAll("button")[at]?.focus({ preventScroll: true });
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
