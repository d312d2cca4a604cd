/** What the page's sections say where the layer is a minimal gated unit. */
import { ONE_STATE } from "../one-state-words.js";

/** @type {Record<string, string>} */
export const MGU_WORDS = {
  "help-colours":
    "Forget gate, candidate and hidden state each keep one colour everywhere. The gate\u2019s box " +
    "fills as it opens, from 0, shut, to 1, open. Any other number is a grey bar from the middle, to the " +
    "left or down where it is negative; without room for bars, dark is negative and light is positive.",
  "cell-title": "The cell: one gate around one state",
  "cell-text":
    "The thick line is the memory, the hidden state: a list of numbers, one for each unit. One gate f " +
    "does both jobs that a GRU has two for: it decides how much of the old state the candidate gets " +
    "to read, and how much of each number is replaced by that candidate. The rest, 1 \u2212 f, stays.",
  "paths-title": "Three paths: what the one gate does",
  "paths-text":
    "The same cell three times, each time with one path lit. A minimal gated unit has no other gate " +
    "and no cell state: those panels are not here. The equation holds the numbers of the unit you " +
    "have selected at the word you have selected; the bars show all units.",
  "forget_gate-title": "Forget gate: how much to replace",
  "forget_gate-text":
    "The word and the previous hidden state, each times its weights, are added up. A sigmoid, \u03c3, " +
    "makes of the sum a number between 0 and 1 for each unit: the share of it that is written anew. " +
    "Near 0 the state stays.",
  "forget_gate-honest":
    "The name is the paper\u2019s (Zhou and others, 2016), and the numbers go the other way than an " +
    "LSTM\u2019s: here an open gate lets go of the state.",
  "candidate-title": "Candidate: what to write",
  "candidate-text":
    "A tanh proposes a new value for each unit, between \u22121 and 1, from this word and from what the " +
    "same gate lets through of the state.",
  "candidate-honest":
    "A unit that keeps everything, its gate shut, shows the candidates nothing of what it holds.",
  "hidden_state-title": "Hidden state: keep some, renew the rest",
  "hidden_state-text":
    "The old state times 1 \u2212 f, plus the candidate times f. No matrix and no squashing stand in the " +
    "way of what is kept. The result is the memory and the output at once: it goes to the next layer, " +
    "and back into the gate at the next word.",
  "hidden_state-honest": "Being a mixture of values between \u22121 and 1, it stays between them.",
  "unrolled-text":
    "A layer has one cell and uses it again for each word, with the same weights. Laid out side by " +
    "side, each copy hands one vector to the next: the hidden state. There is no cell state.",
  ...ONE_STATE,
  "memory-text":
    "The hidden state is a sum: what each word wrote, times what every gate after it has left of it, " +
    "1 \u2212 f. So it can be taken apart again, exactly, into what is left of each word: into a ledger.",
  "memory-honest":
    "A word\u2019s influence on later gates is not in the ledger, only what it wrote itself.",
  "gates-text":
    "To the left, at how many of the words a unit\u2019s gate is nearly shut, below 0.1; to the right, " +
    "at how many it is nearly open, above 0.9. A unit whose gate is always shut never forgets.",
  "matrices-title": "The layer\u2019s numbers, matrix by matrix",
  "matrices-text":
    "The gate and the candidate each have weights for the input, weights for the previous hidden " +
    "state, and a bias: two blocks, where a GRU has three and an LSTM four.",
};
