/** The steps of the tour where the layer is an LSTM. */
import { NUMBERS, WORDS } from "../tour-steps.js";

/** @type {import("../tour-steps.js").Step[]} */
export const STEPS = [
  WORDS,
  {
    before: "#cell .beside",
    title: "The thick line is the memory",
    text:
      "Its numbers, one for each unit, come in as the word before left them. On the way each is " +
      "multiplied once, by the forget gate, and added to once; so they go out to the next word.",
  },
  {
    before: "#path-forget_gate > .path-words",
    title: "0 drops, 1 keeps",
    text:
      "Below, the same cell with only the forget gate lit. It has one number for each unit: how " +
      "much of what that unit remembers stays. Choose a bar to see its unit everywhere.",
  },
  NUMBERS,
  {
    before: "#memory > p",
    title: "What is left of each word",
    text:
      "The memory is a sum of what the words wrote, faded by every forget gate since. Here it is " +
      "taken apart again.",
  },
];
