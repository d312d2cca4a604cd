/**
 * Fetches what the arithmetic of an opened number needs besides the page's own weights: those that
 * make the answers, those of another run's layer, and the run of the layer that hands an input on.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 * @typedef {import("./types.js").Trace} Trace
 */
import { fetchHead, fetchStep, fetchUnitWeights } from "./api.js";
import { handedOn } from "./network-levels.js";
import { resource } from "./resource.js";

/** The layer that made a run, as a text, and perhaps one of its units.
 * @param {Trace} run @param {number} [unit] */
export const weightsKey = ({ model, layer }, unit) => JSON.stringify([model.id, layer.name, unit]);

/** @param {import("./types.js").Openable} open */
const needsHead = (open) =>
  open.quantity === "answer" || (open.quantity === "sum" && open.needsHead === true);

/** The direction beside a run's, where the head reads both. @param {Trace} run
 * @param {AppState["head"]} head */
function otherDirection({ layer }, head) {
  if (!head || "detail" in head || !head.directions.some((one) => one.layer === layer.name)) return;
  return head.directions.find((one) => one.layer !== layer.name)?.layer;
}

/** @param {Store} store */
export function syncHead(store) {
  keep(store, ({ trace, open }) => {
    const run = open?.run ?? trace;
    if (!run || !open || !needsHead(open)) return null;
    const timesteps = run.steps.length;
    return {
      key: `${run.model.id} ${timesteps}`,
      none: { head: null },
      ask: async (signal) => ({ head: await fetchHead(run.model.id, timesteps, signal) }),
      fail: (detail) => ({ head: { detail } }),
    };
  });
}

/** @param {Store} store */
export function syncRunWeights(store) {
  keep(store, ({ trace, open }) => {
    if (!trace || !open?.run || weightsKey(trace) === weightsKey(open.run)) return null;
    if (["input", "answer", "sum"].includes(open.quantity)) return null;
    const { model, layer } = open.run;
    const key = weightsKey(open.run, open.unit);
    return {
      key,
      none: {},
      ask: async (signal) => {
        const weights = await fetchUnitWeights(model.id, layer.name, open.unit, signal);
        return { run_weights: { key, weights } };
      },
      fail: () => ({}),
    };
  });
}

/** @param {Store} store */
export function syncLayerBelow(store) {
  keep(store, ({ trace, open, summary, head }) => {
    const run = open?.run ?? trace;
    if (!run || !open) return null;
    const layer =
      open.quantity === "input"
        ? handedOn(run, summary?.recurrent ?? [], open)?.source?.layer
        : needsHead(open) && otherDirection(run, head);
    const input = run.asked;
    if (!layer) return null;
    const question = { ...input, model: run.model.id, layer, include: ["preactivations"] };
    return {
      key: JSON.stringify(question),
      none: { layer_below: null },
      ask: async (signal) => ({
        layer_below: input
          ? await fetchStep(question, signal)
          : { detail: "What was read is no longer known." },
      }),
      fail: (detail) => ({ layer_below: { detail } }),
    };
  });
}

/**
 * @typedef {object} Wanted
 * @property {string} key
 * @property {Partial<AppState>} none
 * @property {(signal: AbortSignal) => Promise<Partial<AppState>>} ask
 * @property {(detail: string) => Partial<AppState>} fail
 */

/**
 * Asks once for each thing that is wanted, and drops what has been overtaken.
 *
 * @param {Store} store
 * @param {(state: AppState) => Wanted | null} wanted
 */
function keep(store, wanted) {
  /** @type {Wanted | null} */
  let asked = null;
  const { ask } = resource({
    load: async (/** @type {Wanted} */ want, signal) => store.set(await want.ask(signal)),
    fail: ({ detail }) => asked && store.set(asked.fail(detail)),
  });

  function refresh() {
    const want = wanted(store.get());
    if (!want || want.key === asked?.key) return;
    asked = want;
    store.set(want.none);
    ask(want);
  }

  store.subscribe(refresh, ["open", "trace", "head"]);
}
