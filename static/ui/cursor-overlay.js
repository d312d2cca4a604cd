/**
 * Marks that lie over a figure where the cursor is, and move with it: the figure itself is drawn once.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Figure} Figure
 * @typedef {import("../core/types.js").Store} Store
 */
import { onNextFrame } from "./animation-frame.js";
import { el } from "./dom.js";

/** @typedef {{left: number, top: number, height: number, width?: number}} Box in pixels of the
 *   figure; a width of its own style where none is given */

/**
 * @param {Store} store
 * @param {object} marks
 * @param {string[]} marks.shapes a class for each mark
 * @param {(width: number) => (Box | null)[] | null} marks.boxes where each stands in a figure of a
 *   width, null for one that is not shown; null where there is no figure
 * @param {(keyof AppState)[]} [marks.keys] what moves them
 * @param {() => void} [marks.follow] what else happens when they move
 * @param {(plot: HTMLElement, elements: HTMLElement[]) => void} [marks.lay] over what they lie
 * @returns {{place: () => void, onDraw: (figure: Figure, plot: HTMLElement) => void}} for the figure
 */
export function cursorOverlay(store, { shapes, boxes, keys = ["timestep"], follow, lay = over }) {
  const elements = shapes.map((name) => el("div", { class: name, "aria-hidden": "true" }));
  let width = 0;

  function place() {
    const places = width > 0 ? boxes(width) : null;
    places?.forEach((box, k) => set(elements[k], box));
  }

  const move = () => {
    follow?.();
    place();
  };
  store.subscribe(() => onNextFrame(move), keys);
  return {
    place,
    onDraw({ layout }, plot) {
      width = layout.width ?? 0;
      lay(plot, elements);
      place();
    },
  };
}

/** @param {HTMLElement} plot @param {HTMLElement[]} elements */
const over = (plot, elements) => plot.append(...elements);

/** @param {HTMLElement} element @param {Box | null} box */
function set(element, box) {
  element.hidden = box === null;
  if (!box) return;
  if (box.width !== undefined) element.style.width = `${box.width}px`;
  element.style.height = `${box.height}px`;
  element.style.transform = `translate(${box.left}px, ${box.top}px)`;
}
