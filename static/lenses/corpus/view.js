/**
 * The units over many texts, fetched by themselves: a saved page has no such section.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { retryImport } from "../../core/import-retry.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export async function mountCorpus(root, store) {
  const { mountSection } = await retryImport(async () => await import("./section.js"));
  mountSection(root, store);
}
