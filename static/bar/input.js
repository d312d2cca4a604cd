/**
 * What the model is to read: a sentence, token ids in its place, or a series of numbers.
 *
 * @typedef {import("../core/types.js").Store} Store
 */
import { inputNote, readsText, seriesText } from "../core/inputs.js";
import { retryImport } from "../core/import-retry.js";
import { LINE_END } from "../draw/text.js";
import { find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";

const WORDING = {
  words: { label: "Sentence", placeholder: "Type a sentence" },
  characters: { label: "Text", placeholder: "Type a text" },
  token_ids: { label: "Token ids", placeholder: "Token ids, such as 4, 8, 15" },
  numbers: { label: "Numbers", placeholder: "" },
};
const LARGEST = 3 * 2 ** 20; // bytes of a file, so that the request stays under its limit

/** A field of one line has no line ends; a sign stands for them. @param {string} text */
const inOneLine = (text) => text.replaceAll("\n", LINE_END);

/** @param {string} text */
const fromOneLine = (text) => text.replaceAll(LINE_END, "\n");

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountInput(root, store) {
  const form = /** @type {HTMLFormElement} */ (find(root, "#sentence-form"));
  const input = /** @type {HTMLInputElement} */ (find(root, "#sentence"));
  const name = find(form, "[for=sentence]");
  const series = /** @type {HTMLDetailsElement} */ (find(form, ".series"));
  const note = find(root, "#input-note");

  input.addEventListener("input", () => {
    const { arrived, reads, timestep, trace } = store.get();
    const ids = reads.kind === "token_ids";
    // whoever types follows the words, unless a word of their own is chosen that is not the last
    const follows = arrived || timestep === trace?.steps.length;
    const along = follows ? { timestep: null, arrived: false } : {};
    const typed = reads.kind === "characters" ? fromOneLine(input.value) : input.value;
    store.set({ ...(ids ? { token_ids: typed } : { sentence: typed }), ...along });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    input.blur(); // the arrow keys go through the words again
  });
  mountSeries(series, store);

  function draw() {
    const { sentence, token_ids: ids, reads, standalone, status, trace } = store.get();
    const { kind, example } = reads;
    name.textContent = WORDING[kind].label;
    form.setAttribute("aria-label", WORDING[kind].label);
    input.placeholder = WORDING[kind].placeholder;
    input.hidden = kind === "numbers";
    series.hidden = kind !== "numbers";
    form.dataset.kind = kind;
    find(form, ".examples").hidden = standalone || kind !== "words";
    const list = Array.isArray(example) ? example : [];
    const written = kind === "characters" ? inOneLine(sentence) : sentence;
    const text = readsText(reads) ? written : (ids ?? list.join(", "));
    if (input.value !== text) input.value = text;
    const refused = status === "refused";
    input.toggleAttribute("aria-invalid", refused);
    if (refused) input.setAttribute("aria-invalid", "true");
    note.textContent = inputNote(reads, trace);
    note.hidden = !note.textContent;
  }

  store.subscribe(draw, ["sentence", "token_ids", "reads", "status", "trace"]);
  draw();
}

/**
 * @param {HTMLDetailsElement} root
 * @param {Store} store
 */
function mountSeries(root, store) {
  const text = find(root, "textarea");
  const area = /** @type {HTMLTextAreaElement} */ (text);
  const file = /** @type {HTMLInputElement} */ (find(root, "[type=file]"));
  const size = find(root, "[data-size]");

  root.addEventListener(
    "toggle",
    async () => {
      const { mountDrawSeries } = await retryImport(async () => await import("./draw-series.js"));
      mountDrawSeries(find(root, "[data-strokes]"), store);
    },
    { once: true },
  );
  area.addEventListener("input", () => store.set({ inputs: area.value }));
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    file.value = "";
    if (chosen.size > LARGEST) {
      const detail = `${chosen.name} is too large: at most 3 MB can be sent. Take fewer rows.`;
      return store.set({ status: "refused", error: { detail } });
    }
    store.set({ inputs: (await chosen.text()).trim() });
  });
  document.addEventListener("click", ({ target }) => {
    if (!root.contains(/** @type {Node} */ (target))) root.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.open) return;
    event.preventDefault();
    root.open = false;
    find(root, "summary").focus();
  });

  function draw() {
    const { inputs, reads, trace } = store.get();
    if (reads.kind !== "numbers") return;
    const example = /** @type {number[][]} */ (reads.example ?? []);
    const shown = inputs ?? seriesText(example);
    if (area.value !== shown) area.value = shown;
    const timesteps = trace?.tokens.filter(({ padded }) => !padded).length ?? 0;
    size.textContent = `${timesteps} × ${reads.features}`;
  }

  store.subscribe(() => onNextFrame(draw), ["inputs", "reads", "trace"]);
  draw();
}
