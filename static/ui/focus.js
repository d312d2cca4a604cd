/** Whoever is on a control that goes away, once it is pressed or by itself, is not lost. */

const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Whether nobody can be on it any more. @param {Element} element */
const isGone = (element) => !element.checkVisibility() || element.matches(":disabled");

/** Puts the focus on the last control before something. @param {Element} from */
export function returnFocus(from) {
  const controls = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(CONTROLS));
  [...controls]
    .filter((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING)
    .findLast((one) => one.tabIndex >= 0 && !isGone(one))
    ?.focus({ preventScroll: true });
}

/** @param {HTMLElement} root */
export function mountFocus(root) {
  root.addEventListener("focusout", ({ target, relatedTarget }) => {
    const left = /** @type {HTMLElement} */ (target);
    if (relatedTarget || !document.hasFocus() || !isGone(left)) return;
    setTimeout(() => {
      if (document.activeElement === document.body && left.isConnected) returnFocus(left);
    });
  });
}
