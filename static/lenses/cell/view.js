/**
 * The cell with this timestep's numbers. A link that names a gate lights its path.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 */
import { isProjected } from "../../cells/quantities.js";
import { cellOf } from "../../cells/kinds.js";
import { depthControl } from "./depth-control.js";
import { DEPTHS, DRAWN, fetchOtherDepths, shownDepth, stageFigure } from "./depths.js";
import { keepLit } from "../../inspector/gates-view.js";
import { mountGateKnobs } from "./gate-knobs.js";
import { phaseControl } from "./phase-control.js";
import { mountPulses } from "./pulses.js";
import { cellAt, growing, isOfCell, markedBox } from "./grow.js";
import { cellCaption } from "./words.js";
import { lettersOf } from "../../cells/equations.js";
import { chooseLayer } from "../../bar/layer-picker.js";
import { fixed } from "../../draw/format.js";
import { ONE_PAGE, shownLens } from "../../core/lenses.js";
import { cursorOf, shownCursor } from "../../core/store.js";
import { el, find, refill } from "../../ui/dom.js";
import { setLine, setPiece } from "../../ui/equation.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { mountFigure } from "../../ui/figure.js";
import { mountCaption } from "../../ui/caption.js";
import { cursorMover } from "../../ui/move-cursor.js";

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
  body.addEventListener("pointerleave", () => store.set({ lit: store.get().kept }));
}

/** The stage, which the cell fills; null in the page that holds all lenses.
 * @param {HTMLElement} root @param {AppState} state */
function stageRoom(root, state) {
  const stage = root.closest("#stage");
  if (!stage || shownLens(state) === ONE_PAGE) return null;
  const { paddingLeft, paddingRight } = getComputedStyle(stage);
  const width = stage.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  // on a phone the other tools stand below the stage's end, and only how close one looks above it
  const [tools, depths] = [".figure-tools", ".depths"].map((part) => root.querySelector(part));
  const taken = Math.max(
    ...[tools, depths].map((part) => part?.getBoundingClientRect().height ?? 0),
  );
  const height = stage.clientHeight - Math.ceil(taken) - 6;
  const drawn = DRAWN[shownDepth(state)];
  const zoom = Math.max(1, Math.min(width / drawn.width, height / drawn.height));
  return { width, height, zoom };
}

/**
 * The picture, at the depth that is asked for.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountPicture(root, store) {
  const host = find(root, "[data-figure]");
  /** @type {import("../../core/types.js").Figure | null} */
  let drawn = null;
  let drawnDepth = shownDepth(store.get());
  const { redraw, drawNow, refit } = mountFigure(host, store, {
    build: stageFigure,
    keys: ["timestep", "unit", "lit", "depth", "phase"],
    previews: ["unit"],
    eager: true,
    within: root.closest("#stage"),
    room: () => stageRoom(root, store.get()),
    onMark: (mark, open) => {
      if ("lights" in mark && mark.lights)
        return keepLit(store, /** @type {Quantity} */ (mark.quantity));
      if (drawnDepth !== "sentence") return open(mark);
      if ("layer" in mark && mark.layer) return chooseLayer(store, mark.layer);
      if (!isOfCell(mark)) open(mark); // a cell is gone to, wherever in it one presses
    },
    onDraw: (figure, plot) => {
      drawn = figure;
      knobs?.place(figure, plot);
      pulses.drawn(figure, plot);
      if (drawnDepth === shownDepth(store.get())) return;
      drawnDepth = shownDepth(store.get());
      grow.enter(boxOf());
    },
  });
  const grow = growing(find(host, ".plot"));
  // what is held is computed anew, by a server
  const knobs = store.get().standalone ? null : mountGateKnobs(host, store);
  const pulses = mountPulses(host, store);
  const move = cursorMover(store);

  /** Of the nearer of two depths, what the farther one shows of it. */
  function boxOf() {
    const { timestep, unit } = cursorOf(store.get());
    return drawnDepth === "sentence"
      ? markedBox(drawn, (mark) => mark.timestep === timestep && isOfCell(mark))
      : markedBox(drawn, (mark) => mark.unit === unit && mark.quantity !== "input");
  }

  find(host, ".figure-tools").prepend(depthControl(store));
  find(host, ".figure-tools").append(phaseControl(store));
  const plot = find(host, ".plot");
  plot.addEventListener("click", ({ clientX, clientY, detail }) => {
    if (shownLens(store.get()) === ONE_PAGE) return;
    if (drawnDepth === "cell" && detail === 2) store.set({ depth: "unit" });
    if (drawnDepth !== "sentence") return;
    const { left, top, width } = plot.getBoundingClientRect();
    const zoom = width / plot.offsetWidth || 1;
    const timestep = cellAt(drawn, (clientX - left) / zoom, (clientY - top) / zoom);
    if (timestep === undefined) return;
    move(timestep);
    store.set({ depth: "cell" });
  });
  store.subscribe(
    ({ depth }, before) => {
      grow.leave(DEPTHS.indexOf(depth) > DEPTHS.indexOf(before.depth), boxOf());
      refit();
      fetchOtherDepths(refit);
    },
    ["depth"],
  );
  if (drawnDepth !== "cell") fetchOtherDepths(refit);
  // they come late, and the other depths do not show them
  store.subscribe((state) => shownDepth(state) === "unit" && redraw(), ["weights", "unit_weights"]);
  store.subscribe((state) => shownDepth(state) === "sentence" && redraw(), ["summary"]);
  drawNow();
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountCell(root, store) {
  mountCaption(root, store, cellCaption);
  mountEquations(find(root, "[data-equations]"), store);
  mountPicture(root, store);
  for (const link of root.querySelectorAll("a[data-lights]")) {
    const lit = /** @type {Quantity} */ (/** @type {HTMLElement} */ (link).dataset.lights);
    for (const event of ["pointerenter", "focus"]) {
      link.addEventListener(event, () => store.set({ lit }));
    }
    for (const event of ["pointerleave", "blur"]) {
      link.addEventListener(event, () => store.set({ lit: store.get().kept }));
    }
  }
}
