/** The steps of the tour where the layer is a simple RNN. */
import { NUMBERS, WORDS } from "../tour-steps.js";

/** @type {import("../tour-steps.js").Step[]} */
export const STEPS = [
  WORDS,
  {
    before: "#cell .beside",
    title: "One sum, one tanh",
    text:
      "This word\u2019s vector and the state of the word before come in. Each is multiplied by its weights, the products are added, " +
      "and a tanh makes the new state of it, a number for each unit: nothing passes unchanged.",
  },
  {
    before: "#path-hidden_state > .path-words",
    title: "No gates",
    text:
      "A simple RNN has no gate that could keep a number as it was. Below, its one equation with " +
      "the numbers of this moment. Choose a bar to see its unit everywhere.",
  },
  NUMBERS,
  {
    before: "#unrolled > p",
    title: "One vector is handed on",
    text:
      "The same cell reads every word. All that one word hands on to the next is this state, " +
      "rewritten each time, which is why early words fade.",
  },
];
