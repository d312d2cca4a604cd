/**
 * Keeps the trace in step with the words: asks a moment after the last key, drops what has been
 * overtaken, and asks again by itself when nobody answers.
 *
 * @typedef {import("./api.js").ApiError} ApiError
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Reads} Reads
 * @typedef {import("./types.js").Store} Store
 * @typedef {import("./types.js").Trace} Trace
 */
import { inputOf, Unreadable } from "./inputs.js";
import { fetchSummary, fetchTrace, fetchUnitWeights, fetchWeights } from "./api.js";
import { resource } from "./resource.js";
import { cursorOf } from "./store.js";

const TYPING = 250; // ms after the last key
const PAUSES = [1000, 2000, 4000, 8000]; // ms between attempts while nobody answers
const TYPED = /** @type {const} */ (["sentence", "token_ids", "inputs"]);

/**
 * @param {Store} store
 * @param {(trace: Trace) => Partial<AppState> | null} openingCursor where a sentence that came whole opens
 */
export function syncTrace(store, openingCursor) {
  /** @type {Map<string, Reads>} what models take in */
  const known = new Map();
  const { trace: first, reads: atFirst } = store.get();
  if (first) known.set(first.model.id, atFirst);

  const { ask } = resource({ load, fail, pauses: PAUSES });

  /** @param {null} _ what is asked is what the store holds by then @param {AbortSignal} signal */
  async function load(_, signal) {
    const question = store.get();
    const reads = known.get(question.model) ?? (await readsOf(question, signal));
    known.set(question.model, reads);
    store.set({ reads });
    const input = readable(() => inputOf(question, reads));
    if (!input) return;
    const trace = await fetchTrace({ ...question, input }, signal);
    store.set({
      ...keptCursor(store.get(), trace, openingCursor),
      trace,
      status: "ready",
      error: null,
    });
    store.set({ summary: await fetchSummary(question.model, trace.steps.length, signal) });
  }

  /** What can be read; nothing where it cannot, which is said. @template T @param {() => T} read */
  function readable(read) {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      store.set({ status: "refused", error: { detail: error.message } });
      return null;
    }
  }

  /** @param {ApiError} error */
  function fail({ detail, status, passing }) {
    store.set(
      passing
        ? { status: "offline", error: { detail } }
        : { status: "refused", error: { detail, status } },
    );
  }

  store.subscribe(
    (state, before) => {
      const lost = state.pins !== null && state.pins === before.pins;
      // they were for other words or gates
      if (lost) return store.set({ pins: null, dropped: state.pins });
      if (state.pins !== null && state.dropped) store.set({ dropped: null });
      store.set({ status: "loading" });
      const typing = TYPED.some((key) => state[key] !== before[key]);
      ask(null, typing && state.model === before.model ? TYPING : 0);
    },
    [...TYPED, "model", "layer", "pins"],
  );
  addEventListener("online", () => store.get().status === "offline" && ask(null));
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
 * @param {(trace: Trace) => Partial<AppState> | null} openingCursor
 * @returns {Partial<AppState>}
 */
function keptCursor({ arrived }, next, openingCursor) {
  return arrived && !next.pins?.length ? (openingCursor(next) ?? { timestep: null }) : {};
}

/**
 * Fetches weights: of a small layer at once and whole, of a larger one when a number is opened, or
 * one unit is worked through, and only for that unit.
 *
 * @param {Store} store
 */
export function syncWeights(store) {
  let loaded = "";
  const { ask } = resource({
    load: async (/** @type {ReturnType<typeof wantedWeights>} */ wanted, signal) =>
      store.set(await wanted.ask(signal)),
    fail: () => {}, // the trace says that nobody answers, or that the model is gone
  });

  function refresh() {
    const wanted = wantedWeights(store.get());
    if (wanted.key === loaded) return;
    loaded = wanted.key;
    store.set({ weights: null, unit_weights: null });
    ask(wanted);
  }

  store.subscribe(refresh, ["trace", "open", "depth", "unit"]);
  refresh();
}

/**
 * @param {AppState} state
 * @returns {{key: string, ask: (signal: AbortSignal) => Promise<Partial<AppState>>}}
 */
function wantedWeights(state) {
  const { trace, open, whole_layer } = state;
  if (!trace) return { key: "", ask: async () => ({}) };
  const { id } = trace.model;
  const { units, features, name } = trace.layer;
  const key = `${id} ${name}`;
  if (4 * units * (features + units + 1) <= whole_layer) {
    return { key, ask: async (signal) => ({ weights: await fetchWeights(id, name, signal) }) };
  }
  const opened = open && open.quantity !== "input" && open.quantity !== "answer" ? open : null;
  if (!opened && state.depth !== "unit") return { key, ask: async () => ({}) };
  const { unit } = opened ?? cursorOf(state);
  return {
    key: `${key} ${unit}`,
    ask: async (signal) => ({
      unit_weights: { unit, weights: await fetchUnitWeights(id, name, unit, signal) },
    }),
  };
}
