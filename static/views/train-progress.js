/**
 * How a training goes: in words, as a bar, and as loss and accuracy after every epoch.
 *
 * @typedef {import("../types.js").Store} Store
 * @typedef {import("../types.js").Training} Training
 */
import { fileOf } from "../api.js";
import { progressText } from "../figures/progress.js";
import { trainingFigure } from "../figures/training.js";
import { endTraining, isOver } from "../training.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { schedule } from "./frame.js";
import { say } from "./status.js";
import { epochShown } from "./train-epochs.js";

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
    if (turns(training)) say(line.textContent);
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

  store.subscribe(() => schedule(draw), ["training"]);
  const { training } = store.get();
  if (training && isOver(training)) turns(training); // what an earlier visit has been told
  draw();
}

/** @param {import("../theme.js").Theme} theme @param {number} width */
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
