/**
 * The address bar and the store say the same: a link is a state, and back is the state before.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 */
import { trainingOf } from "./mine.js";
import { PROPS, fromQuery, toQuery } from "./store.js";

/** How long changes of one kind in a row are one step back, in ms: typing, moving. Without an entry
 * each change is a step of its own. */
const ONE_STEP = /** @type {Record<string, number>} */ ({
  sentence: 3000,
  token_ids: 3000,
  inputs: 3000,
  timestep: 1500,
  unit: 1500,
  pins: 1500,
});
const AT_ONCE = 50; // ms: what one change brings with it

/** @type {(keyof AppState)[]} a change of these is a step one can go back from */
const STEPS = [
  "sentence",
  "token_ids",
  "inputs",
  "model",
  "layer",
  "timestep",
  "unit",
  "return_sequences",
  "return_state",
  "pins",
  "compare",
];

/** @param {Store} store */
export function keepAddress(store) {
  const { standalone } = store.get();
  let last = { kind: "", at: 0 };
  let restoring = false;

  /**
   * A saved page has no address that could say a state: its history says it.
   *
   * @param {"pushState" | "replaceState"} how
   * @param {{open?: boolean} | null} mark
   */
  function write(how, mark) {
    const query = toQuery(store.get());
    if (standalone) history[how]({ ...mark, query }, "");
    else history[how](mark, "", `${location.pathname}${query}${location.hash}`);
  }
  // a word that the page chose is in the address too, for whoever comes back to it
  if (standalone || store.get().arrived) write("replaceState", standalone ? null : history.state);

  store.subscribe((state, before) => {
    if (restoring) return;
    // where an opened number takes the cursor is part of the step that opening it is
    if (state.open && state.open !== before.open) {
      if (before.open) write("replaceState", history.state);
      return;
    }
    const kind = STEPS.find((key) => !Object.is(state[key], before[key]));
    // a new sentence may move the cursor along: that is no step of the visitor's
    const carried = state.trace !== before.trace;
    if (!kind || carried) return write("replaceState", history.state);
    const since = Date.now() - last.at;
    // the epochs of one training are moved through as words are
    const sameTraining = trainingOf(state.model) === trainingOf(before.model);
    const span = (kind === "model" && sameTraining ? 3000 : ONE_STEP[kind]) ?? 0;
    const continues = since < AT_ONCE || (kind === last.kind && since < span);
    if (continues) write("replaceState", history.state);
    else write("pushState", null);
    last = { kind, at: Date.now() };
  }, /** @type {(keyof AppState)[]} */ (Object.keys(PROPS)));

  // an opened number is a step too, which closing goes back from
  store.subscribe(
    ({ open }, before) => {
      if (restoring) return;
      if (open && !before.open) write("pushState", { open: true });
      else if (!open && history.state?.open) history.back();
    },
    ["open"],
  );

  addEventListener("popstate", ({ state: entry }) => {
    if (standalone && !entry) return; // a link within the page
    restoring = true;
    last = { kind: "", at: 0 };
    store.set({ ...fromQuery(standalone ? entry.query : location.search), open: null });
    restoring = false;
  });
}
