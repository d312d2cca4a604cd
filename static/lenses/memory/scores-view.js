/**
 * What each word did to the answer: its exact share of a logit, beside gradient times input and
 * what really happens when the word is left out.
 *
 * @typedef {import("../../core/types.js").AppState} AppState
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Summary} Summary
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { fetchView } from "../../core/api.js";
import { capital } from "../../draw/text.js";
import { cellOf, remembers } from "../../cells/kinds.js";
import { cursorOverlay } from "../../ui/cursor-overlay.js";
import { scoresCaption } from "./scores-words.js";
import { predicted } from "../../words/phrases.js";
import { waterfallFigure, waterfallRowAt } from "./scores-figure.js";
import { cursorOf } from "../../core/store.js";
import { el, find } from "../../ui/dom.js";
import { write } from "../../ui/caption.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import { cursorMover } from "../../ui/move-cursor.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountScores(root, store) {
  /** @type {{trace: Trace, leftOut: import("./scores-figure.js").LeftOut[] | null} | null} */
  let answer = null;
  const line = find(root, ".look");
  const body = find(root, "[data-body]");
  const select = /** @type {HTMLSelectElement} */ (find(root, "#score-label"));
  select.addEventListener("change", () => store.set({ label: select.value || null }));

  const overlay = cursorOverlay(store, {
    shapes: ["cursor-row"],
    boxes: () => {
      if (!answer) return null;
      const { top, height } = waterfallRowAt(answer.trace, cursorOf(store.get()).timestep);
      return [{ left: 0, top, height }];
    },
  });
  const figure = mountFigure(find(root, "[data-figure]"), store, {
    build: (_, { theme, width }) =>
      answer && waterfallFigure(answer.trace, { theme, width, leftOut: answer.leftOut }),
    keys: [],
    onMark: (mark, open) => {
      const away = mark.timestep > 0 && mark.timestep !== cursorOf(store.get()).timestep;
      if (mark.quantity === "sum" && away) cursorMover(store)(mark.timestep);
      else open(mark);
    },
    onDraw: overlay.onDraw,
  });

  loadWhenVisible(root, store, {
    keys: ["trace", "label", "summary"],
    question: (state) => {
      const base = questionOf(state.trace);
      if (!base || whyNot(state)) return null;
      const label = labelOf(state);
      return { ...base, ...(label === null ? {} : { label }) };
    },
    load: measure,
    show: (found, trouble) => {
      answer = found;
      body.hidden = !found;
      figure.redraw();
      const state = store.get();
      write(line, found ? scoresCaption(found.trace, found.leftOut) : whyNot(state) || trouble);
      find(root, "[data-many]").hidden = !found || found.leftOut !== null;
    },
  });

  function choices() {
    const state = store.get();
    const labels = state.trace?.prediction?.labels ?? [];
    const said = state.trace?.prediction ? predicted(state.trace.prediction).label : "";
    select.replaceChildren(
      el("option", { value: "" }, `as predicted: ${said}`),
      ...labels.map((name) => el("option", { value: name }, name)),
    );
    select.value = labelOf(state) ?? "";
  }

  store.subscribe(() => onNextFrame(choices), ["trace", "label"]);
  choices();
}

/** The label of the address, where this model has it. @param {AppState} state */
const labelOf = ({ label, trace }) =>
  label !== null && trace?.prediction?.labels.includes(label) ? label : null;

/**
 * Why there are no exact scores; empty where there are.
 *
 * @param {AppState} state
 */
function whyNot({ trace, summary }) {
  if (!trace) return "";
  if (trace.answer)
    return "This model’s head gives no probabilities: there is no label to share out.";
  if (!trace.prediction) return "This model has no head, and so no answer to share out.";
  if (!remembers(trace)) {
    return (
      `${capital(cellOf(trace).noun)} mixes all words in one state that it rewrites: no part of it is ` +
      "any one word’s, and there are no exact shares. Choose a model with an LSTM or a GRU."
    );
  }
  const layers = summary?.layers ?? [];
  if (layers.filter(({ type }) => type === "Dense").length > 1) {
    return (
      "Between this model’s recurrent layer and its answer stand further dense layers, which mix " +
      "the words: there are no exact shares."
    );
  }
  const last = layers.findLast(({ type }) => /LSTM|GRU|RNN/.test(type));
  return last && last.name !== trace.layer.name
    ? `Shares are those of the last recurrent layer, ${last.name}; shown is ${trace.layer.name}.`
    : "";
}

/**
 * The scores, and how far the logit falls without each word in turn.
 *
 * @param {object} question
 * @param {AbortSignal} signal
 */
async function measure(question, signal) {
  /** @type {{trace: Trace, left_out: (number | null)[] | null}} */
  const { trace, left_out: left } = await fetchView("scores", question, signal);
  const { attributions } = trace;
  if (!attributions || !left) return { trace, leftOut: null };
  const { logit, bias } = attributions;
  const leftOut = left.map((without) => ({ value: logit - (without ?? bias), without }));
  return { trace, leftOut };
}
