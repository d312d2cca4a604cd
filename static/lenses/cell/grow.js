/**
 * A change of depth is a movement: what was the marked cell, or the marked unit, grows into the whole
 * picture, and the other way about. It lies over the new picture, which is there and answers at once.
 */

/** @typedef {{left: number, top: number, width: number, height: number}} Box in pixels of the plot */

const SPAN = 280; // ms
const PAD = 24; // pixels around what is marked

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Where what is marked stands in a figure: its places that the pointer finds.
 *
 * @param {import("../../core/types.js").Figure | null} figure
 * @param {(mark: any) => boolean} isMarked
 * @returns {Box | null} null where it shows none
 */
export function markedBox(figure, isMarked) {
  const hits = /** @type {any} */ (figure?.data.find((trace) => trace.customdata));
  if (!hits) return null;
  const places = hits.customdata
    .map((/** @type {any} */ mark, /** @type {number} */ k) => ({
      mark,
      x: hits.x[k],
      y: hits.y[k],
    }))
    .filter((/** @type {any} */ { mark }) => mark && !mark.lights && isMarked(mark));
  if (places.length === 0) return null;
  const xs = places.map((/** @type {any} */ { x }) => x);
  const ys = places.map((/** @type {any} */ { y }) => y);
  const [left, top] = [Math.min(...xs) - PAD, Math.min(...ys) - PAD];
  return { left, top, width: Math.max(...xs) + PAD - left, height: Math.max(...ys) + PAD - top };
}

/**
 * The cell that a place is in, where cells stand side by side.
 *
 * @param {import("../../core/types.js").Figure | null} figure
 * @param {number} x pixels of the figure
 * @param {number} y
 * @returns {number | undefined} its timestep
 */
export function cellAt(figure, x, y) {
  const hits = /** @type {any} */ (figure?.data.find((trace) => trace.customdata));
  const marks = (hits?.customdata ?? []).filter(
    (/** @type {any} */ mark) => mark?.timestep > 0 && isOfCell(mark),
  );
  const timesteps = [...new Set(marks.map((/** @type {any} */ mark) => mark.timestep))];
  const distances = timesteps.map((timestep) => {
    const box = markedBox(figure, (mark) => mark.timestep === timestep && isOfCell(mark));
    if (!box) return Infinity;
    const { left, top, width, height } = box;
    const inside = x >= left && x <= left + width && y >= top && y <= top + height;
    return inside ? Math.hypot(x - left - width / 2, y - top - height / 2) : Infinity;
  });
  const nearest = Math.min(...distances);
  return nearest < Infinity ? timesteps[distances.indexOf(nearest)] : undefined;
}

/** Not of what stands above it. @param {any} mark */
export const isOfCell = (mark) => mark.quantity !== "answer" && !mark.layer;

/** The transform that lays a whole picture over a part of one.
 * @param {Box} part @param {{width: number, height: number}} whole */
const onto = ({ left, top, width, height }, whole) =>
  `translate(${left}px, ${top}px) scale(${width / whole.width}, ${height / whole.height})`;

/** The transform by which a part of a picture comes to fill the whole of it.
 * @param {Box} part @param {{width: number, height: number}} whole */
const outOf = ({ left, top, width, height }, whole) =>
  `scale(${whole.width / width}, ${whole.height / height}) translate(${-left}px, ${-top}px)`;

/**
 * @param {HTMLElement} plot
 * @returns {{leave: (nearer: boolean, before: Box | null) => void,
 *   enter: (after: Box | null) => void}} leave: keeps the old picture, before another is drawn; enter:
 *   plays, once it has been drawn
 */
export function growing(plot) {
  /** @type {{ghost: HTMLElement, nearer: boolean, before: Box | null} | null} */
  let left = null;
  /** @type {Animation[]} */
  let playing = [];

  function end() {
    for (const animation of playing) animation.cancel();
    playing = [];
    left?.ghost.remove();
    left = null;
  }

  return {
    leave(nearer, before) {
      end();
      const picture = plot.firstElementChild;
      if (still.matches || !picture || typeof plot.animate !== "function") return;
      const ghost = document.createElement("div");
      ghost.className = "depth-ghost";
      ghost.setAttribute("aria-hidden", "true");
      ghost.append(...[...plot.children].map((child) => child.cloneNode(true)));
      for (const named of ghost.querySelectorAll("[id]")) named.removeAttribute("id");
      left = { ghost, nearer, before };
    },
    enter(after) {
      const picture = /** @type {HTMLElement | null} */ (plot.firstElementChild);
      if (!left || !picture) return;
      const { ghost, nearer, before } = left;
      const whole = { width: plot.offsetWidth, height: plot.offsetHeight };
      const part = nearer ? before : after;
      if (!part) return end();
      plot.append(ghost);
      const timing = { duration: SPAN, easing: "cubic-bezier(0.2, 0, 0, 1)" };
      const [far, near] = nearer ? [ghost, picture] : [picture, ghost];
      const away = nearer ? "normal" : "reverse";
      const there = { transform: "none", opacity: 1 };
      const grown = { transform: outOf(part, whole), opacity: 0 };
      const small = { transform: onto(part, whole), opacity: 0 };
      playing = [
        far.animate([there, grown], { ...timing, direction: away }),
        near.animate([small, there], { ...timing, direction: away }),
      ];
      playing[0].finished.then(end, () => {});
    },
  };
}
