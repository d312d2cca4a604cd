/** What the page's sections say where the layer is a GRU: by the names of their places in the page. */
import { ONE_STATE } from "../one-state-words.js";

/** @type {Record<string, string>} */
export const GRU_WORDS = {
  "help-colours":
    "Update gate, reset gate, candidate and hidden state each keep one colour everywhere: the " +
    "update gate that of an LSTM’s forget gate, which does the same, the reset gate that of the " +
    "output gate. A gate’s box fills as it opens, from 0, shut, to 1, open. Any other number is a grey " +
    "bar from the middle, to the left or down where it is negative; without room for bars, dark is negative " +
    "and light is positive.",
  "cell-title": "The cell: two gates around one state",
  "cell-text":
    "The thick line is the memory, the hidden state: a list of numbers, one for each unit. A GRU " +
    "has no cell state beside it and no output gate: whatever it remembers also shows. The update " +
    "gate z decides how much of each number stays; the rest, 1 − z, is taken from the candidate, " +
    "so that keeping and writing are one decision. The reset gate r decides how much of the old " +
    "state the candidate gets to read.",
  "paths-title": "Four paths: what each gate does",
  "paths-text":
    "The same cell four times, each time with one path lit. A GRU has no forget, input or output " +
    "gate and no cell state: those panels are not here. The equation holds the numbers of the " +
    "unit you have selected at the word you have selected; the bars show all units.",
  "candidate-title": "Candidate: what to write",
  "candidate-text":
    "A tanh proposes a new value for each unit, between −1 and 1, from this word and from what " +
    "the reset gate lets through of the state. PyTorch calls it n, Keras h: the letter g is the " +
    "one this page uses for every cell.",
  "candidate-honest":
    "There are two GRUs. Keras and PyTorch multiply with the reset gate after the product with " +
    "the weights, which needs a bias of its own in there, b′ (PyTorch’s bias_hh); the paper and " +
    "older Keras models multiply before. Weights of one give wrong numbers in the other.",
  "hidden_state-title": "Hidden state: keep some, renew the rest",
  "hidden_state-text":
    "The old state times the update gate, plus the candidate times what is left of 1. No matrix " +
    "and no squashing stand in the way of what is kept. The result is the memory and the output " +
    "at once: it goes to the next layer, and back into the gates at the next word.",
  "hidden_state-honest":
    "Being a mixture of values between −1 and 1, it stays between them. An LSTM’s cell state can " +
    "grow beyond.",
  "unrolled-text":
    "A layer has one cell and uses it again for each word, with the same weights. Laid out side " +
    "by side, each copy hands one vector to the next: the hidden state. A GRU has no cell state.",
  ...ONE_STATE,
  "memory-text":
    "The hidden state is a sum: what each word wrote, times every update gate that came after it. " +
    "So it can be taken apart again, exactly, into what is left of each word: into a ledger.",
  "memory-honest":
    "A word’s influence on later gates is not in the ledger, only what it wrote itself.",
  "gates-text":
    "To the left, at how many of the words a unit’s gate is nearly shut, below 0.1; to the right, " +
    "at how many it is nearly open, above 0.9. A unit whose update gate is always open never " +
    "forgets; one whose gates are never near an end decides nothing sharply.",
  "matrices-title": "The GRU’s numbers, matrix by matrix",
  "matrices-text":
    "Each gate has weights for the input, weights for the previous hidden state, and a bias. The " +
    "frameworks keep the three side by side, and do not agree on the order: Keras puts the " +
    "update gate first, PyTorch the reset gate.",
};
