/**
 * The owner's proof: an input, what the framework gave for it, and whether that is what is computed
 * here.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { ApiError, fetchStep } from "../../core/api.js";
import { inputOf, seriesText, Unreadable } from "../../core/inputs.js";
import { candidatesOf, filledSnippet, verdictOf } from "./proof.js";
import { el, find } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { inTurns } from "../../ui/lazy.js";
import { detectedOf } from "./reading.js";
import { announce, announceIn } from "../../ui/announce.js";

const MOST_LAYERS = 8;

const LABELS = {
  words: "The sentence it read",
  token_ids: "The token ids it read",
  numbers: "The numbers it read, a row for each timestep",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountProof(root, store) {
  const form = /** @type {HTMLFormElement} */ (find(root, "form"));
  const input = /** @type {HTMLTextAreaElement} */ (find(form, "[name=input]"));
  const output = /** @type {HTMLTextAreaElement} */ (find(form, "[name=output]"));
  const verdict = find(form, "[data-verdict]");
  const copy = find(root, "[data-copy]");
  let shown = "";
  let typed = false;
  let asking = new AbortController();

  input.addEventListener("input", () => (typed = input.value.trim() !== ""));
  copy.addEventListener("click", async () => {
    const done = await navigator.clipboard
      .writeText(find(root, "[data-snippet]").textContent ?? "")
      .then(() => true)
      .catch(() => false);
    copy.textContent = done ? "Copied" : "Select it and copy by hand";
    setTimeout(() => (copy.textContent = "Copy the code"), 2000);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    verdict.replaceChildren();
    verdict.dataset.matches = "";
    const { model, reads, trace } = store.get();
    const text = input.value;
    try {
      const read = inputOf({ sentence: text, token_ids: text, inputs: text }, reads);
      const question = { ...read, model, return_sequences: true, return_state: true };
      const layers = layersOf(store.get());
      const answers = await inTurns(layers, 2, (layer) =>
        fetchStep({ ...question, layer }, signal),
      );
      show(verdict, verdictOf(output.value, candidatesOf(answers, trace?.layer.name)));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Unreadable) announceIn(verdict, error.message);
      else if (error instanceof ApiError) announceIn(verdict, error.detail);
      else throw error;
    }
  });

  function draw() {
    const state = store.get();
    const { trace, reads } = state;
    const detected = detectedOf(state);
    root.hidden = !detected;
    if (!detected || !trace) return;
    if (shown !== trace.model.id) {
      shown = trace.model.id;
      typed = false;
      asking.abort();
      output.value = "";
      verdict.replaceChildren();
    }
    const { provenance } = trace.model;
    const file = String(/** @type {Record<string, unknown>} */ ({ ...provenance }).file ?? "");
    find(root, "[data-snippet]").textContent = filledSnippet(detected.snippet ?? "", trace, file);
    find(root, "pre").hidden = copy.hidden = !detected.snippet;
    find(form, "[data-input-label]").textContent = LABELS[reads.kind];
    if (!typed) input.value = inputText(state);
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "summary", "reads"]);
  draw();
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
