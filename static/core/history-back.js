/** One step back in the history, on the spot where the visitor is. */

/** Browsers would go to the section that the address ends with. */
export function goBack() {
  const top = scrollY;
  const stay = () => {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    requestAnimationFrame(() => {
      scrollTo({ top, behavior: "instant" });
      focused.focus({ preventScroll: true });
    });
  };
  addEventListener("popstate", stay, { once: true });
  history.back();
}
