/**
 * What one can take along, behind the bar's Share: a menu over the picture, or the last section of the
 * page that holds everything.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { ONE_PAGE, shownLens } from "../core/lenses.js";
import { find } from "../ui/dom.js";

/**
 * @param {HTMLElement} root what can be taken
 * @param {Store} store
 */
export function mountShare(root, store) {
  const link = find(document, "#take-link");

  function draw() {
    if (shownLens(store.get()) === ONE_PAGE) root.removeAttribute("popover");
    else root.setAttribute("popover", "auto");
  }

  link.addEventListener("click", (event) => {
    if (!root.hasAttribute("popover")) return;
    event.preventDefault();
    root.togglePopover();
  });
  store.subscribe(draw, ["lens"]);
  draw();
}
