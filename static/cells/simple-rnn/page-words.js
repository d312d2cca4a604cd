/** What the page's sections say where the layer is a simple RNN: by the names of their places in the page. */
import { ONE_STATE } from "../one-state-words.js";

/** @type {Record<string, string>} */
export const SIMPLE_RNN_WORDS = {
  "help-colours":
    "The input is grey, the hidden state brown or gold, everywhere. Values are grey " +
    "bars from the middle, to the left or down where they are negative; without room for bars, dark is " +
    "negative and light is positive.",
  "cell-title": "The cell: one sum, one tanh, no gate",
  "cell-text":
    "A simple RNN has no gates and no cell state: its memory is the hidden state, a number for each " +
    "unit. It adds up this word’s vector and the hidden state of the word before, each times its " +
    "weights, and a bias, and takes the tanh. Every " +
    "unit is written anew at every word: nothing can be kept as it was, which is what the gates " +
    "of an LSTM were invented for.",
  "paths-title": "One path",
  "paths-text":
    "An LSTM has six paths through its cell. Here there is no forget gate, no input gate, no " +
    "candidate, no output gate and no cell state: one sum makes the hidden state. The equation " +
    "holds the numbers of the unit you have selected at the word you have selected; the bars " +
    "show all units.",
  "hidden_state-title": "Hidden state: all there is",
  "hidden_state-text":
    "Input times weights, plus the previous hidden state times weights, plus a bias, squashed by " +
    "tanh into −1 to 1. It is the memory and the output at once: it goes to the next layer, and " +
    "back into the sum at the next word.",
  "hidden_state-honest":
    "It can remember a little: what was in the state before is in the sum. But it goes through " +
    "the weights and the tanh at every word, and does not come out as it went in.",
  "unrolled-text":
    "A layer has one cell and uses it again for each word, with the same weights. Laid out side " +
    "by side, each copy hands one vector to the next: the hidden state. A simple RNN has no cell " +
    "state.",
  ...ONE_STATE,
  "glance-text":
    "A column for each word, a row for each unit. Click a cell to move there; the line marks " +
    "where you are. A simple RNN has no gates to show beside its one state.",
  "memory-text": "",
  "scores-text": "",
  "hold-text": "",
  "matrices-title": "The simple RNN’s numbers, matrix by matrix",
  "matrices-text":
    "There is one block: weights for the input, weights for the previous hidden state, and a " +
    "bias. An LSTM of this size has four of them, one for each gate and one for the candidate.",
};
