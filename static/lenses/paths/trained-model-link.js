/**
 * Where an untrained model is shown, the way to a trained one whose gates mean something.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { RESET_FOR_MODEL } from "../../bar/model-picker.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTrainedModelLink(root, store) {
  const link = /** @type {HTMLAnchorElement} */ (find(root, "a"));
  const { sentence, model, timestep } = Object.fromEntries(new URL(link.href).searchParams);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    store.set({ sentence, model, timestep: Number(timestep) || null, ...RESET_FOR_MODEL });
  });

  function draw() {
    const { trace, models } = store.get();
    const seeded = trace?.model.provenance.kind === "seeded";
    root.hidden = !seeded || !models.some(({ id }) => id === model);
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "models"]);
  draw();
}
