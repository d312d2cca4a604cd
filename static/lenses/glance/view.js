/**
 * Heatmaps of the whole sentence, one for each quantity. They are drawn once for each sentence; the cursor over them
 * is an element of its own, moved without drawing anything anew.
 *
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 */
import { cursorOverlay } from "../../ui/cursor-overlay.js";
import { heatmapFigure, heatmapGeometry } from "../../ui/heatmap.js";
import { quantitiesOf } from "../../cells/quantities.js";
import { glanceCaption } from "./words.js";
import { cursorOf, shownCursor } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { mountCaption } from "../../ui/caption.js";
import { cursorMover } from "../../ui/move-cursor.js";

const SEEN = 9; // pixels: no mark beside a row is smaller

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountGlance(root, store) {
  const grid = find(root, "[data-glance]");
  const widen = () => {
    const { trace } = store.get();
    const words = trace?.steps.length ?? 1;
    const alone = trace && quantitiesOf(trace).length === 1;
    grid.dataset.columns = alone ? "1" : words <= 5 ? "3" : words <= 14 ? "2" : "1";
  };
  store.subscribe(widen, ["trace"]);
  widen();

  mountCaption(root, store, glanceCaption);
  for (const host of root.querySelectorAll("[data-figure]")) {
    mountHeatmap(/** @type {HTMLElement} */ (host), store);
  }
}

/**
 * @param {HTMLElement} host
 * @param {Store} store
 */
function mountHeatmap(host, store) {
  const quantity = /** @type {Quantity} */ (host.dataset.quantity);
  const move = cursorMover(store);
  const one = /** @type {HTMLElement | null} */ (host.closest(".glance-one"));
  let first = 0; // of the units that are drawn

  const { redraw } = mountFigure(host, store, {
    build: (trace, options) =>
      quantitiesOf(trace).includes(quantity)
        ? heatmapFigure(trace, { ...options, quantity })
        : null,
    keys: [],
    previews: ["timestep", "unit"],
    onMark: (mark, open) => {
      const at = cursorOf(store.get());
      if (mark.timestep === at.timestep && mark.unit === at.unit) return open(mark);
      move(mark.timestep);
      store.set({ unit: mark.unit });
    },
    onDraw: (figure, plot) => {
      first = /** @type {any} */ (figure.data[0]).y[0];
      overlay.onDraw(figure, plot);
    },
  });

  const overlay = cursorOverlay(store, {
    shapes: ["cursor-column", "cursor-row"],
    keys: ["trace", "timestep", "unit", "preview"],
    follow,
    boxes: (width) => {
      const { trace } = store.get();
      if (!trace) return null;
      const { timestep, unit } = shownCursor(store.get());
      const at = heatmapGeometry(trace, width, unit);
      if (at.page[0] !== first) redraw();
      const height = Math.max(at.row, SEEN);
      const top = at.top + (unit - at.page[0] + 0.5) * at.row - height / 2;
      return [
        { ...at, width: at.cell, left: at.left + (timestep - 1) * at.cell },
        { left: at.left - 5, top, height },
      ];
    },
  });

  function follow() {
    const { trace } = store.get();
    if (trace && one) one.hidden = !quantitiesOf(trace).includes(quantity);
  }

  follow();
}
