/**
 * Numbers are there before the view that opens them: what somebody quick has clicked meanwhile is
 * opened once it is mounted.
 */

/** @returns {() => void} opens what was clicked last, and listens no more */
export function keepEarlyOpening() {
  /** @type {CustomEvent | null} */
  let early = null;
  const keep = (/** @type {Event} */ event) => {
    early = /** @type {CustomEvent} */ (event);
  };
  document.addEventListener("open-mark", keep);
  return () => {
    document.removeEventListener("open-mark", keep);
    if (!early) return;
    const { detail, target } = early;
    const from = target instanceof Element && target.isConnected ? target : document.body;
    from.dispatchEvent(new CustomEvent("open-mark", { bubbles: true, detail }));
  };
}
