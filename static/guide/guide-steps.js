/**
 * The guide's steps, from steps.json, and the state of the page that each one sets.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Trace} Trace
 * @typedef {import("./guide-words.js").Path} Path
 *
 * @typedef {object} Choice right where the value is that one, or lies in that range
 * @property {string} text
 * @property {string | number} [is]
 * @property {number} [min]
 * @property {number} [max]
 *
 * @typedef {object} Question
 * @property {string} ask
 * @property {Path} of what is to be predicted
 * @property {Choice[]} [choices]
 * @property {{near: number}} [number] in place of choices: a number, and how far it may be off
 * @property {Record<string, any>} [reveals] the state that shows the answer in the picture
 * @property {string} [section] that it brings into sight
 * @property {string} answer
 * @property {Record<string, Path>} [values]
 *
 * @typedef {object} Doing
 * @property {string} text
 * @property {{state: "timestep" | "return_sequences" | "open" | "phase", is?: unknown} | (Path & {is: string})
 *   } until state alone: as soon as there is any
 * @property {string} done
 * @property {Record<string, Path>} [values]
 *
 * @typedef {object} Step
 * @property {string} id which `?hide=` leaves out
 * @property {string} part
 * @property {string} title
 * @property {string} text at most 60 words; a name in braces is one of the values
 * @property {string} scene
 * @property {Record<string, any>} set the state, where it is not as usual
 * @property {string} [section] that is brought into sight
 * @property {"gates"} [shows] what of the inspector stays
 * @property {Record<string, Path>} [values]
 * @property {Question} [question]
 * @property {Doing} [do]
 *
 * @typedef {{scenes: Record<string, {sentence?: string, model: string}>, steps: Step[]}} Guide
 */
import { READ, fromQuery, toQuery } from "../core/store.js";

/** What a step that says nothing of it sets. @type {Partial<AppState>} */
const USUAL = {
  token_ids: null,
  inputs: null,
  layer: null,
  timestep: 1,
  unit: 0,
  label: null,
  return_sequences: null,
  return_state: true,
  pins: null,
  lens: "cell",
  depth: "cell",
  lit: null,
  phase: null,
};

/**
 * The steps that there are: without those that a link leaves out; in a saved page those alone whose
 * sentence it holds, and which hold no gate.
 *
 * @param {Guide} guide
 * @param {{hide: string[], standalone: boolean, trace: Trace | null}} state
 * @returns {Step[]}
 */
export function stepsOf(guide, { hide, standalone, trace }) {
  const held = guide.steps.filter(
    (step) =>
      !hide.includes(step.id) &&
      (!standalone || (isRead(guide, step, trace) && !step.set.pins && step.shows !== "gates")),
  );
  return held.map(withValues);
}

/** Its question may name the values of its text too. @param {Step} step @returns {Step} */
const withValues = (step) => ({
  ...step,
  ...(step.question && {
    question: { ...step.question, values: { ...step.values, ...step.question.values } },
  }),
});

/**
 * What a step sets of the page's state.
 *
 * @param {Guide} guide
 * @param {Step} step
 * @param {boolean} [revealed] whether its question has been answered
 * @returns {Partial<AppState>}
 */
export function stateOf({ scenes }, { scene, set, question }, revealed = false) {
  const state = { ...USUAL, ...scenes[scene], ...set, ...(revealed ? question?.reveals : {}) };
  return { ...state, pins: state.pins && JSON.stringify(state.pins) };
}

/** Whether a trace is that of a step's sentence and model. @param {Guide} guide @param {Step} step
 * @param {Trace | null} trace */
export function isRead({ scenes }, { scene }, trace) {
  const asked = /** @type {{sentence?: string} | undefined} */ (trace?.asked);
  const { sentence, model } = scenes[scene];
  return trace?.model.id === model && asked?.sentence === sentence;
}

/**
 * A link that names a step and nothing that is read opens what the step sets; guide.py does the same.
 *
 * @param {string} search
 * @param {Guide} guide
 * @returns {string}
 */
export function withStep(search, guide) {
  const query = new URLSearchParams(search);
  const state = /** @type {AppState} */ (fromQuery(search));
  if (!state.guide || READ.some((key) => query.has(key))) return search;
  const steps = guide.steps.filter(({ id }) => !state.hide.includes(id));
  const step = steps[Math.min(state.guide, steps.length) - 1];
  if (!step) return search;
  const sets = Object.entries(stateOf(guide, step)).filter(([key]) => !query.has(key));
  return toQuery({ ...state, ...Object.fromEntries(sets) });
}
