/**
 * Numbers as people paste them: lists of Python, what NumPy, PyTorch, TensorFlow and Keras print, CSV,
 * rows parted by lines or semicolons. Brackets make rows; names and settings are passed over.
 *
 * @typedef {(string | Nested)[]} Nested what stands in brackets, number by number
 */

const PROGRESS = /\d+\/\d+ [[━][^\n]*?\/step/g; // what Keras prints before an answer
const SETTING =
  /\b(?:shape|size)\s*=\s*(?:\([^()]*\)|torch\.Size\([^()]*\))|\b[a-z_]\w*\s*=\s*(?:<[^>]*>|'[^']*'|"[^"]*"|[a-z_][\w.:]*(?!\s*\())/gi;
const ASSIGNED = /\b[a-z_]\w*\s*=/gi;
const CALLED = /[a-z_][\w.]*\(\s*([-+.\w]+)\s*\)/gi; // np.float32(0.5)
const NAME = /[a-z_][\w.]*\s*\(/gi;
const CALL = "\u0001"; // what a name and its bracket become: no bracket of a list
const SAID = /[a-z][\w ]*:(?=\s)/gi; // "Parameter containing:"
const TOKEN = /[\u0001[\](){};]|[^\u0001\s,[\](){};]+/g;

/** What is left without names, settings and progress. @param {string} text */
export const bareText = (text) =>
  text
    .replaceAll("−", "-")
    .replace(PROGRESS, " ")
    .replace(/\bnumpy\s*=\s*/g, " ")
    .replace(SETTING, " ")
    .replace(ASSIGNED, " ")
    .replace(/<tf\.\w+:?|>\s*$/g, " ")
    .replace(CALLED, "$1")
    .replace(NAME, CALL)
    .replace(SAID, " ");

/** Whether numbers were left out in print. @param {string} text */
export const isShortened = (text) => /\.\.\.|…/.test(text);

export const SHORTENED =
  "Some of it was left out in print, at “...”. Print all of it: " +
  'np.set_printoptions(threshold=10**9) in NumPy, torch.set_printoptions(profile="full") in PyTorch.';

/** @param {string} text without names @returns {Nested} */
function nestedIn(text) {
  /** @type {Nested} */
  const root = [];
  const open = [root];
  for (const [token] of text.matchAll(TOKEN)) {
    const last = open[open.length - 1];
    if (token === CALL) open.push(last);
    else if (/[[({]/.test(token)) {
      open.push([]);
      last.push(open[open.length - 1]);
    } else if (!/[\])}]/.test(token)) last.push(token);
    else if (open.length > 1) open.pop();
  }
  return root;
}

/** Without brackets around one thing alone. @param {Nested} list @returns {Nested} */
const unwrapped = (list) =>
  list.length === 1 && Array.isArray(list[0]) ? unwrapped(list[0]) : list;

/** Whether numbers stand in a list. @param {Nested} list @returns {list is string[]} */
const isRow = (list) => list.every((part) => typeof part === "string");

/** The sizes of what is in brackets; null where its rows are not equally long, or there are none.
 * @param {string} text @returns {number[] | null} */
export function shapeIn(text) {
  const bare = bareText(text);
  if (!/[[(]/.test(bare)) return null;
  const [first, ...more] = nestedIn(bare);
  return Array.isArray(first) && more.length === 0 ? shapeOf(first) : null;
}

/** @param {Nested} list @returns {number[] | null} */
function shapeOf(list) {
  if (isRow(list)) return [list.length];
  const inner = list.map((part) => (Array.isArray(part) ? shapeOf(part) : null));
  const [first] = inner;
  return first && inner.every((one) => String(one) === String(first))
    ? [list.length, ...first]
    : null;
}

/**
 * The rows of one sequence.
 *
 * @param {string} text
 * @returns {{rows: string[][], sequences: number, listed?: boolean}} of several sequences the rows of
 *   none; whether each row stands in brackets of its own
 */
export function rowsIn(text) {
  const bare = bareText(text);
  if (!/[[(]/.test(bare)) {
    const lines = bare.split(/\r?\n/).map((line) => line.split(";").map(stateUpdateOf));
    return { rows: lines.flatMap(rowsOfLine), sequences: 1 };
  }
  const root = unwrapped(nestedIn(bare));
  if (isRow(root)) return { rows: splitAt(root), sequences: 1 };
  const rows = root.map((part) => (Array.isArray(part) ? unwrapped(part) : [part]));
  if (rows.every(isRow)) return { rows: rows.flatMap(splitAt), sequences: 1, listed: true };
  return { rows: [], sequences: root.length };
}

/** A sequence in plain signs: commas within a timestep, semicolons between; no heading.
 * @param {string} text */
export function listText(text) {
  const { rows } = rowsIn(text);
  const isWord = (/** @type {string} */ part) => Number.isNaN(Number(part));
  if (rows.length > 1 && rows[0].every(isWord)) rows.shift();
  return rows.map((row) => row.join(", ")).join(";");
}

/** @param {string} text */
const stateUpdateOf = (text) => text.split(/[\s,]+/).filter(Boolean);

/** Semicolons part timesteps, but numbers where no other sign does. @param {string[][]} parts */
function rowsOfLine(parts) {
  const filled = parts.filter((part) => part.length > 0);
  const [first] = filled;
  if (!first) return [];
  return filled.length > 1 && filled.every((part) => part.length === 1) ? [filled.flat()] : filled;
}

/** Rows that semicolons part within brackets. @param {string[]} row */
function splitAt(row) {
  /** @type {string[][]} */
  const rows = [[]];
  for (const part of row) {
    if (part === ";") rows.push([]);
    else rows[rows.length - 1].push(part);
  }
  return rows.filter((one) => one.length > 0);
}
