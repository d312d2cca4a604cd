/** Moves the cursor with the pointer that is down on the timeline. */

const STILL = 4; // pixels a finger or a mouse may move and only have pressed

/**
 * On the words a finger scrolls, as anywhere; the picture above them follows it.
 *
 * @param {HTMLElement} tracks
 * @param {(x: number) => void} moveTo to a place, in pixels from where the tracks begin
 * @returns {{readonly active: boolean}} active: while it moves with the pointer
 */
export function mountScrub(tracks, moveTo) {
  /** @type {{x: number, id: number} | null} */
  let pressed = null;
  let active = false;
  const placeOf = (/** @type {PointerEvent} */ { clientX }) =>
    clientX - tracks.getBoundingClientRect().left;

  tracks.addEventListener("pointerdown", (event) => {
    const onWords = /** @type {HTMLElement} */ (event.target).closest("#words");
    if (event.button !== 0 || (onWords && event.pointerType === "touch")) return;
    pressed = { x: event.clientX, id: event.pointerId };
    moveTo(placeOf(event));
  });
  tracks.addEventListener("pointermove", (event) => {
    if (!pressed || event.pointerId !== pressed.id) return;
    if (!active && Math.abs(event.clientX - pressed.x) < STILL) return;
    if (!active) tracks.setPointerCapture(event.pointerId);
    active = true;
    moveTo(placeOf(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    tracks.addEventListener(end, () => {
      pressed = null;
      active = false;
    });
  }
  return {
    get active() {
      return active;
    },
  };
}
