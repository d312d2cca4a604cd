/**
 * The visitor's own models. The server lists them to nobody, so this browser remembers them, each
 * under the id that it is read by, which addresses and pictures of the page may show, and beside it
 * its owner's, which renames and deletes it and is shown nowhere.
 *
 * @typedef {import("./types.js").Model} Model
 * @typedef {import("./types.js").Store} Store
 */
import { fetchSummary } from "./api.js";
import { resource } from "./resource.js";

const KEY = "lstm-viz.models";
const MOST = 20; // the oldest go first

/** @returns {Model[]} the newest first */
export function readVisitorModels() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.id === "string") : [];
  } catch {
    return [];
  }
}

/** @param {Store} store @param {Model[]} visitor_models */
function keep(store, visitor_models) {
  try {
    localStorage.setItem(KEY, JSON.stringify(visitor_models));
  } catch {
    // no room, or no leave to keep anything: then they last as long as the page
  }
  store.set({ visitor_models });
}

/** A model as the server tells its owner of it, as it is remembered. @param {Model} row */
export const asVisitorModel = (row) =>
  row.reading_id ? { ...row, id: row.reading_id, owner: row.id } : row;

/** The id that renames and deletes a model. @param {Model[]} models @param {string} id */
export const ownerOf = (models, id) => models.find((model) => model.id === id)?.owner ?? id;

/** @param {Store} store @param {Model} row as the server answered */
export function addVisitorModel(store, row) {
  const model = asVisitorModel(row);
  const others = store.get().visitor_models.filter(({ id }) => id !== model.id);
  keep(store, [model, ...others].slice(0, MOST));
}

/**
 * Takes over a model's new title wherever it stands.
 *
 * @param {Store} store
 * @param {Model} row as the server answered
 */
export function renameVisitorModel(store, row) {
  const { id, title } = asVisitorModel(row);
  const { visitor_models, trace } = store.get();
  keep(
    store,
    visitor_models.map((model) => (model.id === id ? { ...model, title } : model)),
  );
  if (trace?.model.id === id) store.set({ trace: { ...trace, model: { ...trace.model, title } } });
}

/** @param {Store} store @param {string} id */
export function removeVisitorModel(store, id) {
  keep(
    store,
    store.get().visitor_models.filter((model) => model.id !== id),
  );
}

/**
 * Forgets a model that the server does not have any more, and learns of those that another tab has
 * added or removed.
 *
 * @param {Store} store
 */
export function syncVisitorModels(store) {
  store.subscribe(
    ({ error, layer, model, visitor_models }) => {
      const gone = error?.status === 404 && layer === null;
      if (gone && visitor_models.some(({ id }) => id === model)) removeVisitorModel(store, model);
    },
    ["error"],
  );
  addEventListener("storage", ({ key }) => {
    if (key === KEY) store.set({ visitor_models: readVisitorModels() });
  });
  const load = (/** @type {null} */ _, /** @type {AbortSignal} */ signal) =>
    giveReadingIds(store, signal);
  resource({ load, fail: () => {} }).ask(null);
}

/**
 * What was remembered before models had two ids has its owner's alone. The server knows the other.
 *
 * @param {Store} store
 * @param {AbortSignal} signal
 */
async function giveReadingIds(store, signal) {
  for (const { id } of store.get().visitor_models.filter(({ owner }) => !owner)) {
    const summary = await fetchSummary(id, 2, signal).catch((error) => {
      if (error.passing) throw error; // asked again by itself
      return null;
    });
    if (!summary || summary.id === id) continue;
    const named = (/** @type {Model} */ model) =>
      model.id === id ? { ...model, id: summary.id, owner: id } : model;
    keep(store, store.get().visitor_models.map(named));
    if (store.get().model === id) store.set({ model: summary.id });
  }
}

/** The training that a model id is an epoch of, or the model itself. @param {string} model */
export const trainingOf = (model) => model.split("@")[0];
