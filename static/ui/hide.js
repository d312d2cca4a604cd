/**
 * A teacher's link can leave out sections and controls: `?hide=` takes their ids, or the names of
 * the bar's own parts.
 *
 * @typedef {import("../core/types.js").Store} Store
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountHide(root, store) {
  for (const id of store.get().hide) {
    const name = CSS.escape(id);
    const element = root.querySelector(`#${name}, .${name}`);
    // not by `hidden`, which comes and goes with the model
    (element?.closest(".field") ?? element)?.setAttribute("data-left-out", "");
    for (const link of root.querySelectorAll(`a[href="#${name}"]:not([data-lens])`)) {
      if (link.closest("p")) link.removeAttribute("href");
      else link.setAttribute("data-left-out", "");
    }
  }
  for (const { id, sections } of store.get().lenses) {
    if (!sections.every((section) => store.get().hide.includes(section.id))) continue;
    const tab = root.querySelector(`[data-lens="${CSS.escape(id)}"]`);
    tab?.closest("li")?.setAttribute("data-left-out", "");
  }
}
