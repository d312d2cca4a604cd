/**
 * Builds the store from what the server wrote into the page and from the address, and mounts the
 * views.
 *
 * @typedef {import("./types.js").AppState} AppState
 * @typedef {import("./types.js").Boot} Boot
 * @typedef {import("./types.js").Store} Store
 */
import { answerFrom, withAnswer } from "./api.js";
import { openingAt } from "./figures/opening.js";
import { keepAddress } from "./history.js";
import { inputOf } from "./inputs.js";
import { keepBeneath, keepHead, keepRunWeights } from "./heads.js";
import { keepLoaded, keepWeights } from "./load.js";
import { keepMine, readMine } from "./mine.js";
import { untilThere } from "./patience.js";
import { createStore, fromQuery } from "./store.js";
import { keepTraining } from "./training.js";
import { mountCell } from "./views/cell.js";
import { mountContents } from "./views/contents.js";
import { mountControls } from "./views/controls.js";
import { mountDrop } from "./views/drop.js";
import { find } from "./views/dom.js";
import { mountFoot } from "./views/foot.js";
import { mountHide } from "./views/hide.js";
import { mountHeadline } from "./views/headline.js";
import { mountLanding } from "./views/landing.js";
import { mountLayers } from "./views/layers.js";
import { mountOtherCell } from "./views/other-cell.js";
import { mountPreview } from "./views/preview.js";
import { mountScrubber } from "./views/scrubber.js";
import { mountStatus } from "./views/status.js";
import { mountTour } from "./views/tour.js";

/** @type {[string, (root: HTMLElement, store: Store) => void][]} */
const VIEWS = [
  ["#bar", mountScrubber],
  ["#bar", mountControls],
  ["#bar", mountLayers],
  ["#bar", mountStatus],
  ["main", mountOtherCell],
  ["#headline", mountHeadline],
  ["body", mountPreview],
  ["#tour", mountTour],
  [".contents", mountContents],
  ["#same-numbers", mountFoot],
  ["#own", mountDrop],
  ["body", mountHide],
  ["body", mountLanding],
  ["#cell", mountCell], // draws at once, in a page that is then as wide and as high as it stays
];

/** @returns {AppState} */
function initialState() {
  /** @type {Boot} */
  const boot = answerFrom(JSON.parse(find(document, "#boot").textContent ?? ""));
  const query = /** @type {AppState} */ (fromQuery(boot.query ?? location.search));
  const reads = boot.summary?.reads ?? { kind: "words", timesteps: null };
  // what cannot be read is not what is shown
  const asked = inputOf(boot.error ? { ...query, token_ids: null, inputs: null } : query, reads);
  const trace = boot.trace && { ...withAnswer(boot.trace), asked };
  const chosen = query.timestep === null && trace ? openingAt(trace) : null;
  return {
    ...query,
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
    beneath: null,
    models: boot.models,
    mine: boot.standalone ? [] : readMine(),
    standalone: boot.standalone ?? false,
    training: null,
    status: boot.error ? "refused" : "ready",
    error: boot.error,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

const store = createStore(initialState());
/** @param {[string, (root: HTMLElement, store: Store) => void][]} views */
function mountAll(views) {
  // a saved page leaves out what needs a server
  const there = views.filter(
    ([selector]) => !store.get().standalone || document.querySelector(selector),
  );
  for (const [selector, mount] of there) mount(find(document, selector), store);
}

mountAll(VIEWS);
keepAddress(store);
keepLoaded(store);
keepWeights(store);
keepHead(store);
keepRunWeights(store);
keepBeneath(store);
if (!store.get().standalone) {
  keepTraining(store);
  keepMine(store);
}

// what stands further down comes once the first figure has been painted, and the end of the page
// when somebody begins to move through it
const moved = movement();
requestAnimationFrame(() =>
  setTimeout(async () => {
    delete document.documentElement.dataset.drawing;
    const { LATER } = await untilThere(async () => await import("./later.js"));
    mountAll(LATER);
    if (store.get().pins === null && scrollY === 0) await moved;
    const { FAR } = await untilThere(async () => await import("./far.js"));
    mountAll(FAR);
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
