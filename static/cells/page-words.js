/**
 * What the page's sections say where the layer is no LSTM: the same places in the page, by the names
 * they wear there. An empty one is left out. The page itself speaks of an LSTM.
 */
import { GENERIC_WORDS } from "./generic/page-words.js";
import { GRU_WORDS } from "./gru/page-words.js";
import { LSTM_COUPLED_WORDS } from "./lstm-coupled/page-words.js";
import { MGU_WORDS } from "./mgu/page-words.js";
import { SIMPLE_RNN_WORDS } from "./simple-rnn/page-words.js";

/** By the folder of the cell's words. @type {Record<string, Record<string, string>>} */
export const WORDS = {
  lstm: {},
  gru: GRU_WORDS,
  "simple-rnn": SIMPLE_RNN_WORDS,
  "lstm-coupled": LSTM_COUPLED_WORDS,
  mgu: MGU_WORDS,
  generic: GENERIC_WORDS,
};
