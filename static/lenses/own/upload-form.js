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
import { fieldsOf } from "./choices.js";
import { refusalNodes } from "./refusal.js";

/**
 * @typedef {object} Upload
 * @property {(model: string, option: string, value: unknown, said: Record<string, unknown>) => boolean}
 *   sayAgain reads the file of a model again with one more thing said of it; false where the file is
 *   not here any more: it is read so as soon as it is chosen, with what had been `said` of it
 * @property {(model: string) => string | undefined} before the model whose place another one took
 */

/**
 * @param {HTMLFormElement} form
 * @param {Store} store
 * @returns {Upload}
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
  /** @type {Record<string, unknown>} what is said of it */
  let said = {};
  /** @type {Record<string, unknown>} what is to be said of the file that is chosen next */
  let waiting = {};
  /** @type {Map<string, {files: File[], said: Record<string, unknown>}>} model -> what it came of */
  const kept = new Map();
  /** @type {Map<string, string>} model -> the one whose place it took */
  const before = new Map();
  /** @type {Map<string, string>} model -> the one that took its place */
  const after = new Map();
  const asked = find(form, "[data-asked]");
  let cancel = () => {};
  let sending = false;

  const names = () => files.map(({ name }) => name).join(", ");
  const size = () => files.reduce((sum, file) => sum + file.size, 0);

  /** @param {File[]} chosen */
  function choose(chosen) {
    if (sending) return;
    files = chosen;
    last = null;
    [said, waiting] = [waiting, {}];
    name();
    send();
  }

  function name() {
    title.replaceChildren(
      el("b", {}, el("bdi", {}, names())),
      ` · ${sizeText(size())} · drop or `,
      el("u", {}, "choose another"),
    );
    find(form, "[data-again-note]").textContent =
      "Reading it again takes the place of the model that was made of it before.";
  }

  /** @param {string} detail @param {boolean} [passing] whether the same may succeed later */
  function complain(detail, passing = false) {
    problem.replaceChildren(...(detail ? refusalNodes(detail) : []));
    if (detail) announce(detail);
    problem.hidden = !detail;
    asked.hidden = true;
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
    for (const [name, value] of serverDetailOf(new FormData(form), said)) {
      body.append(name, value);
    }
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
      if (error instanceof ApiError) refused(error);
      else if (!(error instanceof DOMException)) throw error;
    } finally {
      sending = false;
      again.disabled = false;
      progress.hidden = true;
    }
  }

  /** @param {ApiError} error */
  function refused({ detail, passing, choices }) {
    complain(detail, passing);
    problem.scrollIntoView({ block: "nearest" }); // a change further down may have been the reason
    asked.hidden = choices.length === 0;
    const fields = fieldsOf(choices, (option, value) => {
      said = { ...said, [option]: value };
      send();
    });
    asked.replaceChildren(...fields);
  }

  /** @type {Upload["sayAgain"]} */
  function sayAgain(model, option, value, saidOfIt) {
    let id = model;
    for (let later; (later = after.get(id));) id = later; // the page may not show it yet
    const there = kept.get(id);
    const options = { ...(there?.said ?? saidOfIt), [option]: value };
    if (value === null) delete options[option];
    if (!there) {
      waiting = options;
      return false;
    }
    if (sending) return true;
    if (files !== there.files) {
      files = there.files;
      name();
    }
    [last, said] = [id, options];
    send();
    return true;
  }

  /** @param {Model} row */
  function arrived(row) {
    const { id: shown } = asVisitorModel(row);
    const { model, token_ids: ids, inputs, models, visitor_models } = store.get();
    const old = [...models, ...visitor_models].find(({ id }) => id === last);
    // the same file once more: what was typed for it stands
    const same = last === model && old?.reads?.kind === row.reads?.kind;
    kept.set(shown, { files, said });
    if (last) {
      before.set(shown, last);
      after.set(last, shown);
    }
    addVisitorModel(store, row);
    const typed = same ? { token_ids: ids, inputs } : { timestep: null, arrived: true };
    store.set({ model: shown, ...RESET_FOR_MODEL, ...typed });
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
  return { sayAgain, before: (model) => before.get(model) };
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
