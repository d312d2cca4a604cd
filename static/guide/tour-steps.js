/** The five steps of the tour, in words that fit the cell that the layer has. */

/** @typedef {{before: string, title: string, text: string}} Step before: what it stands before */

/** @type {Step} */
const WORDS = {
  before: "#headline",
  title: "One word at a time",
  text:
    "The network reads your sentence word by word. The slider, the arrow keys or a click on a " +
    "word in the bar choose the word; everything on this page then shows that moment. Try it: " +
    "choose the word before or after this one.",
};

/** @type {Step} */
const NUMBERS = {
  before: "#worked > figure",
  title: "Every number can be opened",
  text:
    "Click a number, here or in any figure or table: the sum that made it opens, term by term, " +
    "and each term opens in turn, back to the vector of the word itself. Close leads back.",
};

/** @type {Record<import("../cells/kind.js").CellKind["layout"], Step[]>} */
export const STEPS = {
  lstm: [
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
  ],
  gru: [
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
  ],
  simple_rnn: [
    WORDS,
    {
      before: "#cell .beside",
      title: "One sum, one tanh",
      text:
        "This word\u2019s vector and the state of the word before come in. Both are weighed and added, " +
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
  ],
};
