/**
 * The guide in the inspector: `?guide=3` is its third step. A step opens the lens that it speaks of.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { lensOfSection } from "../core/lenses.js";
import { find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { stepsFor } from "./tour-steps.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountGuide(root, store) {
  const title = find(root, "#guide-title");
  const next = find(root, "[data-next]");
  const back = find(root, "[data-previous]");
  const button = find(document, "[data-lens=guide]");
  const learn = button.textContent;

  const steps = () => stepsFor(store.get().trace);

  /** @param {number | null} guide from 1; null leaves the guide */
  function go(guide) {
    const section = guide && /^#([a-z]+)/.exec(steps()[guide - 1].before)?.[1];
    const lens = section && lensOfSection(store.get().lenses, section)?.id;
    store.set({ guide, ...(lens ? { lens } : {}) });
    if (guide === null) button.focus({ preventScroll: true });
    else onNextFrame(() => title.focus({ preventScroll: true }));
  }

  function draw() {
    const { guide } = store.get();
    const all = steps();
    const at = guide === null ? null : Math.min(guide, all.length);
    root.hidden = at === null;
    document.documentElement.toggleAttribute("data-guided", at !== null);
    button.setAttribute("aria-pressed", String(at !== null));
    button.textContent = at === null ? learn : "Leave the guide";
    if (at === null) return;
    const step = all[at - 1];
    find(root, "[data-place]").textContent = `The guide · step ${at} of ${all.length}`;
    title.textContent = step.title;
    find(root, "[data-text]").textContent = step.text;
    back.hidden = at === 1;
    next.textContent = at === all.length ? "Done" : "Next";
  }

  button.addEventListener("click", () => go(store.get().guide === null ? 1 : null));
  back.addEventListener("click", () => go((store.get().guide ?? 2) - 1));
  next.addEventListener("click", () => {
    const at = store.get().guide ?? 1;
    go(at < steps().length ? at + 1 : null);
  });
  store.subscribe(() => onNextFrame(draw), ["guide", "trace"]);
  draw();
}
