/**
 * The sentence, the examples, the model and the theme.
 */
import { find } from "../ui/dom.js";
import { mountInput } from "./input.js";
import { RESET_FOR_MODEL, mountPicker } from "./model-picker.js";

/** @typedef {import("../core/types.js").Store} Store */

const THEME_NAMES = { system: "same as the system", light: "light", dark: "dark" };

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountControls(root, store) {
  mountInput(root, store);
  mountExamples(root, store);
  mountPicker(root, store);
  mountTheme(root, store);
  mountMore(root);
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountExamples(root, store) {
  const menu = /** @type {HTMLDetailsElement} */ (find(root, ".examples"));
  menu.addEventListener("click", (event) => {
    const example = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!example) return;
    const { sentence, model } = example.dataset;
    const other = model && model !== store.get().model ? { model, ...RESET_FOR_MODEL } : {};
    store.set({ sentence, timestep: null, arrived: true, open: null, ...other });
    menu.open = false;
    find(menu, "summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    find(menu, "summary").focus();
  });
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountTheme(root, store) {
  const button = find(root, "#theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", () => store.set({ dark: system.matches }));
  // every press changes what one sees: the other theme, and back to the system's
  button.addEventListener("click", () => {
    const { dark } = store.get();
    const other = dark ? "light" : "dark";
    store.set({ theme: store.get().theme === other ? "system" : other });
  });

  function draw() {
    const { theme } = store.get();
    document.documentElement.dataset.theme = theme;
    button.setAttribute("aria-label", `Theme: ${THEME_NAMES[theme]}`);
    button.title = `Theme: ${THEME_NAMES[theme]}`;
  }

  store.subscribe(draw, ["theme"]);
  draw();
}

/**
 * Where there is little room, the rest of the bar is one press away. It closes by Escape, and once
 * something has been chosen; an arrow key only moves through what can be chosen.
 *
 * @param {HTMLElement} root
 */
function mountMore(root) {
  const button = find(root, "#more");
  const options = find(root, "#options");
  let moving = false;

  /** @param {boolean} open */
  function set(open) {
    root.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  }

  function close() {
    const inside = options.contains(document.activeElement);
    set(false);
    if (inside && button.checkVisibility()) button.focus();
  }

  button.addEventListener("click", () => set(!root.classList.contains("open")));
  options.addEventListener("keydown", ({ key }) => (moving = key.startsWith("Arrow")));
  options.addEventListener("pointerdown", () => (moving = false));
  options.addEventListener("change", () => !moving && close());
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (!root.classList.contains("open")) return;
    event.preventDefault();
    close();
  });
}
