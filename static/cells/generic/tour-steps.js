/** The steps of the tour for a cell that has none of its own. */
import { NUMBERS, WORDS } from "../tour-steps.js";

/** @type {import("../tour-steps.js").Step[]} */
export const STEPS = [
  WORDS,
  {
    before: "#cell .beside",
    title: "The thick line is the memory",
    text:
      "Its numbers, one for each unit, come in as the word before left them. The box on it holds the " +
      "equation that says what is kept of them and what is added; so they go out to the next word.",
  },
  NUMBERS,
  {
    before: "#memory > p",
    title: "What is left of each word",
    text:
      "The memory is a sum of what the words wrote, faded by what each word since has kept of it. " +
      "Here it is taken apart again.",
  },
];
