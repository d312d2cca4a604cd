/**
 * The lenses in their order, from lenses.json, which the server writes into the page.
 *
 * @typedef {object} Section
 * @property {string} id of its element in the page, of its folder and of its template
 * @property {string} title its heading
 * @property {"server" | "changes" | null} needs what a saved page may be without
 *
 * @typedef {object} Lens
 * @property {string} id as the address names it
 * @property {string} title on its tab
 * @property {Section[]} sections what it holds, in their order
 */

/** What `?lens=` says for all of them in one page that scrolls. */
export const ONE_PAGE = "all";

/**
 * The lens that is shown: what the address names, or the first where there is no such lens.
 *
 * @param {{lens: string, lenses: Lens[]}} state
 * @returns {string} its id, or "all"
 */
export const shownLens = ({ lens, lenses }) =>
  lens === ONE_PAGE || lenses.some(({ id }) => id === lens) ? lens : lenses[0].id;

/**
 * The lens that holds a section.
 *
 * @param {Lens[]} lenses
 * @param {string} section
 * @returns {Lens | undefined} undefined where none does
 */
export const lensOfSection = (lenses, section) =>
  lenses.find(({ sections }) => sections.some(({ id }) => id === section));
