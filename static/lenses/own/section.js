/**
 * Your own model: bring one, see what was read, prove it, keep it.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { find } from "../../ui/dom.js";
import { mountModelList } from "./model-list.js";
import { mountProof } from "./proof-view.js";
import { mountRead } from "./reading.js";
import { mountUpload } from "./upload-form.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSection(root, store) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector("template"));
  find(root, "[data-own]").append(template.content.cloneNode(true));
  const form = /** @type {HTMLFormElement | null} */ (root.querySelector("#own-form"));
  const upload = form && mountUpload(form, store); // null: switched off on this server
  mountRead(find(root, "[data-read]"), store);
  mountProof(find(root, "[data-proof]"), store, upload);
  mountModelList(find(root, "[data-mine]"), store);
}
