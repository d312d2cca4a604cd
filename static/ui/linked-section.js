/**
 * Keeps what a link names in sight while the figures above it are still being drawn, until somebody
 * moves on.
 */

const SIGNS = ["wheel", "touchmove", "pointerdown", "keydown"];
const LONGEST = 10_000; // ms; whoever drags the scroll bar gives no sign

/** @type {Element | null} */
let kept = null;
let since = 0;

const hold = () => {
  if (performance.now() - since > LONGEST) kept = null;
  kept?.scrollIntoView({ behavior: "instant" });
};
const growing = new ResizeObserver(hold);

/**
 * @param {Element | null} place null: nothing any more
 * @param {Element} root what grows
 */
export function keepInSight(place, root) {
  kept = place;
  since = performance.now();
  growing.observe(root);
  hold();
}

/** In a page that scrolls, the section that the address ends with. @param {HTMLElement} root */
export function mountLinkedSection(root) {
  const aim = () => keepInSight(document.getElementById(location.hash.slice(1)), root);
  for (const sign of SIGNS) {
    addEventListener(sign, () => (kept = null), { capture: true, passive: true });
  }
  addEventListener("hashchange", aim);
  if (location.hash) aim();
}
