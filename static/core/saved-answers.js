/**
 * A saved page's answers to its own questions: what the server said when the page was saved.
 *
 * @typedef {import("./types.js").Recorded} Recorded
 * @typedef {import("./types.js").Shared} Shared
 */

/**
 * A text that two questions share when they ask the same, in whatever order they name things.
 *
 * @param {any} value
 * @returns {any}
 */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, ordered(inner)]));
}

/** @param {string} path @param {unknown} body */
const keyOf = (path, body) => `${path} ${JSON.stringify(ordered(body))}`;

/**
 * @param {Recorded} recorded
 * @returns {{restore: (tree: Shared) => any, answer: (path: string, body: unknown) =>
 *   {answer?: any, refused?: string} | null}} what gives a tree its parts again; and answers, null
 *   for a question that was not asked
 */
export function savedAnswer({ questions, parts, lists }) {
  /** @param {Shared} tree @returns {any} */
  function restore(tree) {
    if (typeof tree === "number") {
      return tree < 0 ? lists[-1 - tree].map((at) => parts[at]) : parts[tree];
    }
    return Object.fromEntries(Object.entries(tree).map(([name, inner]) => [name, restore(inner)]));
  }

  const known = new Map(
    questions.map(([path, body, said]) => [keyOf(path, body && restore(body)), said]),
  );
  return {
    restore,
    answer(path, body) {
      const said = known.get(keyOf(path, body));
      if (said === undefined) return null;
      return typeof said === "string" ? { refused: said } : { answer: restore(said) };
    },
  };
}
