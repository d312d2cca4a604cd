/** Sentences with numbers in them that open. */

/** @typedef {import("../core/types.js").Openable} Openable */
/** @typedef {import("../core/types.js").Phrase} Phrase */
/** @typedef {{text: string, mark: Openable}} Opening a number in a sentence */

/**
 * A sentence, as a template: its numbers stay apart from its words.
 *
 * @param {TemplateStringsArray} words
 * @param {...(Phrase | Opening | number)} values
 * @returns {(string | Opening)[]}
 */
export const phrase = (words, ...values) =>
  words.flatMap((text, k) => {
    const value = k < values.length ? values[k] : "";
    const parts = Array.isArray(value) ? value : [typeof value === "number" ? `${value}` : value];
    return [text, ...parts].filter((part) => part !== "");
  });

/** The sentence as plain text. @param {Phrase} sentence */
export const plainText = (sentence) =>
  typeof sentence === "string"
    ? sentence
    : sentence.map((part) => (typeof part === "string" ? part : part.text)).join("");

/** @param {string} text @param {Openable} mark @returns {Opening} */
export const openable = (text, mark) => ({ text, mark });
