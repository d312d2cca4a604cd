/**
 * Other words in the place of the one under the cursor: what the model says then.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("./swaps-figure.js").Swap} Swap
 */
import { fetchStep } from "../../core/api.js";
import { swapsCaption } from "./swaps-words.js";
import { predicted, quote } from "../../words/phrases.js";
import { swapsFigure } from "./swaps-figure.js";
import { cursorOf } from "../../core/store.js";
import { find } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { write } from "../../ui/caption.js";
import { inTurns, loadWhenVisible, questionOf } from "../../ui/lazy.js";

const MOST = 16; // words tried at once
const AT_ONCE = 4;
const TYPING = 400; // ms after the last key

/** What stands at a place of what is read, and the question with another in it.
 * @param {{sentence: string} | {token_ids: number[]}} base @param {number} at */
function placeIn(base, at) {
  if ("token_ids" in base) {
    const { token_ids: ids } = base;
    const put = (/** @type {string} */ text) => ({ token_ids: ids.with(at, Number(text)) });
    return { own: String(ids[at]), put };
  }
  const words = base.sentence.split(" ");
  const put = (/** @type {string} */ text) => ({ sentence: words.with(at, text).join(" ") });
  return { own: words[at], put };
}

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
      const fits = (/** @type {string} */ text) =>
        state.reads.kind === "words" || /^\d+$/.test(text);
      const tried = state.swaps.filter(fits).slice(0, MOST);
      if (!base || "inputs" in base) return null;
      if (!state.trace?.prediction || tried.length === 0) return null;
      const timestep = cursorOf(state).timestep;
      const padding = state.trace.tokens.filter(({ padded }) => padded).length;
      return timestep > padding ? { base, timestep, at: timestep - 1 - padding, tried } : null;
    },
    load: async ({ base, timestep, at, tried }, signal) => {
      const { own, put } = placeIn(base, at);
      const swaps = await inTurns([own, ...tried], AT_ONCE, async (text) => {
        const trace = await fetchStep({ ...base, ...put(text) }, signal);
        const { prediction } = trace;
        if (!prediction) throw new Error("a model that has answered before answers no more");
        const known = trace.tokens[timestep - 1]?.known ?? true;
        return { text, known, prediction, run: trace };
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
    input.placeholder = state.reads.kind === "token_ids" ? "4, 8, 15" : "Delhi, home, nowhere";
    if (document.activeElement !== input) input.value = state.swaps.join(", ");
  }

  store.subscribe(() => onNextFrame(draw), ["trace", "timestep", "swaps"]);
  draw();
}
