/**
 * What a section needs beyond the trace: asked for when the section comes near the screen and what
 * it depends on has changed, once for each state.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Store} Store
 * @typedef {import("../core/types.js").Trace} Trace
 */
import { resource } from "../core/resource.js";

const PAUSE = 120; // ms after the last change
const KEPT = 12; // answers
const NOTHING = "nothing yet";

/**
 * @template Question, Answer
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {object} source
 * @param {(keyof AppState)[]} source.keys
 * @param {(state: AppState) => Question | null} source.question null where there is nothing to ask
 * @param {(question: Question, signal: AbortSignal) => Promise<Answer>} source.load
 * @param {(answer: Answer | null, trouble: string) => void} source.show
 * @returns {{refresh: (again?: boolean) => void}} again: shows even what has been shown
 */
export function loadWhenVisible(root, store, { keys, question, load, show }) {
  /** @type {Map<string, Answer>} */
  const known = new Map();
  let near = false;
  let failing = false;
  let shown = NOTHING; // or on its way
  const { ask, stop } = resource({
    load: async (/** @type {Question} */ wanted, signal) => {
      const answer = await load(wanted, signal);
      if (signal.aborted) return;
      failing = false;
      shown = JSON.stringify(wanted);
      known.set(shown, answer);
      if (known.size > KEPT) known.delete([...known.keys()][0]);
      show(answer, "");
    },
    fail: ({ detail, passing }) => {
      failing = true;
      shown = NOTHING; // what changes meanwhile asks at once
      show(null, passing ? `${detail} Trying again by itself.` : detail);
    },
  });

  function refresh(again = false) {
    if (again) shown = NOTHING;
    if (!near) return;
    const wanted = question(store.get());
    const key = JSON.stringify(wanted);
    if (key === shown) return;
    shown = key;
    failing = false;
    stop();
    if (wanted === null) return show(null, "");
    const answer = known.get(key);
    if (answer !== undefined) return show(answer, "");
    ask(wanted, PAUSE);
  }

  new IntersectionObserver(
    (entries) => {
      near = entries.some((entry) => entry.isIntersecting);
      if (failing && !near) stop();
      refresh();
    },
    { rootMargin: "200px 0px" },
  ).observe(root);
  store.subscribe(() => refresh(), ["status", ...keys]);
  return { refresh };
}

/**
 * The question that gives a trace again, to which more can be added; null where it cannot be asked.
 *
 * @param {Trace | null} trace
 * @returns {(import("../core/types.js").Input & {model: string, layer: string,
 *   pins?: import("../core/types.js").Override[]}) | null}
 */
export function questionOf(trace) {
  if (!trace?.asked) return null;
  const { asked, model, layer, pins } = trace;
  return {
    ...asked,
    model: model.id,
    layer: layer.name,
    ...(pins?.length ? { pins } : {}),
  };
}

/**
 * @template T, R
 * @param {T[]} items
 * @param {number} most at a time
 * @param {(item: T) => Promise<R>} run
 * @returns {Promise<R[]>} in the order of the items
 */
export async function inTurns(items, most, run) {
  /** @type {R[]} */
  const results = Array(items.length);
  let next = 0;
  async function worker() {
    while (next < items.length) {
      const at = next++;
      results[at] = await run(items[at]);
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
