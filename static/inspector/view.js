/**
 * What stands beside the picture: what happened at this word, the unit, and the number that is
 * open. On a phone it is a sheet, which a press on its handle raises.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { cursorOf } from "../core/store.js";
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { cellCaption } from "../lenses/cell/words.js";
import { mountCaption } from "../ui/caption.js";
import { mountGates } from "./gates-view.js";
import { mountHeadline } from "./headline.js";
import { mountPhase } from "./phase-view.js";
import { mountRange } from "./range-view.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountInspector(root, store) {
  mountHeadline(find(root, "#headline"), store);
  mountPhase(find(root, "#phase"), store);
  mountGates(find(root, "#gates"), store);
  mountRange(find(root, "#range"), store);
  mountUnit(find(root, "#unit"), store);
  mountCaption(find(root, ".of-unit"), store, cellCaption);
  mountSheet(root, store);
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountUnit(root, store) {
  const select = /** @type {HTMLSelectElement} */ (root);
  select.addEventListener("change", () => store.set({ unit: Number(select.value) }));

  function draw() {
    const units = store.get().trace?.layer.units ?? 1;
    if (select.options.length !== units) {
      const options = Array.from({ length: units }, (_, k) => el("option", { value: k }, `${k}`));
      select.replaceChildren(...options);
    }
    select.value = String(cursorOf(store.get()).unit);
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "unit"]);
  draw();
}

/**
 * Raised, the sheet covers the picture; an opened number or the guide raises it, and Escape lowers it.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountSheet(root, store) {
  const handle = find(root, ".sheet-handle");
  const sheet = /** @type {HTMLElement} */ (root.parentElement);

  /** @param {boolean} raised */
  function set(raised) {
    sheet.toggleAttribute("data-raised", raised);
    handle.setAttribute("aria-expanded", String(raised));
    if (!raised) sheet.scrollTop = 0;
  }

  handle.addEventListener("click", () => set(!sheet.hasAttribute("data-raised")));
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || store.get().open) return;
    set(false);
  });
  store.subscribe(
    ({ open }, before) => Boolean(open) !== Boolean(before.open) && set(!!open),
    ["open"],
  );
  store.subscribe(({ guide }) => set(guide !== null), ["guide"]);
  set(store.get().guide !== null);
}
