/**
 * The views of each lens. Their modules are fetched when it is opened for the first time.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { retryImport } from "../core/import-retry.js";

/** @typedef {[string, (root: HTMLElement, store: Store) => void]} Mount where, and what */

/** @type {Record<string, () => Promise<{VIEWS: Mount[]}>>} by lens */
const MODULES = {
  cell: () => retryImport(async () => await import("./views/cell.js")),
  sentence: () => retryImport(async () => await import("./views/sentence.js")),
  memory: () => retryImport(async () => await import("./views/memory.js")),
  answer: () => retryImport(async () => await import("./views/answer.js")),
  weights: () => retryImport(async () => await import("./views/weights.js")),
  whatif: () => retryImport(async () => await import("./views/whatif.js")),
  units: () => retryImport(async () => await import("./views/units.js")),
  train: () => retryImport(async () => await import("./views/train.js")),
  own: () => retryImport(async () => await import("./views/own.js")),
};

/**
 * @param {string} lens its id
 * @returns {Promise<Mount[]>}
 */
export async function viewsOf(lens) {
  const fetched = MODULES[lens];
  if (!fetched) throw new Error(`no lens "${lens}": see lenses.json`);
  return (await fetched()).VIEWS;
}
