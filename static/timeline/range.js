/**
 * Selects a stretch of words: by dragging with Shift held, or by Shift and the arrow keys. Escape lets
 * it go, and so do other words.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("./columns.js").Columns} Columns
 */
import { cursorOf } from "../core/store.js";
import { announce } from "../ui/announce.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { el } from "../ui/dom.js";
import { nameAt } from "../draw/text.js";

/** @param {number} one @param {number} other */
const between = (one, other) => ({ from: Math.min(one, other), to: Math.max(one, other) });

/**
 * The stretch that is selected once its moving end is somewhere.
 *
 * @param {AppState["range"]} range
 * @param {number} cursor where the moving end was
 * @param {number} to
 */
export function extended(range, cursor, to) {
  const anchor = range?.from === cursor ? range.to : range?.to === cursor ? range.from : cursor;
  return between(anchor, to);
}

/**
 * @param {HTMLElement} tracks
 * @param {Store} store
 * @param {(x: number) => number} timestepAt a place, in pixels from where the tracks begin
 * @param {(timestep: number) => void} move
 * @returns {{extend: (by: number) => void, place: (columns: Columns) => void}} extend: by the keyboard;
 *   place: where it is shown
 */
export function mountRangeSelection(tracks, store, timestepAt, move) {
  const bracket = el("div", { class: "range", "aria-hidden": "true", hidden: true });
  tracks.append(bracket);
  /** @type {number | null} */
  let anchor = null;

  const placeOf = (/** @type {PointerEvent} */ { clientX }) =>
    timestepAt(clientX - tracks.getBoundingClientRect().left);

  // before what moves the cursor alone
  tracks.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || !event.shiftKey) return;
      event.stopPropagation();
      event.preventDefault();
      tracks.setPointerCapture(event.pointerId);
      anchor = placeOf(event);
      store.set({ range: between(anchor, anchor) });
    },
    true,
  );
  tracks.addEventListener("pointermove", (event) => {
    if (anchor === null) return;
    const range = between(anchor, placeOf(event));
    const before = store.get().range;
    if (range.from !== before?.from || range.to !== before?.to) store.set({ range });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    tracks.addEventListener(end, () => {
      if (anchor === null) return;
      anchor = null;
      tell();
    });
  }
  tracks.addEventListener(
    "click",
    (event) => {
      if (event.shiftKey) event.stopPropagation();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    const { range, open } = store.get();
    if (event.key !== "Escape" || event.defaultPrevented || !range || open) return;
    store.set({ range: null });
    announce("No words are selected.");
  });

  function tell() {
    const { range, trace } = store.get();
    if (!range || !trace) return;
    const { from, to } = range;
    const words = `${nameAt(trace, from)}${to > from ? ` to ${nameAt(trace, to)}` : ""}`;
    onNextFrame(() => announce(`Selected: ${words}`)); // after what is told of the word it moves to
  }

  const wordsOf = (/** @type {AppState["trace"]} */ trace) =>
    JSON.stringify(trace?.tokens.map(({ text }) => text));
  store.subscribe(
    ({ trace }, before) => {
      if (store.get().range && wordsOf(trace) !== wordsOf(before.trace)) store.set({ range: null });
    },
    ["trace"],
  );

  return {
    extend(by) {
      const { range, trace } = store.get();
      const { timestep } = cursorOf(store.get());
      const to = timestep + by;
      if (!trace || to < 1 || to > trace.steps.length) return;
      store.set({ range: extended(range, timestep, to) });
      move(to);
      tell();
    },
    place({ starts, widths }) {
      const { range } = store.get();
      const shown = range && range.to <= starts.length;
      bracket.hidden = !shown;
      if (!shown) return;
      const left = starts[range.from - 1];
      bracket.style.width = `${starts[range.to - 1] + widths[range.to - 1] - left}px`;
      bracket.style.transform = `translateX(${left}px)`;
    },
  };
}
