/**
 * What the page's sections say where the layer is no LSTM: the same places in the page, by the names
 * they wear there. An empty one is left out.
 */
import { GRU_WORDS } from "./gru/page-words.js";
import { SIMPLE_RNN_WORDS } from "./simple-rnn/page-words.js";

/** @typedef {"gru" | "simple_rnn"} OtherCell */

/** @type {Record<OtherCell, Record<string, string>>} */
export const WORDS = { gru: GRU_WORDS, simple_rnn: SIMPLE_RNN_WORDS };
