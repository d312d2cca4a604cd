/**
 * The gates, a line each: what they do at this word. A gate's name lights its path in the picture, and
 * keeps it lit once it is pressed. Where the gate that keeps lets go of much, one press asks what would
 * have been if it had not.
 *
 * @typedef {import("../core/types.js").Quantity} Quantity
 * @typedef {import("../core/types.js").Store} Store
 */
import { overrideCount } from "../core/overrides.js";
import { cursorOf, shownCursor } from "../core/store.js";
import { letGo, holdOpen } from "../lenses/whatif/held-gates.js";
import { releaseAll } from "../lenses/whatif/hold.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { write } from "../ui/caption.js";
import { el, find, refill } from "../ui/dom.js";
import { gateLines } from "./gate-words.js";

/** Keeps a path lit, or no longer. @param {Store} store @param {Quantity} quantity */
export function keepLit(store, quantity) {
  const kept = store.get().kept === quantity ? null : quantity;
  store.set({ kept, lit: kept });
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountGates(root, store) {
  const list = find(root, "ul");
  const ask = find(root, "[data-ask]");

  function draw() {
    const state = store.get();
    const { trace } = state;
    if (!trace) return;
    const lines = gateLines(trace, shownCursor(state).timestep);
    root.hidden = lines.length === 0;
    const known = [...list.children].map(
      (row) => /** @type {HTMLElement} */ (row).dataset.quantity,
    );
    if (known.join() !== lines.map(({ quantity }) => quantity).join()) {
      refill(list, ...lines.map(rowOf));
    }
    lines.forEach(({ value, says, telling, held }, k) => {
      const row = /** @type {HTMLElement} */ (list.children[k]);
      row.toggleAttribute("data-telling", telling);
      write(find(row, ".gate-value"), value);
      write(find(row, ".gate-says"), says);
      find(row, "[data-release]").hidden = !held || state.standalone;
    });
    for (const button of list.querySelectorAll("[data-lights]")) {
      const { lights } = /** @type {HTMLElement} */ (button).dataset;
      button.setAttribute("aria-pressed", String(lights === state.kept));
    }
    const held = overrideCount(trace) > 0;
    ask.hidden = state.standalone || !(held || lines.some(({ telling }) => telling));
    ask.textContent = held ? "Release the gates" : "What if it had not forgotten?";
    ask.dataset.held = String(held);
  }

  /** @param {Quantity | null} lit */
  const light = (lit) => store.set({ lit: lit ?? store.get().kept });
  /** @param {Event} event */
  const quantityAt = ({ target }) =>
    /** @type {Quantity | undefined} */ (
      /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (target).closest("[data-lights]"))
        ?.dataset.lights
    ) ?? null;

  // what is scrolled under a pointer at rest is not pointed at
  let rest = "";
  const placeOf = (/** @type {PointerEvent} */ { clientX, clientY }) => `${clientX} ${clientY}`;
  addEventListener("pointermove", (event) => (rest = placeOf(event)), { passive: true });
  list.addEventListener("pointerover", (event) => {
    if (placeOf(event) !== rest) light(quantityAt(event));
  });
  list.addEventListener("focusin", (event) => light(quantityAt(event)));
  for (const name of ["pointerleave", "focusout"]) list.addEventListener(name, () => light(null));
  list.addEventListener("click", (event) => {
    const released = /** @type {HTMLElement} */ (event.target).closest("[data-release]");
    if (released instanceof HTMLElement) {
      const { timestep } = cursorOf(store.get());
      const gate = /** @type {import("../core/types.js").Gate} */ (released.dataset.release);
      return releaseAll(store, gate, timestep);
    }
    const quantity = quantityAt(event);
    if (!quantity) return;
    keepLit(store, quantity);
  });
  ask.addEventListener("click", () => {
    if (ask.dataset.held === "true") letGo(store);
    else holdOpen(store, "here");
    root.parentElement?.scrollTo({ top: 0 }); // to what comes of it
  });
  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "preview", "kept"]);
  draw();
}

/** @param {import("./gate-words.js").GateLine} line */
function rowOf({ quantity, name }) {
  const lights = el(
    "button",
    {
      type: "button",
      class: `gate-name ${quantity}`,
      "data-lights": quantity,
      "aria-pressed": "false",
    },
    name,
  );
  return el(
    "li",
    { "data-quantity": quantity },
    lights,
    el("span", { class: "gate-value" }),
    el("p", { class: "gate-says" }),
    el(
      "button",
      { type: "button", class: "quiet", "data-release": quantity, hidden: true },
      "Let it go",
    ),
  );
}
