/**
 * Five steps through the page. The tour stands in the page's own flow, before what it speaks of, so
 * that it covers nothing; on a first visit a line invites to it, and takes no focus.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { find } from "../ui/dom.js";
import { stepsFor } from "./tour-steps.js";

const REMEMBERED = "lstm-viz.tour";

const FAREWELL = " Now type a sentence of your own in the bar, or choose an example.";

/** What the browser remembers; nothing where it may not. */
const memory = {
  get: () => {
    try {
      return localStorage.getItem(REMEMBERED);
    } catch {
      return "unknown"; // rather no invitation than one at every visit
    }
  },
  set: () => {
    try {
      localStorage.setItem(REMEMBERED, "seen");
    } catch {
      // then it is asked again
    }
  },
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTour(root, store) {
  const invitation = find(document, "#invitation");
  const title = find(root, "#tour-title");
  const back = find(root, "[data-previous]");
  const next = find(root, "[data-next]");
  const home = /** @type {HTMLElement} */ (root.parentElement);
  /** @type {HTMLElement | null} */
  let origin = null;
  let steps = stepsFor(null);
  let at = 0;

  function show() {
    const { before, title: name, text } = steps[at];
    const target = find(document, before);
    target.before(root);
    root.hidden = false;
    title.textContent = `${at + 1} of ${steps.length}: ${name}`;
    const last = at === steps.length - 1 && !store.get().standalone;
    find(root, "[data-text]").textContent = last ? text + FAREWELL : text;
    back.hidden = at === 0;
    next.textContent = at === steps.length - 1 ? "Done" : "Next";
    title.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  function start() {
    memory.set();
    invitation.hidden = true;
    const active = document.activeElement;
    origin = active instanceof HTMLElement && active !== document.body ? active : null;
    const { trace } = store.get();
    // what a link hides is no step
    steps = stepsFor(trace).filter(({ before }) =>
      /** @type {HTMLElement | null} */ (document.querySelector(before))?.checkVisibility(),
    );
    at = 0;
    if (steps.length > 0) show();
  }

  function end() {
    root.hidden = true;
    home.append(root);
    // where there is little room the help is behind the button for more
    const places = [origin, find(document, "#help-button"), find(document, "#more")];
    if (origin) places.find((place) => place?.checkVisibility())?.focus({ preventScroll: true });
    origin = null;
  }

  function decline() {
    memory.set();
    invitation.hidden = true;
  }

  find(invitation, "[data-start]").addEventListener("click", start);
  find(invitation, "[data-decline]").addEventListener("click", decline);
  document.addEventListener("start-tour", start);
  back.addEventListener("click", () => {
    at -= 1;
    show();
  });
  next.addEventListener("click", () => {
    at += 1;
    if (at < steps.length) show();
    else end();
  });
  find(root, "[data-end]").addEventListener("click", end);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    end();
  });
  invitation.hidden = memory.get() !== null;
}
