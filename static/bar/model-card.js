/**
 * What people should know of a model: its task, what it learned from, how good it is, and what it
 * cannot do. The badge beside the model's name opens it.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Store} Store
 */
import { ApiError, deleteModel, fileOf } from "../core/api.js";
import { ownerOf, removeVisitorModel, trainingOf } from "../core/visitor-models.js";
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { RESET_FOR_MODEL } from "./model-picker.js";

/**
 * @param {HTMLElement} root a dialog
 * @param {Store} store
 */
export function mountCard(root, store) {
  const dialog = /** @type {HTMLDialogElement} */ (root);
  const download = /** @type {HTMLAnchorElement} */ (find(root, "[data-download]"));
  const remove = find(root, "[data-remove]");

  find(document, "#badge").addEventListener("click", () => {
    draw();
    dialog.showModal();
  });
  find(root, "[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  let sure = false;
  remove.addEventListener("click", async () => {
    if (!sure) {
      sure = true;
      return draw();
    }
    const { model, visitor_models } = store.get();
    const failed = await deleteVisitorModel(ownerOf(visitor_models, trainingOf(model)));
    if (failed) {
      remove.textContent = failed;
      return;
    }
    removeVisitorModel(store, trainingOf(model));
    store.set({ model: "article", ...RESET_FOR_MODEL });
    dialog.close();
  });
  dialog.addEventListener("close", () => (sure = false));

  function draw() {
    const state = store.get();
    const { trace, models, visitor_models } = state;
    if (!trace) return;
    const row = [...models, ...visitor_models].find(({ id }) => id === trace.model.id);
    find(root, "h2").textContent = trace.model.title;
    find(root, "[data-description]").textContent = row?.description ?? "";
    find(root, "[data-facts]").replaceChildren(...factsOf(state).map(fact));
    download.href = fileOf(trace.model.id);
    download.hidden = trace.model.provenance.kind === "seeded";
    remove.hidden = !visitor_models.some(({ id }) => id === trainingOf(trace.model.id));
    remove.textContent = sure ? "Delete it for good?" : "Delete the model";
  }

  store.subscribe(() => dialog.open && onNextFrame(draw), ["trace", "summary"]);
}

/**
 * @param {string} model its owner's id
 * @returns {Promise<string>} what was wrong, or nothing; what is gone already may go
 */
export async function deleteVisitorModel(model) {
  try {
    await deleteModel(model);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 404) return error.detail;
  }
  return "";
}

/**
 * @param {AppState} state
 * @returns {[string, unknown][]}
 */
function factsOf({ trace, summary }) {
  const card = Object.entries(summary?.card ?? {}).filter(([name]) => name !== "example");
  if (card.length || !trace) return card;
  const { kind, ...others } = /** @type {Record<string, unknown>} */ ({
    ...trace.model.provenance,
  });
  const learned = kind === "seeded" ? [["learned", "Nothing: its weights are random."]] : [];
  return /** @type {[string, unknown][]} */ ([...learned, ...Object.entries(others)]);
}

/** @param {[string, unknown]} entry */
function fact([name, value]) {
  const words = name.replaceAll("_", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const said = name === "seed" ? `${value}` : value; // a name, not a quantity
  return el("div", {}, el("dt", {}, title), el("dd", {}, content(said)));
}

/** @param {unknown} value @returns {Node | string} */
function content(value) {
  if (Array.isArray(value)) {
    return el("ul", {}, ...value.map((item) => el("li", {}, content(item))));
  }
  if (value !== null && typeof value === "object") {
    const lines = Object.entries(value).map(([name, inner]) =>
      el("li", {}, `${name.replaceAll("_", " ")}: `, content(inner)),
    );
    return el("ul", {}, ...lines);
  }
  return typeof value === "number" ? value.toLocaleString("en-US") : String(value ?? "");
}
