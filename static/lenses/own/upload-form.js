/**
 * A model file on its way: chosen or dropped, sent at once, and sent again with what it does not
 * say. It stays chosen whatever the server answers.
 *
 * @typedef {import("../../core/types.js").Model} Model
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, deleteModel } from "../../core/api.js";
import {
  addVisitorModel,
  asVisitorModel,
  ownerOf,
  removeVisitorModel,
} from "../../core/visitor-models.js";
import {
  isReadable,
  serverDetailOf,
  sizeText,
  unreadable,
  uploadModel,
} from "../../core/upload.js";
import { el, find } from "../../ui/dom.js";
import { RESET_FOR_MODEL } from "../../bar/model-picker.js";
import { announce, announceIn } from "../../ui/announce.js";

/**
 * @param {HTMLFormElement} form
 * @param {Store} store
 */
export function mountUpload(form, store) {
  const drop = find(form, "[data-drop]");
  const input = /** @type {HTMLInputElement} */ (find(drop, "[type=file]"));
  const title = find(drop, ".drop-line");
  const progress = find(form, "[data-progress]");
  const line = find(form, "[data-line]");
  const bar = /** @type {HTMLProgressElement} */ (find(form, "progress"));
  const problem = find(form, "[data-problem]");
  const again = /** @type {HTMLButtonElement} */ (find(form, "[data-again]"));
  /** @type {File[]} one, or several that are one model */
  let files = [];
  /** @type {string | null} the model that came of this very file */
  let last = null;
  let cancel = () => {};
  let sending = false;

  const names = () => files.map(({ name }) => name).join(", ");
  const size = () => files.reduce((sum, file) => sum + file.size, 0);

  /** @param {File[]} chosen */
  function choose(chosen) {
    if (sending) return;
    files = chosen;
    last = null;
    title.replaceChildren(
      el("b", {}, el("bdi", {}, names())),
      ` · ${sizeText(size())} · drop or `,
      el("u", {}, "choose another"),
    );
    find(form, "[data-again-note]").textContent =
      "Reading it again takes the place of the model that was made of it before.";
    send();
  }

  /** @param {string} detail @param {boolean} [passing] whether the same may succeed later */
  function complain(detail, passing = false) {
    announceIn(problem, detail);
    problem.hidden = !detail;
    if (!passing) return;
    const retry = el("button", { type: "button", class: "link" }, "Try again");
    retry.addEventListener("click", send);
    problem.append(" ", retry);
  }

  async function send() {
    if (files.length === 0 || sending) return;
    const limit = Number(form.dataset.limit);
    if (size() > limit) {
      const most = `${Math.floor(limit / 2 ** 20)} MiB`;
      return complain(`${names()} has ${sizeText(size())}; the limit is ${most}.`);
    }
    sending = true;
    const there = await Promise.all(files.map(isReadable));
    sending = there.every(Boolean);
    if (!sending) return complain(unreadable(files[there.indexOf(false)].name));
    again.disabled = true;
    complain("");
    progress.hidden = false;
    announceIn(line, `Sending ${names()}…`);
    bar.value = 0;
    const body = new FormData();
    for (const file of files) body.append("file", file, file.name);
    for (const [name, value] of serverDetailOf(new FormData(form))) body.append(name, value);
    const upload = uploadModel(body, (share) => {
      bar.value = share;
      if (share === 1) {
        announceIn(line, `Reading ${names()}…`);
        bar.removeAttribute("value");
      }
    });
    cancel = upload.cancel;
    try {
      arrived(await upload.done);
    } catch (error) {
      if (error instanceof ApiError) complain(error.detail, error.passing);
      else if (!(error instanceof DOMException)) throw error;
    } finally {
      sending = false;
      again.disabled = false;
      progress.hidden = true;
    }
  }

  /** @param {Model} row */
  function arrived(row) {
    const { id: shown } = asVisitorModel(row);
    const { model, token_ids: ids, inputs, models, visitor_models } = store.get();
    const before = [...models, ...visitor_models].find(({ id }) => id === last);
    // the same file once more: what was typed for it stands
    const same = last === model && before?.reads?.kind === row.reads?.kind;
    addVisitorModel(store, row);
    const kept = same ? { token_ids: ids, inputs } : { timestep: null, arrived: true };
    store.set({ model: shown, ...RESET_FOR_MODEL, ...kept });
    if (last) replaced(last);
    last = shown;
    announce(`${row.title} has been read. The page shows it now.`);
  }

  /** @param {string} id */
  async function replaced(id) {
    const owner = ownerOf(store.get().visitor_models, id);
    removeVisitorModel(store, id);
    // what cannot be deleted now is the server's to forget
    await deleteModel(owner).catch(() => {});
  }

  function take() {
    const chosen = [...(input.files ?? [])];
    input.value = "";
    if (chosen.length > 0) choose(chosen);
  }

  input.addEventListener("change", take);
  find(form, "[data-cancel]").addEventListener("click", () => cancel());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  mountVocabulary(form, complain);
  take(); // what was chosen or dropped before there was anybody to take it
}

/**
 * A vocabulary's file goes into the text box, where it can be seen before it is sent.
 *
 * @param {HTMLFormElement} form
 * @param {(detail: string) => void} complain
 */
function mountVocabulary(form, complain) {
  const input = /** @type {HTMLInputElement} */ (find(form, "[data-vocabulary]"));
  const text = /** @type {HTMLTextAreaElement} */ (find(form, "#own-vocabulary"));
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    try {
      text.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      complain("");
    } catch {
      complain(`${file.name} is not UTF-8 text. Save it as UTF-8 and open it again.`);
    }
  });
}
