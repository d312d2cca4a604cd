/**
 * The page's sections in their order, from lenses.json, which the server writes into the page.
 *
 * @typedef {object} Lens
 * @property {string} id of its element in the page, of its folder and of its template
 * @property {string} title its heading
 * @property {string | null} short_title in the table of contents; null where it is not listed
 * @property {"server" | "changes" | null} needs what a saved page may be without
 */

/**
 * The number that a section has in the table of contents.
 *
 * @param {Lens[]} lenses
 * @param {string} id
 */
export function lensNumber(lenses, id) {
  const at = lenses.filter(({ short_title }) => short_title).findIndex((lens) => lens.id === id);
  if (at < 0) throw new Error(`no section "${id}" in the table of contents: see lenses.json`);
  return at + 1;
}

/**
 * What belongs to the sections, in their order.
 *
 * @template T
 * @param {Lens[]} lenses
 * @param {Record<string, T[]>} byLens
 * @returns {T[]}
 */
export function inLensOrder(lenses, byLens) {
  const unknown = Object.keys(byLens).filter((id) => !lenses.some((lens) => lens.id === id));
  if (unknown.length > 0) throw new Error(`no sections ${unknown.join(", ")}: see lenses.json`);
  return lenses.flatMap(({ id }) => byLens[id] ?? []);
}
