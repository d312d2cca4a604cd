/**
 * Builds the store from what the server wrote into the page and from the address, and mounts the
 * views.
 *
 * @typedef {import("./core/types.js").AppState} AppState
 * @typedef {import("./core/types.js").Boot} Boot
 * @typedef {import("./core/types.js").Store} Store
 */
import { answerFrom, withAnswer } from "./core/api.js";
import { openingCursor } from "./arithmetic/opening-cursor.js";
import { syncAddress } from "./core/address.js";
import { inputOf } from "./core/inputs.js";
import { inLensOrder } from "./core/lenses.js";
import { syncLayerBelow, syncHead, syncRunWeights } from "./core/load-opened.js";
import { syncTrace, syncWeights } from "./core/load-trace.js";
import { syncVisitorModels, readVisitorModels } from "./core/visitor-models.js";
import { retryImport } from "./core/import-retry.js";
import { createStore, fromQuery } from "./core/store.js";
import { syncTraining } from "./core/training-run.js";
import { mountCell } from "./lenses/cell/view.js";
import { mountContents } from "./bar/contents.js";
import { mountControls } from "./bar/controls.js";
import { mountDrop } from "./lenses/own/drop-file.js";
import { find } from "./ui/dom.js";
import { mountJsonAddress } from "./lenses/take/json-address.js";
import { mountHide } from "./ui/hide.js";
import { mountHeadline } from "./timeline/headline.js";
import { mountLinkedSection } from "./ui/linked-section.js";
import { mountLayers } from "./bar/layer-picker.js";
import { mountCellWording } from "./ui/cell-wording.js";
import { mountPreview } from "./ui/preview.js";
import { mountScrubber } from "./bar/scrubber.js";
import { mountStatus } from "./bar/status.js";
import { mountTour } from "./guide/tour.js";

/** @typedef {import("./lenses/after-first-figure.js").Mount} Mount */

/** @type {Mount[]} */
const AT_ONCE = [
  ["#bar", mountScrubber],
  ["#bar", mountControls],
  ["#bar", mountLayers],
  ["#bar", mountStatus],
  ["main", mountCellWording],
  ["#headline", mountHeadline],
  ["body", mountPreview],
  ["#tour", mountTour],
  [".contents", mountContents],
  ["#same-numbers", mountJsonAddress],
  ["#own", mountDrop],
  ["body", mountHide],
  ["body", mountLinkedSection],
  ["#cell", mountCell], // draws at once, in a page that is then as wide and as high as it stays
];

/** @returns {AppState} */
function initialState() {
  /** @type {Boot} */
  const boot = answerFrom(JSON.parse(find(document, "#boot").textContent ?? ""));
  const lenses = JSON.parse(find(document, "#lens-table").textContent ?? "");
  const query = /** @type {AppState} */ (fromQuery(boot.query ?? location.search));
  const reads = boot.summary?.reads ?? { kind: "words", timesteps: null };
  // what cannot be read is not what is shown
  const asked = inputOf(boot.error ? { ...query, token_ids: null, inputs: null } : query, reads);
  const trace = boot.trace && { ...withAnswer(boot.trace), asked };
  const chosen = query.timestep === null && trace ? openingCursor(trace) : null;
  return {
    ...query,
    lenses,
    ...(query.unit === 0 && chosen
      ? chosen
      : { timestep: query.timestep ?? chosen?.timestep ?? null }),
    arrived: chosen !== null,
    open: null,
    trail: [],
    lit: null,
    preview: null,
    reads,
    trace,
    summary: boot.summary,
    dropped: null,
    weights: null,
    unit_weights: null,
    head: null,
    run_weights: null,
    layer_below: null,
    models: boot.models,
    visitor_models: boot.standalone ? [] : readVisitorModels(),
    standalone: boot.standalone ?? false,
    training: null,
    status: boot.error ? "refused" : "ready",
    error: boot.error,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

const store = createStore(initialState());
/** @param {Mount[]} views */
function mountAll(views) {
  // a saved page leaves out what needs a server
  const there = views.filter(
    ([selector]) => !store.get().standalone || document.querySelector(selector),
  );
  for (const [selector, mount] of there) mount(find(document, selector), store);
}

mountAll(AT_ONCE);
syncAddress(store);
syncTrace(store, openingCursor);
syncWeights(store);
syncHead(store);
syncRunWeights(store);
syncLayerBelow(store);
if (!store.get().standalone) {
  syncTraining(store);
  syncVisitorModels(store);
}

// what stands further down comes once the first figure has been painted, and the end of the page
// when somebody begins to move through it
const moved = movement();
requestAnimationFrame(() =>
  setTimeout(async () => {
    delete document.documentElement.dataset.drawing;
    const { lenses } = store.get();
    const { AFTER_FIRST_FIGURE, LENSES_AFTER_FIRST_FIGURE } = await retryImport(
      async () => await import("./lenses/after-first-figure.js"),
    );
    mountAll([...inLensOrder(lenses, LENSES_AFTER_FIRST_FIGURE), ...AFTER_FIRST_FIGURE]);
    if (store.get().pins === null && scrollY === 0) await moved;
    const { LENSES_ON_FIRST_MOVE } = await retryImport(
      async () => await import("./lenses/on-first-move.js"),
    );
    mountAll(inLensOrder(lenses, LENSES_ON_FIRST_MOVE));
    document.body.dataset.mounted = "all";
  }),
);

/** @returns {Promise<void>} the first sign of somebody who reads on */
function movement() {
  const signs = ["scroll", "wheel", "keydown", "pointerdown", "focusin", "dragenter", "change"];
  return new Promise((resolve) => {
    for (const sign of signs) addEventListener(sign, () => resolve(undefined), { once: true });
  });
}
