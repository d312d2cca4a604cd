/**
 * Builds the store from what the server wrote into the page and from the address, and mounts the
 * views.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Boot} Boot
 * @typedef {import("./types.js").Store} Store
 */
import { keepAddress } from "./history.js";
import { keepLoaded, keepWeights } from "./load.js";
import { keepMine, readMine } from "./mine.js";
import { createStore, fromQuery } from "./store.js";
import { keepTraining } from "./training.js";
import { mountArithmetic } from "./views/arithmetic.js";
import { mountCard } from "./views/card.js";
import { mountCell } from "./views/cell.js";
import { mountCompare } from "./views/compare.js";
import { mountContents } from "./views/contents.js";
import { mountControls } from "./views/controls.js";
import { find } from "./views/dom.js";
import { mountFoot } from "./views/foot.js";
import { mountGlance } from "./views/glance.js";
import { mountHeadline } from "./views/headline.js";
import { mountHeld, mountHold } from "./views/hold.js";
import { mountMemory } from "./views/memory.js";
import { mountModel } from "./views/model.js";
import { mountOtherCell } from "./views/other-cell.js";
import { mountPaths } from "./views/paths.js";
import { mountPrediction } from "./views/prediction.js";
import { mountPreview } from "./views/preview.js";
import { mountReturns } from "./views/returns.js";
import { mountScores } from "./views/scores.js";
import { mountScrubber } from "./views/scrubber.js";
import { mountStatus } from "./views/status.js";
import { mountSwaps } from "./views/swaps.js";
import { mountUnits } from "./views/units.js";
import { mountTelling } from "./views/telling.js";
import { mountTrain } from "./views/train.js";
import { mountUnrolled } from "./views/unrolled.js";
import { mountWhy } from "./views/why.js";
import { mountWorked } from "./views/worked.js";

/** @type {[string, (root: HTMLElement, store: Store) => void][]} */
const VIEWS = [
  ["#bar", mountScrubber],
  ["#bar", mountControls],
  ["#bar", mountStatus],
  ["#bar", mountHeld],
  ["main", mountOtherCell],
  ["#headline", mountHeadline],
  ["#why", mountWhy],
  ["#cell", mountCell],
  ["#paths", mountPaths],
  ["#worked", mountWorked],
  ["#unrolled", mountUnrolled],
  ["#prediction", mountPrediction],
  ["#returns", mountReturns],
  ["#model", mountModel],
  ["#glance", mountGlance],
  ["#units", mountUnits],
  ["#memory", mountMemory],
  ["#scores", mountScores],
  ["#hold", mountHold],
  ["#compare", mountCompare],
  ["#swaps", mountSwaps],
  ["#train", mountTrain],
  ["#card", mountCard],
  ["#telling", mountTelling],
  ["#arithmetic", mountArithmetic],
  ["body", mountPreview],
  [".contents", mountContents],
  [".foot", mountFoot],
];

/** @returns {AppState} */
function initialState() {
  /** @type {Boot} */
  const boot = JSON.parse(find(document, "#boot").textContent ?? "");
  return {
    .../** @type {AppState} */ (fromQuery(location.search)),
    open: null,
    lit: null,
    preview: null,
    trace: boot.trace,
    summary: boot.summary,
    weights: null,
    unit_weights: null,
    models: boot.models,
    mine: readMine(),
    training: null,
    status: boot.error ? "refused" : "ready",
    error: boot.error,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

const store = createStore(initialState());
for (const [selector, mount] of VIEWS) mount(find(document, selector), store);
keepAddress(store);
keepLoaded(store);
keepWeights(store);
keepTraining(store);
keepMine(store);
for (const id of store.get().hide) {
  const link = document.querySelector(`.contents a[href="#${CSS.escape(id)}"]`);
  document.getElementById(id)?.setAttribute("hidden", "");
  link?.parentElement?.setAttribute("hidden", "");
}
