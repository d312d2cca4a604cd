/**
 * The visitor's own models: show, rename, download, delete.
 *
 * @typedef {import("../../core/types.js").Model} Model
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, fileOf, renameModel } from "../../core/api.js";
import { removeVisitorModel, renameVisitorModel, trainingOf } from "../../core/visitor-models.js";
import { deleteVisitorModel } from "../../bar/model-card.js";
import { el, find, refill } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { kindOf } from "../../cells/kinds.js";
import { RESET_FOR_MODEL } from "../../bar/model-picker.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountModelList(root, store) {
  const list = find(root, "ul");
  /** @type {string | null} the model that is to be deleted, were one sure */
  let doubtful = null;
  /** @type {string | null} the model whose title is being changed */
  let renamed = null;
  /** @type {Record<string, string>} what went wrong, by model */
  const troubles = {};

  /** @param {string | null} id the model to rename, or null for no more */
  function rename(id) {
    const before = renamed;
    renamed = id;
    if (before) delete troubles[before];
    draw();
    if (id) /** @type {HTMLInputElement} */ (find(list, ".own-rename input")).select();
    else if (before) find(list, `[data-rename="${before}"]`).focus({ preventScroll: true });
  }

  /** The title as a field. @param {Model} model @param {string} [typed] what was refused */
  function titleForm({ id, title }, typed = title) {
    const input = el("input", { type: "text", maxlength: 100, required: true, value: typed });
    input.setAttribute("aria-label", `New title of ${title}`);
    const form = el(
      "form",
      { class: "own-rename", autocomplete: "off" },
      input,
      el("button", { class: "quiet" }, "Save"),
    );
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      rename(null);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        renameVisitorModel(store, await renameModel(id, input.value.trim()));
        rename(null);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        troubles[id] = error.detail;
        draw(input.value);
      }
    });
    return form;
  }

  /** @param {Model} model */
  async function remove({ id }) {
    if (doubtful !== id) {
      doubtful = id;
      return draw();
    }
    doubtful = null;
    const failed = await deleteVisitorModel(id);
    if (failed) {
      troubles[id] = failed;
      return draw();
    }
    if (trainingOf(store.get().model) === id) store.set({ model: "article", ...RESET_FOR_MODEL });
    removeVisitorModel(store, id);
  }

  /** @param {Model} model @param {string} [typed] */
  function line(model, typed) {
    const { id, title, provenance, layers, total_parameters: total } = model;
    const current = store.get().model === id;
    const show = el(
      "button",
      { type: "button", class: "quiet", disabled: current },
      current ? "Shown" : "Show",
      el("span", { class: "unseen" }, ` ${title}`),
    );
    show.addEventListener("click", () => store.set({ model: id, ...RESET_FOR_MODEL }));
    const download = el("a", { class: "quiet", href: fileOf(id), download: true }, "Download");
    download.setAttribute("aria-label", `Download ${title}`);
    const name = el("button", { type: "button", class: "quiet", "data-rename": id }, "Rename");
    name.setAttribute("aria-label", `Rename ${title}`);
    name.addEventListener("click", () => rename(id));
    const sure = doubtful === id;
    const gone = el("button", { type: "button", class: "quiet" }, sure ? "For good?" : "Delete");
    gone.setAttribute("aria-label", sure ? `Delete ${title} for good?` : `Delete ${title}`);
    gone.addEventListener("click", () => remove(model));
    const kinds = [...new Set(layers.map((layer) => kindOf(layer).name))].join(", ");
    const about = `${provenance.kind} · ${kinds} · ${total.toLocaleString("en-US")} parameters`;
    const trouble = troubles[id] ? [el("p", { class: "problem" }, troubles[id])] : [];
    return el(
      "li",
      { "aria-current": current ? "true" : null },
      renamed === id
        ? titleForm(model, typed)
        : el("span", { class: "own-name" }, el("bdi", {}, title), el("small", {}, about)),
      el("span", { class: "own-actions" }, show, name, download, gone),
      ...trouble,
    );
  }

  /** @param {string} [typed] a title that was refused, and stays in its field */
  function draw(typed) {
    const { visitor_models } = store.get();
    root.hidden = visitor_models.length === 0;
    refill(list, ...visitor_models.map((model) => line(model, typed)));
  }

  store.subscribe(() => onNextFrame(() => draw()), ["visitor_models", "model"]);
  draw();
}
