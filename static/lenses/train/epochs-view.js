/**
 * The same sentence after epoch 0, 1, 2, and so on. While it trains, the newest epoch is shown;
 * whoever moves the slider takes over.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Quantity} Quantity
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").EpochRow} EpochRow
 * @typedef {import("../../core/types.js").Trace} Trace
 * @typedef {import("../../core/types.js").Training} Training
 */
import { cellOf, keepingFactor } from "../../cells/kinds.js";
import { LETTERS, NAMES } from "../../cells/quantities.js";
import { capital } from "../../draw/text.js";
import { epochCaption } from "./epochs-words.js";
import { heatmapFigure } from "../../ui/heatmap.js";
import { rollOutFigure } from "../forecast/figure.js";
import { predictionFigure } from "../unrolled/prediction-figure.js";
import { trainingOf } from "../../core/visitor-models.js";
import { cursorOf } from "../../core/store.js";
import { isBegunHere, isOver } from "../../core/training-run.js";
import { el, find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { write } from "../../ui/caption.js";
import { RESET_FOR_MODEL } from "../../bar/model-picker.js";
import { cursorMover } from "../../ui/move-cursor.js";

const PACE = 900; // ms between two epochs that are shown by themselves

/** Sentences that show what a grammar's model learns. @type {Record<string, string>} */
const TELLING = {
  place: "I live in Pune but right now I stay in Hyderabad",
  sentiment: "the film was slow but in the end wonderful",
};

/**
 * The epoch of the visitor's training that the page shows, or null where it shows another model.
 *
 * @param {AppState} state
 */
export function epochShown({ model, training }) {
  if (!training || trainingOf(model) !== training.reading_id) return null;
  if (model === training.reading_id) return training.model_epoch;
  return Number(model.slice(training.reading_id.length + 1));
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountEpochs(root, store) {
  const slider = /** @type {HTMLInputElement} */ (find(root, "[type=range]"));
  const output = find(root, "output");
  const look = find(root, ".look");
  const show = find(root, "[data-show]");
  const shown = find(root, "[data-shown]");
  const gates = find(root, ".train-gates");
  const tried = find(root, "[data-try]");
  const title = find(root, "[data-epochs-title]");
  const sample = find(root, "[data-sample]");
  const foretold = find(root, "[data-figure=train-forecast]");
  /** @type {EpochRow["forecast"]} */
  let rolled = null;
  const forecast = mountFigure(foretold, store, {
    build: (_, { theme, width }) => (rolled ? rollOutFigure(rolled, { theme, width }) : null),
    keys: [],
  });
  let following = { id: "", since: 0 };
  let begun = ""; // the training that was followed from its first news

  const lastOf = () => store.get().training?.epochs.at(-1)?.epoch ?? null;

  /** @param {number} epoch */
  function go(epoch) {
    const { training } = store.get();
    if (!training) return;
    const model = `${training.reading_id}@${epoch}`;
    store.set({ model, ...RESET_FOR_MODEL, ...ownText(training, epoch) });
  }

  slider.addEventListener("input", () => {
    following.id = "";
    go(Number(slider.value));
  });
  show.addEventListener("click", () => go(lastOf() ?? 0));
  mountGates(root, store);

  /**
   * A training that is begun here is followed, until the visitor looks at something else. A short one
   * may be over when its first news comes.
   */
  function follow() {
    const { training } = store.get();
    const last = lastOf();
    if (!training || last === null) return;
    if (begun !== training.reading_id && isBegunHere(store, training)) {
      begun = training.reading_id;
      following = { id: begun, since: 0 };
    }
    if (following.id !== training.reading_id) return;
    if (training.model && isOver(training)) {
      following.id = "";
      const { reading_id: model, model_epoch: epoch } = training;
      store.set({ model, ...RESET_FOR_MODEL, ...ownText(training, epoch ?? 0) });
    } else if (!isOver(training) && Date.now() - following.since > PACE) {
      following.since = Date.now();
      go(last);
    }
  }

  function draw() {
    const state = store.get();
    const { training, trace } = state;
    const last = lastOf();
    root.hidden = last === null || training?.state === "lost";
    if (!training || last === null) return;
    const epoch = epochShown(state);
    slider.max = String(last);
    slider.value = String(epoch ?? last);
    slider.setAttribute("aria-valuetext", `after epoch ${slider.value} of ${last}`);
    output.textContent = `epoch ${slider.value} of ${last}`;
    show.hidden = epoch !== null;
    drawSample(training.epochs[Number(slider.value)]);
    const answered = epoch !== null && trace && trainingOf(trace.model.id) === training.reading_id;
    shown.hidden = !answered;
    write(look, answered ? epochCaption(trace, epoch, training) : "");
    gates.dataset.columns = (trace?.steps.length ?? 1) <= 14 ? "2" : "1";
    drawTry(answered ? trace : null);
  }

  /** What it writes or foretells after an epoch. @param {EpochRow | undefined} row */
  function drawSample(row) {
    sample.hidden = !row?.sample;
    sample.textContent = row?.sample ?? "";
    const before = rolled;
    rolled = row?.forecast ?? null;
    foretold.hidden = !rolled;
    if (rolled !== before) forecast.redraw();
    const what = rolled
      ? "What it foretells"
      : row?.sample
        ? "What it writes"
        : "The same sentence";
    title.textContent = `${what}, epoch by epoch`;
  }

  /** @param {import("../../core/types.js").Trace | null} trace */
  function drawTry(trace) {
    const { sentence, training } = store.get();
    const words = trace?.tokens ?? [];
    const count = words.filter(({ known }) => !known).length;
    const strange = count ? `It has never seen ${count} of these ${words.length} words. ` : "";
    const telling = TELLING[training?.settings.grammar ?? ""];
    const other = telling && sentence !== telling;
    tried.hidden = !other && !strange;
    tried.replaceChildren(
      ...(other
        ? [`${strange}Try a sentence that shows it: `, sentenceButton(store, telling)]
        : [strange]),
    );
  }

  store.subscribe(
    (state, before) => {
      const ours = following.id && trainingOf(state.model) === following.id;
      if (state.model !== before.model && !ours) following.id = "";
    },
    ["model"],
  );
  store.subscribe(() => onNextFrame(draw), ["training", "model", "trace"]);
  store.subscribe(follow, ["training"]);
  follow();
  draw();
}

/**
 * Of a model that writes, its own text after that epoch: it is what shows what it has learned.
 *
 * @param {Training} training
 * @param {number} epoch
 * @returns {Partial<AppState>}
 */
function ownText({ epochs }, epoch) {
  const text = epochs[epoch]?.sample;
  return text ? { sentence: text, timestep: null } : {};
}

/** What is shown of a cell: the gate that keeps, where it has one, and the memory.
 * @type {[part: string, of: (trace: Trace) => Quantity | undefined][]} */
const SHOWN = [
  ["gate", (trace) => keepingFactor(trace)?.quantity],
  ["memory", (trace) => cellOf(trace).states[0]],
];

/** @param {HTMLElement} heading @param {Quantity} quantity */
function entitle(heading, quantity) {
  heading.className = quantity;
  heading.replaceChildren(`${capital(NAMES[quantity])} `, el("var", {}, LETTERS[quantity]));
}

/**
 * The gates of the sentence in the bar, and what it would say.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 */
function mountGates(root, store) {
  const move = cursorMover(store);
  for (const [part, of] of SHOWN) {
    const host = el("figure", { class: "figure", "data-figure": `train-${part}` });
    const place = find(root, `[data-gates=${part}]`);
    place.append(host);
    mountFigure(host, store, {
      build: (trace, options) => {
        const quantity = of(trace);
        place.hidden = !quantity;
        if (!quantity) return null;
        entitle(find(place, "h4"), quantity);
        return heatmapFigure(trace, { ...options, quantity });
      },
      keys: [],
      onMark: (mark, open) => {
        const at = cursorOf(store.get());
        if (mark.timestep === at.timestep && mark.unit === at.unit) return open(mark);
        move(mark.timestep);
        store.set({ unit: mark.unit });
      },
    });
  }
  const host = el("figure", { class: "figure", "data-figure": "train-prediction" });
  find(root, "[data-gates=prediction]").append(host);
  mountFigure(host, store, {
    build: predictionFigure,
    keys: ["timestep"],
    onMark: (mark, open) => {
      const here = mark.timestep === cursorOf(store.get()).timestep;
      if (here || mark.quantity === "sum") open(mark);
      else move(mark.timestep);
    },
  });
}

/** A button that puts a sentence into the bar. @param {Store} store @param {string} sentence */
function sentenceButton(store, sentence) {
  const button = el("button", { type: "button", class: "quiet" }, el("bdi", {}, sentence));
  button.addEventListener("click", () =>
    store.set({ sentence, timestep: null, arrived: true, open: null }),
  );
  return button;
}
