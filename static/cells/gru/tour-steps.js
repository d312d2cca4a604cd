/** The steps of the tour where the layer is a GRU. */
import { NUMBERS, WORDS } from "../tour-steps.js";

/** @type {import("../tour-steps.js").Step[]} */
export const STEPS = [
  WORDS,
  {
    before: "#cell .beside",
    title: "The thick line is the one state there is",
    text:
      "Its numbers, one for each unit, come in as the word before left them. On the way each is " +
      "multiplied once, by the update gate, and what that leaves free is filled from the " +
      "candidate; so they go out to the next word.",
  },
  {
    before: "#path-update_gate > .path-words",
    title: "1 keeps, 0 renews",
    text:
      "Below, the same cell with only the update gate lit. It has one number for each unit: how " +
      "much of its state stays. Choose a bar to see its unit everywhere.",
  },
  NUMBERS,
  {
    before: "#memory > p",
    title: "What is left of each word",
    text:
      "The state is a sum of what the words wrote, faded by every update gate since. Here it is " +
      "taken apart again.",
  },
];
