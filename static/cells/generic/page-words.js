/** What the page's sections say of a cell that nobody has written words for: nothing about its gates. */

const EACH =
  "What it is computed from stands in the equation below, with the numbers of the unit you have " +
  "selected at the word you have selected.";

/** @param {string} name @param {string} title */
const part = (name, title) => ({
  [`${name}-title`]: title,
  [`${name}-text`]: EACH,
  [`${name}-honest`]: "",
});

/** @type {Record<string, string>} */
export const GENERIC_WORDS = {
  "help-colours":
    "Each gate and state keeps one colour everywhere. A gate\u2019s box fills as it opens, from " +
    "0, shut, to 1, open. Any other number is a grey bar from the middle, to the left or down where it is " +
    "negative; without room for bars, dark is negative and light is positive.",
  "cell-title": "The cell: its gates and its equations",
  "cell-text":
    "The thick line is the memory: a list of numbers, one for each unit, that every word keeps in " +
    "part and adds to. The boxes are the gates, each a weighted sum of this word and the hidden " +
    "state before; the equations say what the cell does with them.",
  "paths-title": "Path by path: what each gate does",
  "paths-text":
    "The same cell several times, each time with one path lit. The equation holds the numbers of the " +
    "unit you have selected at the word you have selected; the bars show all units.",
  ...part("forget_gate", "Forget gate"),
  ...part("input_gate", "Input gate"),
  ...part("candidate", "Candidate: what to write"),
  ...part("cell_state", "Cell state: keep some, add some"),
  ...part("output_gate", "Output gate"),
  ...part("update_gate", "Update gate"),
  ...part("reset_gate", "Reset gate"),
  ...part("hidden_state", "Hidden state: what goes on"),
  "unrolled-text":
    "A layer has one cell and uses it again for each word, with the same weights. Laid out side by " +
    "side, each copy hands what it remembers to the next.",
  "memory-text":
    "The memory is a sum: what each word wrote, times what every word after it has kept. So it can be " +
    "taken apart again, exactly, into what is left of each word: into a ledger.",
  "memory-honest":
    "A word\u2019s influence on later gates is not in the ledger, only what it wrote itself.",
  "gates-text":
    "To the left, at how many of the words a unit\u2019s gate is nearly shut, below 0.1; to the right, " +
    "at how many it is nearly open, above 0.9.",
  "matrices-title": "The layer\u2019s numbers, matrix by matrix",
  "matrices-text":
    "Each gate has weights for the input, weights for the previous hidden state, and a bias, side by " +
    "side in one matrix each.",
};
