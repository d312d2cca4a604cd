/**
 * Fetches the weights that make the answers, when a probability is opened.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 */
import { ApiError, fetchHead } from "./api.js";

/** @param {Store} store */
export function keepHead(store) {
  let asked = "";
  let controller = new AbortController();

  async function refresh() {
    const { trace, open } = store.get();
    if (!trace || open?.quantity !== "answer") return;
    const { id } = trace.model;
    const timesteps = trace.steps.length;
    const key = `${id} ${timesteps}`;
    if (key === asked) return;
    asked = key;
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    store.set({ head: null });
    try {
      store.set({ head: await fetchHead(id, timesteps, signal) });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.passing) asked = "";
      store.set({ head: { detail: error.detail } });
    }
  }

  store.subscribe(refresh, ["open", "trace"]);
}
