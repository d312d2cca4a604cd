/**
 * A model file may be dropped anywhere on the section, before its views are there too: it goes into
 * the field in which it could have been chosen.
 */
import { find } from "../../ui/dom.js";

/** @param {HTMLElement} root the section */
export function mountDrop(root) {
  const input = /** @type {HTMLInputElement | null} */ (
    root.querySelector("#own-form [type=file]")
  );
  if (!input) return; // uploads are switched off
  const zone = find(root, "[data-drop]");
  const holdsFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files") ?? false;
  root.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    zone.dataset.over = "true";
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(/** @type {Node | null} */ (event.relatedTarget))) delete zone.dataset.over;
  });
  root.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    delete zone.dataset.over;
    input.files = event.dataTransfer?.files ?? null;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
