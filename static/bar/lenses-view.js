/**
 * The lenses: one is shown at a time, and its views are mounted when it is opened first. In the page
 * that holds all of them one after another, the same links lead to their places in it.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { ONE_PAGE, lensOfSection, shownLens } from "../core/lenses.js";
import { find } from "../ui/dom.js";
import { keepInSight } from "../ui/linked-section.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountLenses(root, store) {
  const stage = find(document, "#stage");
  const page = document.documentElement;

  function draw() {
    const shown = shownLens(store.get());
    page.dataset.view = shown === ONE_PAGE ? "page" : "instrument";
    for (const link of root.querySelectorAll("a[data-lens]")) {
      const here = /** @type {HTMLElement} */ (link).dataset.lens === shown;
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const panel of stage.querySelectorAll(".lens")) {
      panel.toggleAttribute("data-shown", panel.id === `lens-${shown}`);
    }
    if (shown !== ONE_PAGE) stage.scrollTop = 0;
  }

  // a link to a section opens its lens, where it is not a place in the page
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = /** @type {HTMLElement} */ (event.target).closest("a[href^='#']");
    if (!(link instanceof HTMLAnchorElement)) return;
    if (shownLens(store.get()) !== ONE_PAGE && openPlace(store, link.hash.slice(1))) {
      event.preventDefault();
    }
  });
  addEventListener("hashchange", () => openHash(store));
  openHash(store);
  store.subscribe(draw, ["lens"]);
  draw();
  mountMore(root, store);
}

/**
 * On a phone, the tabs that have no room: shown by one press, and put away by the next, by Escape, and
 * once one has been chosen. Its button says which of them is open.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountMore(root, store) {
  const button = find(root, ".more");

  /** @param {boolean} open */
  function set(open) {
    root.toggleAttribute("data-open", open);
    button.setAttribute("aria-expanded", String(open));
  }

  function draw() {
    set(false);
    const shown = root.querySelector("a[aria-current]");
    const here = shown !== null && !shown.checkVisibility();
    button.textContent = `${here ? shown.textContent : "More"} \u25b4`;
    button.toggleAttribute("data-here", here);
  }

  button.addEventListener("click", () => set(!root.hasAttribute("data-open")));
  root.addEventListener("click", ({ target }) => {
    if (/** @type {HTMLElement} */ (target).closest("a")) set(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!root.contains(/** @type {Node} */ (target))) set(false);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.hasAttribute("data-open")) return;
    event.preventDefault();
    set(false);
    button.focus();
  });
  store.subscribe(draw, ["lens"]);
  for (const width of ["63.99rem", "52rem", "39.99rem", "23.99rem"]) {
    matchMedia(`(max-width: ${width})`).addEventListener("change", draw);
  }
  draw();
}

/** An old link, which names a section by its hash. @param {Store} store */
function openHash(store) {
  const id = location.hash.slice(1);
  const { standalone } = store.get();
  if (!id || shownLens(store.get()) === ONE_PAGE || !openPlace(store, id)) return;
  // the address says it by the name of the lens; a saved page has none
  if (!standalone) history.replaceState(history.state, "", location.pathname + location.search);
}

/**
 * Opens the lens in which something is, and brings that into sight.
 *
 * @param {Store} store
 * @param {string} id of a section, or of something in one
 * @returns {boolean} whether there is such a lens
 */
function openPlace(store, id) {
  const place = document.getElementById(id);
  const section = place?.closest("#stage section[id]");
  const top = place && lensOfSection(store.get().lenses, id);
  const panel = place?.closest(".lens");
  if (!place || !section || !panel) return false;
  store.set({ lens: panel.id.replace("lens-", "") });
  const first = top?.sections[0].id === id; // which is where a lens opens
  if (!first) keepInSight(place, panel);
  return true;
}
