/**
 * Other words in the place of the one under the cursor: what the model says then.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("./swaps-figure.js").Swap} Swap
 * @typedef {import("../../core/types.js").Input} Input
 * @typedef {import("../../core/types.js").Trace} Trace
 * @typedef {{text: string, known: boolean, asked: Input, run: Trace}} SwappedRun
 */
import { fetchView } from "../../core/api.js";
import { swapsCaption } from "./swaps-words.js";
import { predicted, quote } from "../../words/phrases.js";
import { swapsFigure } from "./swaps-figure.js";
import { cursorOf } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { write } from "../../ui/caption.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";

const TYPING = 400; // ms after the last key
const PLACEHOLDERS = {
  words: "Delhi, home, nowhere",
  characters: "a, b, {",
  token_ids: "4, 8, 15",
  numbers: "",
};

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountSwaps(root, store) {
  /** @type {{swaps: Swap[], label: string} | null} */
  let answer = null;
  const line = find(root, ".look");
  const body = find(root, "[data-body]");
  const input = /** @type {HTMLInputElement} */ (find(root, "#swap-words"));
  let timer = 0;

  const figure = mountFigure(find(root, "[data-figure]"), store, {
    build: (_, { theme, width }) =>
      answer && swapsFigure(answer.swaps, { label: answer.label, theme, width }),
    keys: [],
  });
  loadWhenVisible(root, store, {
    keys: ["trace", "timestep", "swaps"],
    question: (state) => {
      const base = questionOf(state.trace);
      if (!base || "inputs" in base) return null;
      if (!state.trace?.prediction || state.swaps.length === 0) return null;
      const timestep = cursorOf(state).timestep;
      const padding = state.trace.tokens.filter(({ padded }) => padded).length;
      return timestep > padding ? { ...base, timestep, words: state.swaps } : null;
    },
    load: async (question, signal) => {
      /** @type {{runs: SwappedRun[]}} */
      const { runs } = await fetchView("swaps", question, signal);
      const swaps = runs.map(({ text, known, asked, run }) => {
        const { prediction } = run;
        if (!prediction) throw new Error("a model that has answered before answers no more");
        return { text, known, prediction, run: { ...run, asked } };
      });
      return { swaps, label: predicted(swaps[0].prediction).label };
    },
    show: (found, trouble) => {
      answer = found;
      body.hidden = !found;
      write(line, found ? swapsCaption(found.swaps, found.label) : trouble);
      figure.redraw();
    },
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      store.set({ swaps: [...new Set(input.value.split(/[\s,;]+/).filter(Boolean))] });
    }, TYPING);
  });

  function draw() {
    const state = store.get();
    if (!state.trace) return;
    const { text } = state.trace.tokens[cursorOf(state).timestep - 1];
    find(root, "[data-word]").textContent = quote(text);
    root.hidden = !state.trace.prediction || state.reads.kind === "numbers";
    input.placeholder = PLACEHOLDERS[state.reads.kind];
    if (document.activeElement !== input) input.value = state.swaps.join(", ");
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "swaps"]);
  draw();
}
