/**
 * The owner's proof: an input, what the framework gave for it, and whether that is what is computed
 * here.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, fetchStep, keepCompared } from "../../core/api.js";
import { resource } from "../../core/resource.js";
import { ownerOf } from "../../core/visitor-models.js";
import { inputOf, seriesText, Unreadable } from "../../core/inputs.js";
import { candidatesOf, filledSnippet, verdictOf } from "./proof.js";
import { el, find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { inTurns } from "../../ui/lazy.js";
import { detectedOf } from "./reading.js";
import { announce, announceIn } from "../../ui/announce.js";
import { codeBox } from "../../ui/code-box.js";
import { saidOf } from "./choice-words.js";
import { fieldsOf } from "./choices.js";

const MOST_LAYERS = 8;

const AWAY =
  "This browser no longer has the file. Choose it again above: it is read with what you have " +
  "said here.";

const LABELS = {
  words: "The sentence it read",
  characters: "The text it read",
  token_ids: "The token ids it read",
  numbers: "The numbers it read, a row for each timestep",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {import("./upload-form.js").Upload | null} upload null where no file can be brought again
 */
export function mountProof(root, store, upload) {
  const form = /** @type {HTMLFormElement} */ (find(root, "form"));
  const input = /** @type {HTMLTextAreaElement} */ (find(form, "[name=input]"));
  const output = /** @type {HTMLTextAreaElement} */ (find(form, "[name=output]"));
  const verdict = find(form, "[data-verdict]");
  const code = find(root, "[data-snippet]");
  const choices = find(root, "[data-choices]");
  let shown = "";
  /** @type {import("../../core/types.js").Detected | null} */
  let drawn = null;
  let typed = false;
  const comparing = resource({ load: compare, fail: ({ detail }) => announceIn(verdict, detail) });

  input.addEventListener("input", () => (typed = input.value.trim() !== ""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    verdict.replaceChildren();
    verdict.dataset.matches = "";
    const { model, reads } = store.get();
    const text = input.value;
    try {
      const read = inputOf({ sentence: text, token_ids: text, inputs: text }, reads);
      comparing.ask({ ...read, model, return_sequences: true, return_state: true });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      comparing.stop();
      announceIn(verdict, error.message);
    }
  });

  /**
   * @param {Record<string, unknown> & {model: string}} question
   * @param {AbortSignal} signal
   */
  async function compare(question, signal) {
    const { trace } = store.get();
    const answers = await inTurns(layersOf(store.get()), 2, (layer) =>
      fetchStep({ ...question, layer }, signal),
    );
    try {
      const found = verdictOf(output.value, candidatesOf(answers, trace?.layer.name));
      show(verdict, found);
      if (found.compared) await keepWith(store, question.model, found.compared);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      announceIn(verdict, error.message);
    }
  }

  function draw() {
    const state = store.get();
    const { trace, reads } = state;
    const detected = detectedOf(state);
    root.hidden = !detected;
    if (!detected || !trace) return;
    const { id } = trace.model;
    const again = shown !== "" && upload?.before(id) === shown;
    const other = shown !== id;
    shown = id;
    if (other && !again) {
      typed = false;
      output.value = "";
    }
    if (other) {
      comparing.stop();
      verdict.replaceChildren();
    }
    if (drawn !== detected) {
      drawn = detected;
      drawChoices(choices, detected, id, upload);
    }
    const { provenance } = trace.model;
    const file = String(/** @type {Record<string, unknown>} */ ({ ...provenance }).file ?? "");
    const lines = filledSnippet(detected.snippet ?? "", trace, file);
    if (code.querySelector("code")?.textContent !== lines) {
      code.replaceChildren(...(detected.snippet ? [codeBox(lines)] : []));
    }
    find(form, "[data-input-label]").textContent = LABELS[reads.kind];
    if (!typed) input.value = inputText(state);
    if (again && other && output.value.trim()) form.requestSubmit();
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "summary", "reads"]);
  draw();
}

/**
 * Has the server keep what came of the comparison with the model, so that a link to it shows it; of
 * a model that is somebody else's nothing is kept.
 *
 * @param {Store} store
 * @param {string} model
 * @param {import("../../core/types.js").Compared} compared
 */
async function keepWith(store, model, compared) {
  const owner = ownerOf(store.get().visitor_models, model);
  if (owner === model) return;
  try {
    const { detected } = await keepCompared(owner, compared);
    const { summary, trace } = store.get();
    if (!summary?.card || trace?.model.id !== model) return;
    store.set({ summary: { ...summary, card: { ...summary.card, detected } } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the comparison stands without it
  }
}

/**
 * What the file does not say, to be said otherwise.
 *
 * @param {HTMLElement} root
 * @param {import("../../core/types.js").Detected} detected
 * @param {string} model
 * @param {import("./upload-form.js").Upload | null} upload
 */
function drawChoices(root, { choices = [], assumed = [] }, model, upload) {
  const away = find(root, "[data-away]");
  const fields = fieldsOf(choices, (option, value) => {
    const there = upload?.sayAgain(model, option, value, saidOf(choices, assumed));
    away.hidden = there !== false;
    if (there === false) announceIn(away, AWAY);
  });
  away.hidden = true;
  root.hidden = upload === null || fields.length === 0;
  find(root, ".own-fields").replaceChildren(...fields);
}

/** Layers whose states may have been pasted.
 * @param {import("../../core/types.js").AppState} state */
function layersOf({ trace, summary }) {
  const names = summary?.recurrent.map(({ name }) => name) ?? [];
  return names.length > 0 && names.length <= MOST_LAYERS ? names : [trace?.layer.name];
}

/** What is read now, as text. @param {import("../../core/types.js").AppState} state */
function inputText({ sentence, trace }) {
  const asked = trace?.asked;
  if (!asked) return "";
  if ("inputs" in asked) return seriesText(asked.inputs);
  return "token_ids" in asked ? asked.token_ids.join(", ") : sentence;
}

/**
 * @param {HTMLElement} root
 * @param {import("./proof.js").Verdict} verdict
 */
function show(root, { matches, text, worst }) {
  root.dataset.matches = String(matches);
  root.replaceChildren(el("p", {}, el("b", {}, text)));
  announce(text);
  if (matches || worst.length === 0) return;
  const rows = worst.map(({ at, theirs, ours }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, `${at + 1}`),
      ...[theirs, ours, Math.abs(theirs - ours)].map((value) =>
        el("td", {}, String(Number(value.toPrecision(7)))),
      ),
    ),
  );
  const names = ["number", "yours", "here", "difference"];
  const head = el("tr", {}, ...names.map((name) => el("th", { scope: "col" }, name)));
  root.append(
    el("p", {}, "Where it differs most:"),
    el(
      "div",
      { class: "scrolls" },
      el("table", { class: "proof-table" }, el("thead", {}, head), el("tbody", {}, ...rows)),
    ),
  );
}
