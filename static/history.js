/**
 * The address bar and the store say the same: a link is a state, and back is the state before.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Store} Store
 */
import { trainingOf } from "./mine.js";
import { PROPS, fromQuery, toQuery } from "./store.js";

const SAME_EDIT = 3000; // ms: keys closer together than this are one step back

/** @type {(keyof AppState)[]} a change of these is a step one can go back from */
const STEPS = ["sentence", "model", "layer"];

/** @param {Store} store */
export function keepAddress(store) {
  let lastEdit = 0;
  let restoring = false;

  store.subscribe((state, before) => {
    if (restoring) return;
    const address = `${location.pathname}${toQuery(state)}${location.hash}`;
    const isStep = STEPS.some((key) => state[key] !== before[key]);
    const sameModel = trainingOf(state.model) === trainingOf(before.model); // perhaps at another epoch
    const continues = sameModel && Date.now() - lastEdit < SAME_EDIT;
    if (isStep && !continues) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    if (isStep) lastEdit = Date.now();
  }, /** @type {(keyof AppState)[]} */ (Object.keys(PROPS)));

  addEventListener("popstate", () => {
    restoring = true;
    lastEdit = 0;
    store.set({ ...fromQuery(location.search), open: null });
    restoring = false;
  });
}
