/**
 * The visitor's own models. The server lists them to nobody, so this browser remembers them, each
 * under the id that it is read by, which addresses and pictures of the page may show, and beside it
 * its owner's, which renames and deletes it and is shown nowhere.
 *
 * @typedef {import("./types.js").Model} Model
 * @typedef {import("./types.js").Store} Store
 */
import { fetchSummary } from "./api.js";

const KEY = "lstm-viz.models";
const MOST = 20; // the oldest go first

/** @returns {Model[]} the newest first */
export function readMine() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.id === "string") : [];
  } catch {
    return [];
  }
}

/** @param {Store} store @param {Model[]} mine */
function keep(store, mine) {
  try {
    localStorage.setItem(KEY, JSON.stringify(mine));
  } catch {
    // no room, or no leave to keep anything: then they last as long as the page
  }
  store.set({ mine });
}

/** A model as the server tells its owner of it, as it is remembered. @param {Model} row */
export const asMine = (row) =>
  row.reading_id ? { ...row, id: row.reading_id, owner: row.id } : row;

/** The id that renames and deletes a model. @param {Model[]} mine @param {string} id */
export const ownerOf = (mine, id) => mine.find((model) => model.id === id)?.owner ?? id;

/** @param {Store} store @param {Model} row as the server answered */
export function addMine(store, row) {
  const model = asMine(row);
  const others = store.get().mine.filter(({ id }) => id !== model.id);
  keep(store, [model, ...others].slice(0, MOST));
}

/**
 * Takes over a model's new title wherever it stands.
 *
 * @param {Store} store
 * @param {Model} row as the server answered
 */
export function renameMine(store, row) {
  const { id, title } = asMine(row);
  const { mine, trace } = store.get();
  keep(
    store,
    mine.map((model) => (model.id === id ? { ...model, title } : model)),
  );
  if (trace?.model.id === id) store.set({ trace: { ...trace, model: { ...trace.model, title } } });
}

/** @param {Store} store @param {string} id */
export function removeMine(store, id) {
  keep(
    store,
    store.get().mine.filter((model) => model.id !== id),
  );
}

/**
 * Forgets a model that the server does not have any more, and learns of those that another tab has
 * added or removed.
 *
 * @param {Store} store
 */
export function keepMine(store) {
  store.subscribe(
    ({ error, layer, model, mine }) => {
      const gone = error?.status === 404 && layer === null;
      if (gone && mine.some(({ id }) => id === model)) removeMine(store, model);
    },
    ["error"],
  );
  addEventListener("storage", ({ key }) => {
    if (key === KEY) store.set({ mine: readMine() });
  });
  giveReadingIds(store);
}

/**
 * What was remembered before models had two ids has its owner's alone. The server knows the other.
 *
 * @param {Store} store
 */
async function giveReadingIds(store) {
  for (const { id } of store.get().mine.filter(({ owner }) => !owner)) {
    const { signal } = new AbortController();
    const summary = await fetchSummary(id, 2, signal).catch(() => null);
    if (!summary || summary.id === id) continue;
    const named = (/** @type {Model} */ model) =>
      model.id === id ? { ...model, id: summary.id, owner: id } : model;
    keep(store, store.get().mine.map(named));
    if (store.get().model === id) store.set({ model: summary.id });
  }
}

/** The training that a model id is an epoch of, or the model itself. @param {string} model */
export const trainingOf = (model) => model.split("@")[0];
