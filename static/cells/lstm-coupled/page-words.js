/** What the page's sections say where an LSTM couples its gates, and differs from what stands there. */

/** @type {Record<string, string>} */
export const LSTM_COUPLED_WORDS = {
  "cell-title": "The cell: two gates and a half around one memory",
  "cell-text":
    "The thick line is the memory, the cell state: a list of numbers, one for each unit. The forget " +
    "gate f decides how much of each stays, and with the same number how much new is let in: the " +
    "input gate is 1 \u2212 f, and has no weights of its own. What is forgotten makes room for as much " +
    "of the candidate. The output gate decides what shows.",
  "paths-text":
    "The same cell six times, each time with one path lit. The equation holds the numbers of the unit " +
    "you have selected at the word you have selected; the bars show all units.",
  "forget_gate-text":
    "The word and the previous hidden state, each times its weights, are added up. A sigmoid, \u03c3, " +
    "makes of the sum a number between 0 and 1 for each unit, and the memory is multiplied by it: " +
    "near 1 it stays, near 0 it is replaced.",
  "forget_gate-honest":
    "It is the only gate on the memory: to keep everything is to write nothing, and the other way " +
    "round. Greff and others (2017) found that this costs little and saves a quarter of the weights.",
  "input_gate-title": "Input gate: what the forget gate leaves",
  "input_gate-text":
    "There is no second sigmoid: as much is let in as has been let go, 1 \u2212 f, unit by unit. Hold " +
    "the forget gate, and this one is held with it.",
  "input_gate-honest":
    "In ONNX (input_forget=1) it is this gate that has weights, and the forget gate that is what it " +
    "leaves: the same cell.",
  "cell_state-title": "Cell update: keep some, replace the rest",
  "cell_state-text":
    "The old memory times the forget gate, plus the candidate times what the gate leaves of 1, unit " +
    "by unit: a mixture of the old and the new. No matrix and no squashing stand in the way.",
  "cell_state-honest":
    "A mixture of values within \u22121 and 1 stays within them: unlike that of an LSTM, this memory " +
    "cannot grow.",
  "output_gate-text":
    "A second sigmoid decides how much of each unit\u2019s memory the rest of the network gets to see " +
    "at this word. What is hidden now is still remembered.",
  "hidden_state-text":
    "The memory, squashed by tanh, times the output gate. It goes to the next layer, and back into " +
    "the gates at the next word.",
  "matrices-title": "The layer\u2019s numbers, matrix by matrix",
  "matrices-text":
    "The forget gate, the candidate and the output gate each have weights for the input, weights for " +
    "the previous hidden state, and a bias. The input gate has none.",
};
