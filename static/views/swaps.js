/**
 * Other words in the place of the one under the cursor: what the model says then.
 *
 * @typedef {import("../types.js").Store} Store
 * @typedef {import("../figures/swaps.js").Swap} Swap
 */
import { fetchStep } from "../api.js";
import { lookAtSwaps, predicted, quote } from "../figures/explaining.js";
import { swapsFigure } from "../figures/swaps.js";
import { cursorOf } from "../store.js";
import { find } from "./dom.js";
import { mountFigure } from "./figure.js";
import { schedule } from "./frame.js";
import { inTurns, lazily, questionOf } from "./lazy.js";

const MOST = 16; // words tried at once
const AT_ONCE = 4;
const TYPING = 400; // ms after the last key

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
  lazily(root, store, {
    keys: ["trace", "timestep", "swaps"],
    question: (state) => {
      const base = questionOf(state.trace);
      const tried = state.swaps.slice(0, MOST);
      if (!base || !("sentence" in base)) return null;
      if (!state.trace?.prediction || tried.length === 0) return null;
      return { base, timestep: cursorOf(state).timestep, tried };
    },
    load: async ({ base, timestep, tried }, signal) => {
      const tokens = base.sentence.split(" ");
      const own = tokens[timestep - 1];
      const swaps = await inTurns([own, ...tried], AT_ONCE, async (text) => {
        const sentence = tokens.with(timestep - 1, text).join(" ");
        const trace = await fetchStep({ ...base, sentence }, signal);
        const { prediction } = trace;
        if (!prediction) throw new Error("a model that has answered before answers no more");
        return { text, known: trace.tokens[timestep - 1]?.known ?? true, prediction };
      });
      return { swaps, label: predicted(swaps[0].prediction).label };
    },
    show: (found, trouble) => {
      answer = found;
      body.hidden = !found;
      line.textContent = found ? lookAtSwaps(found.swaps, found.label) : trouble;
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
    root.hidden = !state.trace.prediction;
    if (document.activeElement !== input) input.value = state.swaps.join(", ");
  }

  store.subscribe(() => schedule(draw), ["trace", "timestep", "swaps"]);
  draw();
}
