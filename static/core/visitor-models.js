/**
 * The visitor's own models. The server lists them to nobody, so this browser remembers them.
 *
 * @typedef {import("./types.js").Model} Model
 * @typedef {import("./types.js").Store} Store
 */
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

/** @param {Store} store @param {Model} model */
export function addVisitorModel(store, model) {
  const others = store.get().visitor_models.filter(({ id }) => id !== model.id);
  keep(store, [model, ...others].slice(0, MOST));
}

/**
 * Takes over a model's new title wherever it stands.
 *
 * @param {Store} store
 * @param {Model} model as the server answered
 */
export function renameVisitorModel(store, { id, title }) {
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
}

/** The training that a model id is an epoch of, or the model itself. @param {string} model */
export const trainingOf = (model) => model.split("@")[0];
