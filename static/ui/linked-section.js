/**
 * Keeps the section that a link names under the bar while the figures above it are still being
 * drawn, until somebody moves on.
 */

const SIGNS = ["wheel", "touchmove", "pointerdown", "keydown"];
const LONGEST = 10_000; // ms; whoever drags the scroll bar gives no sign

/** @param {HTMLElement} root what grows */
export function mountLinkedSection(root) {
  /** @type {HTMLElement | null} */
  let section = null;
  let since = 0;

  const hold = () => {
    if (performance.now() - since > LONGEST) section = null;
    section?.scrollIntoView({ behavior: "instant" });
  };
  const aim = () => {
    section = document.getElementById(location.hash.slice(1));
    since = performance.now();
    hold();
  };
  for (const sign of SIGNS) {
    addEventListener(sign, () => (section = null), { capture: true, passive: true });
  }
  addEventListener("hashchange", aim);
  new ResizeObserver(hold).observe(root);
  aim();
}
