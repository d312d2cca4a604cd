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
import { firstText, inputOf } from "./core/inputs.js";
import { ONE_PAGE, shownLens } from "./core/lenses.js";
import { syncLayerBelow, syncHead, syncRunWeights } from "./core/load-opened.js";
import { syncTrace, syncWeights } from "./core/load-trace.js";
import { syncVisitorModels, readVisitorModels } from "./core/visitor-models.js";
import { retryImport } from "./core/import-retry.js";
import { createStore, fromQuery } from "./core/store.js";
import { syncTraining } from "./core/training-run.js";
import { mountControls } from "./bar/controls.js";
import { mountLayers } from "./bar/layer-picker.js";
import { mountLenses } from "./bar/lenses-view.js";
import { mountShare } from "./bar/share.js";
import { mountStatus } from "./bar/status.js";
import { mountGuide, readGuide } from "./guide/guide.js";
import { withStep } from "./guide/guide-steps.js";
import { mountInspector } from "./inspector/view.js";
import { mountCell } from "./lenses/cell/view.js";
import { mountDrop } from "./lenses/own/drop-file.js";
import { viewsOf } from "./lenses/views-of-lens.js";
import { mountAnswer } from "./timeline/answer-view.js";
import { mountTimeline } from "./timeline/view.js";
import { find } from "./ui/dom.js";
import { keepEarlyOpening } from "./ui/early-open.js";
import { mountHide } from "./ui/hide.js";
import { mountLinkedSection } from "./ui/linked-section.js";
import { mountCellWording } from "./ui/cell-wording.js";
import { mountPreview } from "./ui/preview.js";

/** @typedef {import("./lenses/views-of-lens.js").Mount} Mount */

/** @type {Mount[]} */
const AT_ONCE = [
  ["#lenses", mountLenses],
  ["#timeline", mountTimeline],
  ["#bar", mountControls],
  ["#bar", mountLayers],
  ["#bar", mountStatus],
  ["main", mountCellWording],
  ["#inspector", mountInspector],
  ["#answer", mountAnswer],
  ["#guide", mountGuide],
  ["body", mountPreview],
  ["#take", mountShare],
  ["#own", mountDrop],
  ["body", mountHide],
  ["body", mountLinkedSection],
];

/**
 * A link that names a step of the guide alone means all that it sets, and the address then says so.
 *
 * @param {string} search
 * @param {boolean} standalone
 */
function openStep(search, standalone) {
  const whole = withStep(search, readGuide());
  if (whole !== search && !standalone) {
    history.replaceState(history.state, "", location.pathname + whole + location.hash);
  }
  return whole;
}

/** @returns {AppState} */
function initialState() {
  /** @type {Boot} */
  const boot = answerFrom(JSON.parse(find(document, "#boot").textContent ?? ""));
  const lenses = JSON.parse(find(document, "#lens-table").textContent ?? "");
  const search = openStep(boot.query ?? location.search, boot.standalone ?? false);
  const reads = boot.summary?.reads ?? { kind: "words", timesteps: null };
  const query = /** @type {AppState} */ (fromQuery(search));
  if (!new URLSearchParams(search).has("sentence"))
    query.sentence = firstText(reads, query.sentence);
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
    kept: null,
    preview: null,
    range: null,
    reads,
    whole_layer: boot.limits.whole_layer,
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

/** @type {Map<string, Promise<void>>} lenses whose views are there, or on their way */
const mounted = new Map();

/** @param {string} lens */
async function mountLens(lens) {
  mountAll(await viewsOf(lens));
}

/** Mounts the views of the lens that is shown; of all of them in the page that holds all. */
async function mountShown() {
  const { lenses } = store.get();
  const shown = shownLens(store.get());
  for (const { id } of lenses) {
    if (id !== shown && shown !== ONE_PAGE) continue;
    if (!mounted.has(id)) mounted.set(id, mountLens(id));
    await mounted.get(id);
  }
}

/** The cell draws at once, in a page that is as wide and as high as it stays. */
let drawn = false;
function mountFirst() {
  if (drawn || !["cell", ONE_PAGE].includes(shownLens(store.get()))) return;
  drawn = true;
  mountCell(find(document, "#cell"), store);
}

mountAll(AT_ONCE);
mountFirst();
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
store.subscribe(() => {
  mountFirst();
  mountShown();
}, ["lens"]);

const openEarly = keepEarlyOpening();
// what nobody sees at once comes once the first figure has been painted
requestAnimationFrame(() =>
  setTimeout(async () => {
    delete document.documentElement.dataset.drawing;
    const { AFTER_FIRST_FIGURE } = await retryImport(
      async () => await import("./lenses/after-first-figure.js"),
    );
    mountAll(AFTER_FIRST_FIGURE);
    openEarly();
    await mountShown();
    document.body.dataset.mounted = "all";
  }),
);
