/**
 * What the pointer or the focus rests on is shown in every other figure as if it were selected,
 * until it moves on. A click is what selects.
 *
 * @typedef {import("../core/types.js").Mark} Mark
 * @typedef {import("../core/types.js").Store} Store
 */

const REST = 60; // ms on one number before the others follow
const LEAVE = 120; // ms between two numbers that are no leaving

let timer = 0;
let touched = false;

/**
 * @param {Store} store
 * @param {Element} origin what the pointer is in, which stays as it is
 * @param {{timestep: number, unit: number, quantity?: string}} mark
 * @param {("timestep" | "unit")[]} [parts]
 */
export function preview(store, origin, mark, parts = []) {
  if (touched) return; // a finger does not hover
  const timestep = parts.includes("timestep") && mark.timestep > 0 ? mark.timestep : null;
  const unit = parts.includes("unit") && mark.quantity !== "input" ? mark.unit : null;
  clearTimeout(timer);
  timer = setTimeout(() => {
    const now = store.get().preview;
    if (now?.timestep === timestep && now.unit === unit && now.origin === origin) return;
    store.set({ preview: { timestep, unit, origin } });
  }, REST);
}

/** @param {Store} store */
export function endPreview(store) {
  clearTimeout(timer);
  timer = setTimeout(() => store.set({ preview: null }), LEAVE);
}

/**
 * The words of the bar, and numbers that are buttons.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPreview(root, store) {
  addEventListener("pointerdown", ({ pointerType }) => (touched = pointerType === "touch"), true);
  addEventListener("pointermove", ({ pointerType }) => (touched = pointerType === "touch"), {
    passive: true,
  });
  // what has been chosen is no longer only pointed at
  store.subscribe(() => store.set({ preview: null }), ["timestep", "unit", "trace", "model"]);

  /** @param {Event} event */
  function begin({ target }) {
    const element = /** @type {Element} */ (target);
    const word = /** @type {HTMLElement | null} */ (element.closest("[data-timestep]"));
    if (word) {
      const timestep = Number(word.dataset.timestep);
      return preview(store, word, { timestep, unit: 0 }, ["timestep"]);
    }
    const number = /** @type {HTMLElement | null} */ (element.closest("[data-of-unit]"));
    const figure = number?.closest("figure") ?? number;
    if (!number || !figure) return;
    preview(store, figure, { timestep: 0, unit: Number(number.dataset.ofUnit) }, ["unit"]);
  }

  /** @param {Event} event */
  function end({ target }) {
    const element = /** @type {Element} */ (target);
    if (element.closest("[data-timestep], [data-of-unit]")) endPreview(store);
  }

  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, begin);
  for (const name of ["pointerout", "focusout"]) root.addEventListener(name, end);
}
