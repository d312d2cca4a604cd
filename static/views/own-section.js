/**
 * Your own model: bring one, see what was read, prove it, keep it.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { find } from "./dom.js";
import { mountList } from "./own-list.js";
import { mountProof } from "./own-proof.js";
import { mountRead } from "./own-read.js";
import { mountUpload } from "./own-upload.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSection(root, store) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector("template"));
  find(root, "[data-own]").append(template.content.cloneNode(true));
  const form = /** @type {HTMLFormElement | null} */ (root.querySelector("#own-form"));
  if (form) mountUpload(form, store); // else switched off on this server
  mountRead(find(root, "[data-read]"), store, form !== null);
  mountProof(find(root, "[data-proof]"), store);
  mountList(find(root, "[data-mine]"), store);
}
