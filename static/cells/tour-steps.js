/** The steps of the tour that are the same for every cell. */

/** @typedef {{before: string, title: string, text: string}} Step before: what it stands before */

/** @type {Step} */
export const WORDS = {
  before: "#headline",
  title: "One word at a time",
  text:
    "The network reads your sentence word by word. The slider, the arrow keys or a click on a " +
    "word in the bar choose the word; everything on this page then shows that moment. Try it: " +
    "choose the word before or after this one.",
};

/** @type {Step} */
export const NUMBERS = {
  before: "#worked > figure",
  title: "Every number can be opened",
  text:
    "Click a number, here or in any figure or table: the sum that made it opens, term by term, " +
    "and each term opens in turn, back to the vector of the word itself. Close leads back.",
};
