/**
 * The address bar and the store say the same: a link is a state, and back is the state before.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 */
import { goBack } from "./history-back.js";
import { trainingOf } from "./visitor-models.js";
import { PROPS, fromQuery, toQuery } from "./store.js";

/** How long changes of one kind in a row are one step back, in ms: typing, moving. Without an entry
 * each change is a step of its own. */
const ONE_STEP = /** @type {Record<string, number>} */ ({
  sentence: 3000,
  token_ids: 3000,
  inputs: 3000,
  swaps: 3000,
  timestep: 1500,
  unit: 1500,
  label: 1500,
  pins: 1500,
});
const AT_ONCE = 50; // ms: what one change brings with it

/** @type {(keyof AppState)[]} a change of these is a step one can go back from */
const STEPS = [
  "guide", // first: a step of the guide moves the cursor and more, and is one of its own all the same
  "sentence",
  "token_ids",
  "inputs",
  "model",
  "layer",
  "timestep",
  "unit",
  "label",
  "return_sequences",
  "return_state",
  "pins",
  "compare",
  "swaps",
  "lens",
  "depth",
  "theme",
];

/** Changes in a row that are one step back: ms from one to the next.
 * @param {keyof AppState} kind @param {AppState} state @param {AppState} before */
function spanOf(kind, state, before) {
  // the epochs of one training are moved through as words are, and another sentence is typed
  if (kind === "model") return trainingOf(state.model) === trainingOf(before.model) ? 3000 : 0;
  const typed = [state, before].every(({ compare }) => compare[0] === "sentence");
  if (kind === "compare") return typed ? 3000 : 0;
  return ONE_STEP[kind] ?? 0;
}

/** @param {Store} store */
export function syncAddress(store) {
  const { standalone } = store.get();
  /** @type {Map<number, Pick<AppState, "open" | "trail">>} what is open where an entry says so */
  const opened = new Map();
  let last = { kind: "", at: 0 };
  let restoring = false;
  // A step back from an opened number takes a busy browser some time: what changes meanwhile is
  // written when it has arrived, not into the entry that is being left.
  let returning = false;
  let changed = false;

  /**
   * A saved page has no address that could say a state: its history says it.
   *
   * @param {"pushState" | "replaceState"} how
   * @param {number} [back] entries back to where nothing was open, if the visitor has only opened
   *   numbers since
   */
  function write(how, back) {
    const { open, trail } = store.get();
    const query = toQuery(store.get());
    const key = performance.timeOrigin + opened.size; // of this visit alone
    if (open) opened.set(key, { open, trail });
    const entry = { ...(standalone && { query }), ...(open && { open: key, back }) };
    history[how](
      entry,
      "",
      standalone ? undefined : `${location.pathname}${query}${location.hash}`,
    );
  }
  // a word that the page chose is in the address too, for whoever comes back to it
  if (standalone || store.get().arrived) write("replaceState");

  /** @param {() => void} step back, which ends in a popstate */
  function goThere(step) {
    returning = true;
    changed = false;
    step();
  }

  /** An opened number is a step too, which closing goes back from.
   * @param {AppState} state @param {AppState} before */
  function keepOpen({ open }, before) {
    const back = history.state?.back;
    last = { kind: "", at: 0 };
    if (!open) return back ? goThere(() => history.go(-back)) : write("replaceState");
    if (before.open && open === before.trail.at(-1) && back > 1) return goThere(goBack);
    write("pushState", before.open ? back && back + 1 : 1);
  }

  store.subscribe(
    (state, before) => {
      if (restoring) return;
      if (returning) {
        changed = true;
        return;
      }
      const kind = STEPS.find((key) => !Object.is(state[key], before[key]));
      // where an opened number takes the cursor is part of the step that opening it is
      const opens = state.open && state.open !== before.open;
      if (opens || (!kind && state.open !== before.open)) return keepOpen(state, before);
      // a new sentence may move the cursor along: that is no step of the visitor's
      const carried = state.trace !== before.trace;
      if (!kind || carried) return write("replaceState", history.state?.back);
      const since = Date.now() - last.at;
      const continues =
        since < AT_ONCE || (kind === last.kind && since < spanOf(kind, state, before));
      if (continues) write("replaceState", history.state?.back);
      else write("pushState");
      last = { kind, at: Date.now() };
    },
    /** @type {(keyof AppState)[]} */ ([...Object.keys(PROPS), "open"]),
  );

  addEventListener("popstate", ({ state: entry }) => {
    if (standalone && !entry) return; // a link within the page
    const overtaken = returning && changed;
    returning = false;
    if (overtaken) {
      return store.get().open ? write("pushState", (entry?.back ?? 0) + 1) : write("replaceState");
    }
    restoring = true;
    last = { kind: "", at: 0 };
    const query = standalone ? entry.query : location.search;
    // the address names the word that was shown, whoever had chosen it
    store.set({ ...fromQuery(query), arrived: false, open: null, ...opened.get(entry?.open) });
    restoring = false;
  });
}
