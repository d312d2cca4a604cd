/**
 * What a model takes in: words, token ids where it has no vocabulary, numbers where it has no
 * embedding. Text that people type or paste becomes what the API takes.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Input} Input
 * @typedef {import("./types.js").Reads} Reads
 * @typedef {import("./types.js").Trace} Trace
 */

import { isShortened, rowsIn, SHORTENED } from "./pasted-numbers.js";

/** What cannot be read as input, said to the person who typed it. */
export class Unreadable extends Error {}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const NOT_FINITE = /^[-+]?(nan|inf(inity)?)$/i;

/** The rows of one sequence. @param {string} text @param {boolean} [flat] whether it is a list */
function oneSequence(text, flat = false) {
  if (isShortened(text)) throw new Unreadable(SHORTENED);
  const { rows, sequences: found, listed } = rowsIn(text);
  const several = flat && listed && rows.some((row) => row.length > 1);
  const sequences = several ? rows.length : found;
  if (sequences === 1) return rows;
  throw new Unreadable(
    `You gave ${sequences} sequences, and one is read at a time. Give one of them, such as [0] of the array.`,
  );
}

/**
 * @param {string} text ids parted by blanks or commas, brackets around them if you like
 * @returns {number[]}
 */
export function parseIds(text) {
  const parts = oneSequence(text, true).flat();
  if (parts.length === 0) throw new Unreadable("Type at least one token id, such as 4, 8, 15.");
  const wrong = parts.find((part) => !/^\d{1,15}(\.0*)?$/.test(part));
  if (wrong)
    throw new Unreadable(`“${wrong.slice(0, 20)}” is not a token id: ids are whole numbers.`);
  return parts.map(Number);
}

/**
 * @param {string} text CSV, TSV or a printed array: a row for each timestep; a heading is passed over
 * @param {number} features
 * @returns {number[][]}
 */
export function parseSeries(text, features) {
  const rows = oneSequence(text);
  if (rows.length > 1 && rows[0].every((part) => !NUMBER.test(part) && !NOT_FINITE.test(part))) {
    rows.shift();
  }
  // one feature may just as well stand in one line
  const lines = features === 1 && rows.length === 1 ? rows[0].map((part) => [part]) : rows;
  if (lines.length === 0) throw new Unreadable("Type or paste a row of numbers for each timestep.");
  lines.forEach((row, at) => {
    const wrong = row.find((part) => !NUMBER.test(part));
    if (wrong && NOT_FINITE.test(wrong)) {
      throw new Unreadable(
        `Row ${at + 1} holds ${wrong}, and only finite numbers can be read. Put a number in its place.`,
      );
    }
    if (wrong) throw new Unreadable(`Row ${at + 1}: “${wrong.slice(0, 20)}” is not a number.`);
    if (row.length !== features) throw new Unreadable(otherWidth(row.length, at + 1, features));
  });
  return lines.map((row) => row.map(Number));
}

/** @param {number} came @param {number} row @param {number} features */
function otherWidth(came, row, features) {
  const numbers = `${came} ${came === 1 ? "number" : "numbers"}`;
  const way =
    came % features === 0
      ? " Separate the timesteps with line breaks, semicolons or brackets."
      : " Give one row for each timestep.";
  return `Row ${row} has ${numbers}, but the model reads ${features} a timestep.${way}`;
}

/** @param {number[][]} rows */
export const seriesText = (rows) => rows.map((row) => row.join(", ")).join("\n");

/** Whether a model is given a text. @param {Reads} reads */
export const readsText = ({ kind }) => kind === "words" || kind === "characters";

/** The text that a model begins with: one of characters has its own. @param {Reads} reads
 * @param {string} otherwise */
export const firstText = ({ kind, example }, otherwise) =>
  kind === "characters" && typeof example === "string" ? example : otherwise;

/** A text without halves of characters, which no JSON and no address can hold. @param {string} text */
export const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\ufffd");

/**
 * The part of a request that says what to read.
 *
 * @param {{sentence: string, token_ids: string | null, inputs: string | null}} given
 * @param {Reads} reads
 * @returns {Input}
 */
export function inputOf({ sentence, token_ids: ids, inputs }, reads) {
  if (readsText(reads)) return { sentence: wellFormed(sentence) };
  if (reads.kind === "token_ids") {
    return { token_ids: ids === null ? /** @type {number[]} */ (reads.example) : parseIds(ids) };
  }
  if (inputs === null) return { inputs: /** @type {number[][]} */ (reads.example) };
  return { inputs: parseSeries(inputs, reads.features ?? 1) };
}

/**
 * What people should know of a model's input, where it is not simply words.
 *
 * @param {Reads} reads
 * @param {Trace | null} trace
 */
export function inputNote(reads, trace) {
  const { kind, rows = 1, features = 1, timesteps } = reads;
  const most = (rows - 1).toLocaleString("en-US");
  const what = {
    words: "",
    characters: "",
    token_ids: `No vocabulary came with this model, so it reads token ids, 0 to ${most}, and no words.`,
    numbers: `This model reads ${features} ${features === 1 ? "number" : "numbers"} a timestep.`,
  }[kind];
  if (timesteps === null) return kind === "numbers" ? "" : what; // the bar says how many
  const padded = trace?.tokens.filter((token) => token.padded).length ?? 0;
  const filled = padded > 0 ? `: ${padded} of padding, as Keras puts it, in front of yours.` : ".";
  const length = `It has weights for exactly ${timesteps} timesteps${filled}`;
  return what ? `${what} ${length}` : length;
}
