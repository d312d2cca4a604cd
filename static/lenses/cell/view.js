/**
 * The cell with this timestep's numbers. A link that names a gate lights its path.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 */
import { isProjected } from "../../cells/quantities.js";
import { cellFigure } from "../../cells/diagram.js";
import { cellOf } from "../../cells/kinds.js";
import { cellCaption } from "./words.js";
import { lettersOf } from "../../cells/equations.js";
import { fixed } from "../../draw/format.js";
import { ONE_PAGE, shownLens } from "../../core/lenses.js";
import { shownCursor } from "../../core/store.js";
import { el, find, refill } from "../../ui/dom.js";
import { setLine, setPiece } from "../../ui/equation.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { mountFigure } from "../../ui/figure.js";
import { mountCaption } from "../../ui/caption.js";

/**
 * The equations with what they give for one unit; each lights its path.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountEquations(root, store) {
  const body = find(root, "tbody");

  function draw() {
    const state = store.get();
    const { trace } = state;
    if (!trace) return;
    const { timestep, unit } = shownCursor(state, root);
    find(root, "[data-unit]").textContent = String(unit);
    const rows = cellOf(trace).order.map((quantity) => {
      const value = trace.steps[timestep - 1][quantity][unit];
      const mark = { quantity, timestep, unit };
      const shown = value !== undefined && !isProjected(trace, quantity);
      const number = shown
        ? setPiece({ kind: "number", text: fixed(value, 3), quantity, mark })
        : "";
      return el(
        "tr",
        { "data-lights": quantity },
        el("th", { scope: "row", class: "equation" }, setLine(lettersOf(trace, quantity))),
        el("td", {}, shown ? "= " : "", number),
      );
    });
    refill(body, ...rows);
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "unit", "preview"]);
  draw();
  body.addEventListener("pointerover", ({ target }) => {
    const row = /** @type {HTMLElement} */ (target).closest("tr");
    const lit = /** @type {Quantity | undefined} */ (row?.dataset.lights) ?? null;
    store.set({ lit });
  });
  body.addEventListener("pointerleave", () => store.set({ lit: null }));
}

/** The size that the cell is laid out for, its letters at their least. */
const DRAWN = { width: 720, height: 400 };

/** The stage, which the cell fills; null in the page that holds all lenses.
 * @param {HTMLElement} root @param {AppState} state */
function stageRoom(root, state) {
  const stage = root.closest("#stage");
  if (!stage || shownLens(state) === ONE_PAGE) return null;
  const { paddingLeft, paddingRight } = getComputedStyle(stage);
  const width = stage.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  const height = stage.clientHeight - find(root, ".figure-tools").offsetHeight - 6;
  const zoom = Math.max(1, Math.min(width / DRAWN.width, height / DRAWN.height));
  return { width, height, zoom };
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountCell(root, store) {
  mountCaption(root, store, cellCaption);
  mountEquations(find(root, "[data-equations]"), store);
  const { drawNow } = mountFigure(find(root, "[data-figure]"), store, {
    build: (trace, options, state) => cellFigure(trace, { ...options, focus: state.lit }),
    keys: ["timestep", "unit", "lit"],
    previews: ["unit"],
    eager: true,
    within: root.closest("#stage"),
    room: () => stageRoom(root, store.get()),
  });
  drawNow();
  for (const link of root.querySelectorAll("a[data-lights]")) {
    const lit = /** @type {Quantity} */ (/** @type {HTMLElement} */ (link).dataset.lights);
    for (const event of ["pointerenter", "focus"]) {
      link.addEventListener(event, () => store.set({ lit }));
    }
    for (const event of ["pointerleave", "blur"]) {
      link.addEventListener(event, () => store.set({ lit: null }));
    }
  }
}
