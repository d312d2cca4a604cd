/**
 * The visitor's own models: show, download, delete.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Store} Store
 */
import { fileOf } from "../api.js";
import { removeMine, trainingOf } from "../mine.js";
import { deleted } from "./card.js";
import { el, find, refill } from "./dom.js";
import { schedule } from "./frame.js";
import { cellName } from "./own-read.js";
import { AFRESH } from "./picker.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountList(root, store) {
  const list = find(root, "ul");
  /** @type {string | null} the model that is to be deleted, were one sure */
  let doubtful = null;
  /** @type {Record<string, string>} what went wrong, by model */
  const troubles = {};

  /** @param {Model} model */
  async function remove({ id }) {
    if (doubtful !== id) {
      doubtful = id;
      return draw();
    }
    doubtful = null;
    const failed = await deleted(id);
    if (failed) {
      troubles[id] = failed;
      return draw();
    }
    if (trainingOf(store.get().model) === id) store.set({ model: "article", ...AFRESH });
    removeMine(store, id);
  }

  /** @param {Model} model */
  function line(model) {
    const { id, title, provenance, layers, total_parameters: total } = model;
    const current = store.get().model === id;
    const show = el(
      "button",
      { type: "button", class: "quiet", disabled: current, "aria-label": `Show ${title}` },
      current ? "Shown" : "Show",
    );
    show.addEventListener("click", () => store.set({ model: id, ...AFRESH }));
    const download = el("a", { class: "quiet", href: fileOf(id), download: true }, "Download");
    download.setAttribute("aria-label", `Download ${title}`);
    const sure = doubtful === id;
    const gone = el("button", { type: "button", class: "quiet" }, sure ? "For good?" : "Delete");
    gone.setAttribute("aria-label", sure ? `Delete ${title} for good?` : `Delete ${title}`);
    gone.addEventListener("click", () => remove(model));
    const kinds = [...new Set(layers.map(({ cell }) => cellName(cell)))].join(", ");
    const about = `${provenance.kind} · ${kinds} · ${total.toLocaleString("en-US")} parameters`;
    const trouble = troubles[id] ? [el("p", { class: "problem" }, troubles[id])] : [];
    return el(
      "li",
      { "aria-current": current ? "true" : null },
      el("span", { class: "own-name" }, el("bdi", {}, title), el("small", {}, about)),
      el("span", { class: "own-actions" }, show, download, gone),
      ...trouble,
    );
  }

  function draw() {
    const { mine } = store.get();
    root.hidden = mine.length === 0;
    refill(list, ...mine.map(line));
  }

  store.subscribe(() => schedule(draw), ["mine", "model"]);
  draw();
}
