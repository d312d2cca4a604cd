/**
 * A teacher's link can leave out sections and controls: `?hide=` takes their ids, or the names of
 * the bar's own parts.
 *
 * @typedef {import("../types.js").Store} Store
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountHide(root, store) {
  for (const id of store.get().hide) {
    const name = CSS.escape(id);
    const element = root.querySelector(`#${name}, .${name}`);
    (element?.closest(".field") ?? element)?.setAttribute("hidden", "");
    const link = root.querySelector(`.contents a[href="#${name}"]`);
    link?.parentElement?.setAttribute("hidden", "");
  }
}
