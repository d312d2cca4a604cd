/**
 * Sentence, cell, unit: the control on the stage, and the keys plus and minus.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { cursorOf } from "../../core/store.js";
import { ONE_PAGE, shownLens } from "../../core/lenses.js";
import { announce } from "../../ui/announce.js";
import { el } from "../../ui/dom.js";
import { DEPTHS, besides } from "./depths.js";

const TAKES_KEYS = "input, select, textarea, [contenteditable], dialog";

/** @type {Record<string, number>} plus needs Shift on some keyboards, and is "=" without it */
const KEYS = { "+": 1, "=": 1, "-": -1, "\u2212": -1 };

/** @type {Record<import("./depths.js").Depth, string>} */
const TITLES = { sentence: "Sentence", cell: "Cell", unit: "Unit" };

/**
 * @param {Store} store
 * @returns {HTMLElement}
 */
export function depthControl(store) {
  const buttons = DEPTHS.map((depth) =>
    el("button", { type: "button", "data-depth": depth, "aria-pressed": "false" }, TITLES[depth]),
  );
  const control = el(
    "div",
    { class: "depths", role: "group", "aria-label": "How close" },
    ...buttons,
  );

  control.toggleAttribute("data-left-out", store.get().hide.includes("depths"));

  function draw() {
    const { depth } = store.get();
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.depth === depth));
    }
  }

  control.addEventListener("click", ({ target }) => {
    const { depth } = /** @type {HTMLElement} */ (target).dataset;
    if (depth) store.set({ depth: /** @type {import("./depths.js").Depth} */ (depth) });
  });
  document.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_KEYS)) return;
    if (shownLens(store.get()) !== "cell") return;
    event.preventDefault();
    store.set({ depth: besides(store.get().depth, by) });
  });
  store.subscribe(
    (state) => {
      draw();
      if (shownLens(state) === ONE_PAGE) return;
      const of = state.depth === "unit" ? ` ${cursorOf(state).unit}` : "";
      announce(`${TITLES[state.depth]}${of}`);
    },
    ["depth"],
  );
  draw();
  return control;
}
