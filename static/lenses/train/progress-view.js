/**
 * How a training goes: in words, as a bar, and as loss and accuracy after every epoch.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Training} Training
 */
import { fileOf } from "../../core/api.js";
import { progressText } from "./progress-words.js";
import { trainingFigure } from "./curves-figure.js";
import { endTraining, isOver } from "../../core/training-run.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { announce } from "../../ui/announce.js";
import { epochShown } from "./epochs-view.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountProgress(root, store) {
  const bar = /** @type {HTMLProgressElement} */ (find(root, "progress"));
  const line = find(root, "[data-line]");
  const cancel = find(root, "[data-cancel]");
  const download = /** @type {HTMLAnchorElement} */ (find(root, "[data-download]"));
  const host = find(root, "[data-figure]");
  let told = "";

  cancel.addEventListener("click", () => endTraining(store));
  mountFigure(host, store, {
    build: (_, { theme, width }, state) => {
      const { training } = state;
      const rows = training?.epochs ?? [];
      if (!rows.length) return waiting(theme, width);
      const epochs = training?.settings.epochs ?? 1;
      return trainingFigure(rows, { theme, width, epoch: epochShown(state), epochs });
    },
    keys: ["training", "model"],
    about: ({ training }) => (training ? [`Model: ${training.title}`] : []),
  });

  function draw() {
    const { training } = store.get();
    if (!training) return;
    const over = isOver(training);
    root.dataset.state = training.state;
    line.textContent = progressText(training);
    if (turns(training)) announce(line.textContent);
    bar.hidden = over;
    bar.max = training.settings.epochs;
    bar.value = training.epochs.at(-1)?.epoch ?? 0;
    cancel.hidden = over;
    download.hidden = !training.model;
    if (training.model) download.href = fileOf(training.reading_id);
  }

  /** Whether there is news to be spoken: a turn or a quarter of the way, not every epoch.
   * @param {Training} training */
  function turns({ state, cut, epochs, settings }) {
    const quarter = Math.floor((4 * epochs.length) / settings.epochs);
    const now = `${state} ${cut ?? false} ${quarter}`;
    const news = now !== told;
    told = now;
    return news;
  }

  store.subscribe(() => onNextFrame(draw), ["training"]);
  const { training } = store.get();
  if (training && isOver(training)) turns(training); // what an earlier visit has been told
  draw();
}

/** @param {import("../../core/theme.js").Theme} theme @param {number} width */
function waiting(theme, width) {
  const row = { epochs: 1, loss: 0, accuracy: 0, val_loss: null, val_accuracy: null };
  const empty = trainingFigure([{ ...row, epoch: 0, seconds_left: 0 }], {
    theme,
    width,
    epoch: null,
    epochs: 1,
  });
  const layout = { ...empty.layout, annotations: [] };
  layout.meta = { label: "Nothing has been learned yet.", table: { columns: ["epoch"], rows: [] } };
  return { data: [], layout };
}
