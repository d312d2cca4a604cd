/**
 * Keeps the visitor's training in step with the server: from its start to its end, through broken
 * connections, and through reloads of the page.
 *
 * @typedef {import("./types.js").Store} Store
 * @typedef {import("./types.js").Training} Training
 */
import { ApiError, cancelTraining, fetchTraining, followTraining, startTraining } from "./api.js";
import { resource } from "./resource.js";
import { addVisitorModel } from "./visitor-models.js";

const KEY = "lstm-viz.training";
const PATIENCE = 3000; // ms before the next attempt while nobody answers

/** @type {WeakMap<Store, string>} the training that was begun last, whose answers count */
const attended = new WeakMap();
/** @type {WeakMap<Store, ReturnType<typeof resource<string>>>} what asks where it stands */
const asking = new WeakMap();
/** @type {WeakMap<Store, string>} the training that was begun last on this page, not found again */
const begun = new WeakMap();

/** @param {string | null} job */
function remember(job) {
  try {
    if (job === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, job);
  } catch {
    // then a reload loses sight of it
  }
}

/** Finds the training again that was under way. @param {Store} store */
export function syncTraining(store) {
  let job = null;
  try {
    job = localStorage.getItem(KEY);
  } catch {
    return;
  }
  if (!job) return;
  attended.set(store, job);
  attend(store, job);
}

/**
 * @param {Store} store
 * @param {Record<string, unknown>} lesson
 * @returns {Promise<string>} what was wrong, or nothing
 */
export async function beginTraining(store, lesson) {
  try {
    const { job } = await startTraining(lesson);
    remember(job);
    attended.set(store, job);
    begun.set(store, job);
    attend(store, job);
    return "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.detail;
  }
}

/** @param {Store} store */
export async function endTraining(store) {
  const job = store.get().training?.job;
  if (!job) return;
  try {
    const training = await cancelTraining(job);
    if (attended.get(store) === job) update(store, training);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { training } = store.get();
    if (error.status === 404) lose(store, job);
    else if (training?.job === job) update(store, { ...training, cut: true });
  }
}

/** Whether the visitor began a training on this page. @param {Store} store @param {Training} training */
export const isBegunHere = (store, { job }) => begun.get(store) === job;

/** @param {Training} training */
export const isOver = ({ state }) => state !== "waiting" && state !== "running";

/** @param {Store} store @param {Training} training */
function update(store, training) {
  const before = store.get().training;
  store.set({ training });
  const news = training.model && before?.model?.id !== training.model.id;
  if (news && training.model) addVisitorModel(store, training.model);
}

/** @param {Store} store @param {string} job */
function lose(store, job) {
  remember(null);
  const known = store.get().training;
  if (known?.job === job && !isOver(known)) store.set({ training: { ...known, state: "lost" } });
}

/**
 * Asks where a training stands, and follows it.
 *
 * @param {Store} store
 * @param {string} job
 * @param {number} [delay] in ms
 */
function attend(store, job, delay) {
  if (attended.get(store) !== job) return; // another one has been begun
  const known = asking.get(store) ?? askerOf(store);
  asking.set(store, known);
  known.ask(job, delay);
}

/** @param {Store} store */
const askerOf = (store) =>
  resource({
    load: async (/** @type {string} */ job, signal) => {
      const training = await fetchTraining(job, signal);
      if (signal.aborted) return;
      update(store, training);
      if (!isOver(training)) follow(store, job);
    },
    fail: ({ passing }) => {
      const job = attended.get(store);
      if (!passing && job) lose(store, job);
    },
    pauses: [PATIENCE],
  });

/** @param {Store} store @param {string} job */
function follow(store, job) {
  /** The training, while it is the one that is shown and goes on: a late event ends nothing twice. */
  const current = () => {
    const { training } = store.get();
    return training?.job === job && !isOver(training) ? training : null;
  };
  /** @param {Partial<Training>} change */
  const change = (change) => {
    const training = current();
    if (training) update(store, { ...training, ...change });
  };
  const stop = followTraining(job, {
    event: (name, data) => {
      const training = current();
      if (!training) return stop();
      if (name !== "epoch") return attend(store, job);
      const epochs = training.epochs ?? [];
      if (data.epoch < epochs.length) return; // it was known before the connection was made
      change({ state: "running", place: null, cut: false, epochs: [...epochs, data] });
    },
    connection: (cut) => change({ cut }),
    end: () => {
      if (!current()) return;
      change({ cut: true });
      attend(store, job, PATIENCE);
    },
  });
}
