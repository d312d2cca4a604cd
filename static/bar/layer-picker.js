/**
 * Which recurrent layer the figures show, where a model has more than one. Each direction of a
 * bidirectional layer is one.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";

/** @param {Store} store @param {string} layer its name */
export const chooseLayer = (store, layer) =>
  store.set({ layer, return_sequences: null, open: null });

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountLayers(root, store) {
  const select = /** @type {HTMLSelectElement} */ (find(root, "#layer"));
  const field = find(root, "[for=layer]");
  select.addEventListener("change", () => chooseLayer(store, select.value));

  function draw() {
    const { summary, trace } = store.get();
    const layers = summary?.recurrent ?? [];
    field.hidden = layers.length < 2;
    select.replaceChildren(...layers.map(({ name }) => el("option", { value: name }, name)));
    if (trace) select.value = trace.layer.name;
  }

  store.subscribe(() => onNextFrame(draw), ["summary", "trace"]);
  draw();
}
