/**
 * Which model reads the sentence, and whose weights it has. The badge opens the model's card.
 *
 * @typedef {import("../core/types.js").AppState} AppState
 * @typedef {import("../core/types.js").Model} Model
 * @typedef {import("../core/types.js").Store} Store
 */
import { firstText } from "../core/inputs.js";
import { OPENING } from "../core/store.js";
import { WHOSE_WEIGHTS } from "../words/weights-origin.js";
import { trainingOf } from "../core/visitor-models.js";
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";

/** What else changes when another model is chosen: what was the old one's own. */
export const RESET_FOR_MODEL = {
  layer: null,
  return_sequences: null,
  open: null,
  token_ids: null,
  inputs: null,
};

/**
 * A sentence is no text for a model of characters, nor the other way round: each begins with its own.
 *
 * @param {AppState} state
 * @param {string} model the one that is chosen
 * @returns {Partial<AppState>}
 */
export function textFor({ models, visitor_models, reads }, model) {
  const chosen = [...models, ...visitor_models].find(({ id }) => id === model)?.reads;
  const [from, to] = [reads.kind, chosen?.kind];
  if (!chosen || from === to || (from !== "characters" && to !== "characters")) return {};
  return { sentence: firstText(chosen, OPENING.sentence), timestep: null };
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountPicker(root, store) {
  const select = /** @type {HTMLSelectElement} */ (find(root, "#model-picker"));
  const badge = find(root, "#badge");
  select.addEventListener("change", () =>
    store.set({ model: select.value, ...RESET_FOR_MODEL, ...textFor(store.get(), select.value) }),
  );

  function draw() {
    const { models, visitor_models, model, trace } = store.get();
    const known = [...models, ...visitor_models];
    const groups = [
      ...models.map(optionOf),
      ...(visitor_models.length
        ? [el("optgroup", { label: "Yours" }, ...visitor_models.map(optionOf))]
        : []),
    ];
    if (!known.some(({ id }) => id === model)) groups.push(elsewhere(store));
    select.replaceChildren(...groups);
    select.value = model;
    const provenance =
      trace?.model.id === model
        ? trace.model.provenance
        : known.find(({ id }) => id === model)?.provenance;
    const kind = provenance?.kind;
    badge.hidden = !kind;
    const part = provenance?.left_out ? ", a part of the model" : "";
    badge.textContent = kind ? WHOSE_WEIGHTS[kind] + part : "";
    badge.dataset.kind = kind ?? "";
  }

  store.subscribe(() => onNextFrame(draw), ["model", "models", "visitor_models", "trace"]);
  draw();
}

/** @param {{id: string, title: string}} model */
const optionOf = ({ id, title }) => el("option", { value: id }, title);

/**
 * A model that no list has: an epoch of a training, or one from somebody's link.
 *
 * @param {Store} store
 */
function elsewhere(store) {
  const { model, trace, training } = store.get();
  const id = trainingOf(model);
  const known =
    training?.reading_id === id ? training.title : trace?.model.id === model && trace.model.title;
  const epoch = model.slice(id.length + 1);
  const title = known || id;
  return optionOf({ id: model, title: epoch ? `${title}, epoch ${epoch}` : title });
}
