/** Visitors' words in figures: escaped, held together whatever their direction, cut to fit. */

/**
 * @typedef {object} Read what was read, of a trace
 * @property {{text: string, id: number | null}[]} tokens
 * @property {import("../core/types.js").Input} [asked]
 */

const ENTITIES = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" });

/** Plotly reads text as a small HTML: what a visitor wrote must not be read so.
 * @param {string} text */
export const escapeText = (text) => text.replace(/[&<>]/g, (sign) => ENTITIES[sign]);

/** Stands for a line end where there is one line. */
export const LINE_END = "\u21b5";

const BLANKS = /** @type {Record<string, string>} */ ({
  " ": "\u2423",
  "\n": LINE_END,
  "\t": "\u21e5",
});

/** Marks that join a letter stand on a dotted circle where a text begins with them, and a character
 * that cannot be seen has a sign.
 * @param {string} text */
export const withBase = (text) => BLANKS[text] ?? (/^\p{M}/u.test(text) ? `\u25cc${text}` : text);

/** Keeps a word's own direction from turning its neighbours (first strong isolate).
 * @param {string} text */
export const isolate = (text) => `\u2068${withBase(text)}\u2069`;

const LEAST = 11; // pixels, of any text in a figure
const BOLD = 1.06; // times as wide

const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** @param {string} grapheme */
function emWidth(grapheme) {
  if (/^[\u0e00-\u0eff\u0600-\u06ff]/u.test(grapheme)) return 0.62;
  if (/\p{Extended_Pictographic}/u.test(grapheme) || WIDE.test(grapheme)) return 1.15;
  if (/[\p{Lu}mwMW@]/u.test(grapheme)) return 0.76;
  if (/[iljtfr.,:;'!|]/.test(grapheme)) return 0.36;
  return 0.56;
}

/** A cautious estimate of how wide a text will be, since a pure function cannot measure.
 * @param {string} text @param {number} size pixels */
export function textWidth(text, size) {
  let width = 0;
  for (const { segment } of SEGMENTER.segment(text)) width += emWidth(segment) * size;
  return width;
}

/** Cuts a text to a width, between what readers take for characters, with an ellipsis.
 * @param {string} text @param {number} width pixels @param {number} size pixels */
export function truncate(text, width, size) {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  for (const { segment } of SEGMENTER.segment(text)) {
    if (textWidth(kept + segment, size) + size > width) break;
    kept += segment;
  }
  return `${kept}\u2026`;
}

/** A visitor's word at the largest size, from `size` down to 11 px, at which the whole of it fits;
 * cut where none does. @param {string} text @param {number} width pixels @param {number} size pixels
 * @param {boolean} [bold] */
export function fitted(text, width, size, bold = false) {
  const room = bold ? width / BOLD : width;
  const fits = Math.min(size, Math.max(LEAST, (size * room) / textWidth(text, size)));
  return { text: word(text, room, fits), size: fits };
}

/** Whether numbers were read and no words: a token is then its timestep's number.
 * @param {{tokens: {id: number | null}[]}} trace */
export const readsNumbers = ({ tokens }) => tokens.every(({ id }) => id === null);

/** Whether a text was read as it is written, character by character. Where it is not known what was
 * asked, a blank or a sign tells it: no word is one.
 * @param {Read} trace */
export function readsCharacters({ tokens, asked }) {
  if (!tokens.every(({ text }) => [...text].length === 1)) return false;
  if (asked) return "sentence" in asked && tokens.length === [...asked.sentence].length;
  return tokens.some(({ text, id }) => id !== null && /[^\p{L}\p{N}\p{M}]/u.test(text));
}

/** What people call a thing that is read: a word, a character, or of numbers a timestep.
 * @param {Read} trace @param {number} [count] */
export const stepName = (trace, count = 1) => {
  const name = readsCharacters(trace) ? "character" : "word";
  return `${readsNumbers(trace) ? "timestep" : name}${count === 1 ? "" : "s"}`;
};

/** @type {Record<string, Record<string, string>>} */
const SAID_OF = {
  numbers: { word: "timestep", words: "timesteps", sentence: "series", sentences: "series" },
  characters: { word: "character", words: "characters", sentence: "text", sentences: "texts" },
};

/** What the guide says of words, said of a series of numbers or of characters.
 * @param {string} text @param {string} kind what is read */
export const forTokens = (text, kind) =>
  text.replace(/(?<!\bother )\b(words?|sentences?)\b/gi, (found) => {
    const said = SAID_OF[kind]?.[found.toLowerCase()] ?? found;
    return /^[A-Z]/.test(found) ? said.charAt(0).toUpperCase() + said.slice(1) : said;
  });

/** What was read at a timestep, as a sentence names it.
 * @param {{tokens: {text: string, id: number | null}[]}} trace @param {number} timestep */
export const nameAt = (trace, timestep) =>
  readsNumbers(trace)
    ? `timestep ${timestep}`
    : `\u201c${isolate(trace.tokens[timestep - 1].text)}\u201d`;

/** A visitor's word, ready to stand in a figure's text.
 * @param {string} text @param {number} [width] pixels it may take @param {number} [size] pixels */
export const word = (text, width = 400, size = 14) =>
  isolate(escapeText(truncate(text, width, size)));

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
