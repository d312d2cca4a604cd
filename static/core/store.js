/**
 * One object holds what the page shows; one table says how it is written into the URL.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 * @typedef {import("./types.js").Trace} Trace
 *
 * @typedef {object} Prop how one part of the state is written into the URL
 * @property {unknown} initial what it is where the URL is silent, and what the URL leaves out
 * @property {(text: string) => unknown} parse undefined where the text makes no sense
 * @property {(value: any) => string} format
 */
import { readsText } from "./inputs.js";
import { listText } from "./pasted-numbers.js";

/** Characters of one part of a link: a long series of numbers cannot be in it. */
const LONGEST = 4000;

/** @param {string} text */
const asText = (text) => text || undefined;

/** @param {number} least */
const integer = (least) => (/** @type {string} */ text) => {
  const number = Number(text);
  return text.trim() !== "" && Number.isInteger(number) && number >= least ? number : undefined;
};

/** What people count from 1, and the page from 0. @param {string} text */
const fromOne = (text) => {
  const number = integer(1)(text);
  return number === undefined ? undefined : number - 1;
};

/** @param {string} text */
const asBoolean = (text) =>
  /^(true|1|yes)$/i.test(text) ? true : /^(false|0|no)$/i.test(text) ? false : undefined;

/** @param {string} text */
const asList = (text) => text.split(",").filter(Boolean);

/** Pasted ids or numbers as the server reads them; what is too long for a link stays as it is.
 * @param {string} text */
const tidy = (text) => (text.length > 4 * LONGEST ? text : listText(text));

/** @param {string} text */
const asRows = (text) => text.replaceAll(";", "\n") || undefined;

/** @param {readonly string[]} choices */
const oneOf = (choices) => (/** @type {string} */ text) =>
  choices.includes(text) ? text : undefined;

/** What a page opens with whose link says nothing of what is read; page.py has it too. */
export const OPENING = {
  sentence:
    "I live in Pune but right now I stay in Hyderabad. " +
    "So you can drop the order at my present location.",
  model: "place",
};

/** The parts of a link that say what is read. */
export const READ = ["sentence", "token_ids", "inputs", "model"];

/** @type {Record<string, Prop>} in the order in which a link names them */
export const PROPS = {
  sentence: { initial: "Good Day", parse: (text) => text, format: String },
  token_ids: {
    initial: null,
    parse: asText,
    format: (text) => tidy(text).replace(/[\s,;]+/g, ","),
  },
  inputs: { initial: null, parse: asRows, format: tidy },
  model: { initial: "article", parse: asText, format: String },
  layer: { initial: null, parse: asText, format: String },
  timestep: { initial: null, parse: integer(1), format: String },
  unit: { initial: 0, parse: integer(0), format: String },
  label: { initial: null, parse: asText, format: String },
  return_sequences: { initial: null, parse: asBoolean, format: String },
  return_state: { initial: true, parse: asBoolean, format: String },
  pins: { initial: null, parse: asText, format: String },
  compare: { initial: [], parse: asList, format: (list) => list.join(",") },
  swaps: { initial: [], parse: asList, format: (list) => list.join(",") },
  lens: { initial: "cell", parse: asText, format: String },
  depth: { initial: "cell", parse: oneOf(["sentence", "cell", "unit"]), format: String },
  phase: { initial: null, parse: fromOne, format: (phase) => String(phase + 1) },
  guide: { initial: null, parse: integer(1), format: String },
  theme: { initial: "system", parse: oneOf(["system", "light", "dark"]), format: String },
  hide: { initial: [], parse: asList, format: (list) => list.join(",") },
};

/**
 * The part of the state that a query string gives. What it gets wrong is as if it were silent; one
 * that names a sentence alone means the guide's model, and one that names nothing the opening.
 *
 * @param {string} search
 * @returns {Partial<AppState>}
 */
export function fromQuery(search) {
  const query = new URLSearchParams(search);
  const opening = READ.some((key) => query.has(key)) ? {} : OPENING;
  const entries = Object.entries(PROPS).map(([key, prop]) => {
    const text = query.get(key);
    const value = text === null ? undefined : prop.parse(text);
    return [key, value === undefined ? prop.initial : value];
  });
  return { ...Object.fromEntries(entries), ...opening };
}

/**
 * The query string that opens the page in this state; what is as usual is left out.
 *
 * @param {Partial<AppState>} state
 * @param {number} [longest] characters of one part
 * @returns {string} empty, or beginning with "?"
 */
export function toQuery(state, longest = LONGEST) {
  const values = /** @type {Record<string, unknown>} */ (state);
  const query = new URLSearchParams();
  const left = new Set(leftOut(state));
  for (const [key, prop] of Object.entries(PROPS)) {
    const value = values[key];
    if (left.has(key)) continue;
    if (value === null || value === undefined) continue;
    const text = prop.format(value);
    if (text.length > longest) continue;
    const usual = prop.initial !== null && text === prop.format(prop.initial);
    if (!usual || key === "sentence") query.set(key, text);
  }
  const text = query.toString();
  return text && `?${text}`;
}

/** What a link need not name: the opening, the first sentence of a model that it names, and any of one
 * that reads none.
 * @param {Partial<AppState>} state @returns {string[]} */
function leftOut({ sentence, model, token_ids, inputs, reads }) {
  if (reads && !readsText(reads) && model !== PROPS.model.initial) return ["sentence"];
  if (reads?.kind === "characters") return sentence === reads.example ? ["sentence"] : [];
  const opens = sentence === OPENING.sentence && model === OPENING.model;
  if (opens && !token_ids && !inputs) return ["sentence", "model"];
  return sentence === PROPS.sentence.initial && model !== PROPS.model.initial ? ["sentence"] : [];
}

/**
 * Where the cursor stands in a trace: never outside it, whatever the URL said.
 *
 * @param {AppState} state
 * @returns {{timestep: number, unit: number}}
 */
export function cursorOf(state) {
  const timesteps = state.trace?.steps.length ?? 1;
  const units = state.trace?.layer.units ?? 1;
  return {
    timestep: Math.min(Math.max(state.timestep ?? timesteps, 1), timesteps),
    unit: Math.min(Math.max(state.unit, 0), units - 1),
  };
}

/**
 * What a figure shows: the cursor, or in its place what is pointed at elsewhere.
 *
 * @param {AppState} state
 * @param {Element | null} [host] the figure; what is pointed at in itself leaves it as it is
 * @returns {{timestep: number, unit: number}}
 */
export function shownCursor(state, host = null) {
  const cursor = cursorOf(state);
  const { preview } = state;
  if (!preview || (host && preview.origin === host)) return cursor;
  const { timestep, unit } = preview;
  return cursorOf({ ...state, timestep: timestep ?? cursor.timestep, unit: unit ?? cursor.unit });
}

/**
 * @param {AppState} initial
 * @returns {Store}
 */
export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  /** @type {Set<(state: AppState, before: AppState) => void>} */
  const listeners = new Set();
  /** Changes that not every listener has heard of. @type {[AppState, AppState][]} */
  const untold = [];
  let telling = false;

  /** What a listener changes is told after what it was told of, so that the last news is the newest. */
  function tell() {
    if (telling) return;
    telling = true;
    try {
      for (let news = untold.shift(); news; news = untold.shift()) {
        for (const listener of [...listeners]) listener(...news);
      }
    } finally {
      telling = false;
    }
  }

  return {
    get: () => state,
    set(change) {
      const keys = /** @type {(keyof AppState)[]} */ (Object.keys(change));
      const before = state;
      if (keys.every((key) => Object.is(before[key], change[key]))) return;
      state = Object.freeze({ ...before, ...change });
      untold.push([state, before]);
      tell();
    },
    subscribe(listener, keys) {
      const guarded = keys
        ? (/** @type {AppState} */ after, /** @type {AppState} */ before) => {
            if (keys.some((key) => !Object.is(after[key], before[key]))) listener(after, before);
          }
        : listener;
      listeners.add(guarded);
      return () => listeners.delete(guarded);
    },
  };
}
