/**
 * Keeps the trace in step with the words: asks a moment after the last key, drops what has been
 * overtaken, and asks again by itself when nobody answers.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Reads} Reads
 * @typedef {import("./types.js").Store} Store
 * @typedef {import("./types.js").Trace} Trace
 */
import { inputOf, Unreadable } from "./inputs.js";
import { ApiError, fetchSummary, fetchTrace, fetchUnitWeights, fetchWeights } from "./api.js";

const PAUSE = 250; // ms after the last key
const PATIENCE = [1000, 2000, 4000, 8000]; // ms between attempts while nobody answers
const TYPED = /** @type {const} */ (["sentence", "token_ids", "inputs"]);
const SMALL = 20_000; // weights that are worth sending before anybody asks

/**
 * @param {Store} store
 * @param {(trace: Trace) => Partial<AppState> | null} openingAt where a sentence that came whole opens
 */
export function syncTrace(store, openingAt) {
  let controller = new AbortController();
  let timer = 0;
  let attempt = 0;
  /** @type {Map<string, Reads>} what models take in */
  const known = new Map();
  const { trace: first, reads: atFirst } = store.get();
  if (first) known.set(first.model.id, atFirst);

  /** @param {number} delay */
  function ask(delay) {
    controller.abort();
    controller = new AbortController();
    clearTimeout(timer);
    const { signal } = controller;
    timer = setTimeout(() => load(signal), delay);
  }

  /** @param {AbortSignal} signal */
  async function load(signal) {
    const question = store.get();
    try {
      const reads = known.get(question.model) ?? (await readsOf(question, signal));
      known.set(question.model, reads);
      store.set({ reads });
      const input = inputOf(question, reads);
      const trace = await fetchTrace({ ...question, input }, signal);
      attempt = 0;
      store.set({
        ...keptCursor(store.get(), trace, openingAt),
        trace,
        status: "ready",
        error: null,
      });
      store.set({ summary: await fetchSummary(question.model, trace.steps.length, signal) });
    } catch (error) {
      if (signal.aborted) return;
      fail(error);
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    if (error instanceof Unreadable) {
      return store.set({ status: "refused", error: { detail: error.message } });
    }
    if (!(error instanceof ApiError)) throw error;
    const { detail } = error;
    if (!error.passing) {
      return store.set({ status: "refused", error: { detail, status: error.status } });
    }
    store.set({ status: "offline", error: { detail } });
    ask(PATIENCE[Math.min(attempt++, PATIENCE.length - 1)]);
  }

  store.subscribe(
    (state, before) => {
      const lost = state.pins !== null && state.pins === before.pins;
      // they were for other words or gates
      if (lost) return store.set({ pins: null, dropped: state.pins });
      if (state.pins !== null && state.dropped) store.set({ dropped: null });
      attempt = 0;
      store.set({ status: "loading" });
      const typing = TYPED.some((key) => state[key] !== before[key]);
      ask(typing && state.model === before.model ? PAUSE : 0);
    },
    [...TYPED, "model", "layer", "pins"],
  );
  addEventListener("online", () => store.get().status === "offline" && ask(0));
}

/**
 * What the model that is asked for takes in: from a list of models, or from the server.
 *
 * @param {AppState} state
 * @param {AbortSignal} signal
 * @returns {Promise<Reads>}
 */
async function readsOf({ model, models, visitor_models }, signal) {
  const row = [...models, ...visitor_models].find(({ id }) => id === model);
  return row?.reads ?? (await fetchSummary(model, 2, signal)).reads;
}

/**
 * A sentence that came whole opens where the answer turns; otherwise the cursor stays.
 *
 * @param {AppState} state
 * @param {Trace} next
 * @param {(trace: Trace) => Partial<AppState> | null} openingAt
 * @returns {Partial<AppState>}
 */
function keptCursor({ arrived }, next, openingAt) {
  return arrived && !next.pins?.length ? (openingAt(next) ?? { timestep: null }) : {};
}

/**
 * Fetches weights: of a small layer at once and whole, of a larger one when a number is opened, and
 * only for its unit.
 *
 * @param {Store} store
 */
export function syncWeights(store) {
  let loaded = "";
  let controller = new AbortController();

  async function refresh() {
    const wanted = wantedWeights(store.get());
    if (wanted.key === loaded) return;
    loaded = wanted.key;
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    store.set({ weights: null, unit_weights: null });
    try {
      store.set(await wanted.ask(signal));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (!error.passing) return; // the model is gone
      setTimeout(() => {
        if (signal.aborted) return;
        loaded = "";
        refresh();
      }, PATIENCE[2]);
    }
  }

  store.subscribe(refresh, ["trace", "open"]);
  refresh();
}

/**
 * @param {AppState} state
 * @returns {{key: string, ask: (signal: AbortSignal) => Promise<Partial<AppState>>}}
 */
function wantedWeights({ trace, open }) {
  if (!trace) return { key: "", ask: async () => ({}) };
  const { id } = trace.model;
  const { units, features, name } = trace.layer;
  const key = `${id} ${name}`;
  if (4 * units * (features + units + 1) <= SMALL) {
    return { key, ask: async (signal) => ({ weights: await fetchWeights(id, name, signal) }) };
  }
  if (!open || open.quantity === "input" || open.quantity === "answer")
    return { key, ask: async () => ({}) };
  const { unit } = open;
  return {
    key: `${key} ${unit}`,
    ask: async (signal) => ({
      unit_weights: { unit, weights: await fetchUnitWeights(id, name, unit, signal) },
    }),
  };
}
