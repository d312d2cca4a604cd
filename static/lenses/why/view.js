/**
 * Why an LSTM: the same words through an LSTM and through a simple RNN that were trained on the
 * same task. Where the two are not there, the section is its text alone.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { fetchView } from "../../core/api.js";
import { forgettingCaption, vanishingCaption } from "./words.js";
import { quote } from "../../words/phrases.js";
import { aboutRun } from "../../ui/picture-svg.js";
import { plainNumber, updateMark, vanishingFigure } from "./vanishing-figure.js";
import { el, find, numberButton } from "../../ui/dom.js";
import { mountFigure } from "../../ui/figure.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import { write as say } from "../../ui/caption.js";

const LSTM = "place";
const RNN = "place-rnn";
const EXAMPLE = "I live in Pune";
const RATE = 0.01; // of the one step of gradient descent

/**
 * @typedef {object} Both
 * @property {Trace} lstm
 * @property {Trace} rnn
 * @property {number} spoken how many words come before the neutral ones
 * @property {number} cause the timestep of the word that the answer is owed to
 * @property {boolean} own whether the words are the visitor's
 * @property {number} neutral how many neutral words there are
 * @property {{label: string, lstm: number[], rnn: number[]}} lesson another answer, and how far a step
 *   towards it would move each word's vector, before the learning rate
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountWhy(root, store) {
  /** @type {Both | null} */
  let both = null;
  const body = find(root, "[data-vanishing]");
  const line = find(root, "[data-vanishing] .look");
  const slider = /** @type {HTMLInputElement} */ (find(root, "#neutral"));
  const output = find(root, "output");

  const figure = mountFigure(find(root, "[data-figure]"), store, {
    build: (_, { theme, width }) =>
      both && vanishingFigure(both, { theme, width, cursor: both.cause }),
    keys: [],
    about: () => [...new Set(both ? [both.lstm, both.rnn].flatMap(aboutRun) : [])],
  });
  const { refresh } = loadWhenVisible(root, store, {
    keys: ["trace", "models"],
    question: ({ trace, models }) => {
      const there = [LSTM, RNN].every((name) => models.some(({ id }) => id === name));
      const base = questionOf(trace);
      if (!there) return null;
      const sentence = base && "sentence" in base ? base.sentence : EXAMPLE;
      return { sentence, added: Number(slider.value) };
    },
    load: (question, signal) => fetchView("vanishing", question, signal),
    show: (found, trouble) => {
      both = found ?? both;
      if (both) slider.max = String(both.neutral);
      body.hidden = !both;
      figure.redraw();
      if (both) write(root, both);
      if (trouble) say(line, trouble);
    },
  });
  slider.addEventListener("input", () => {
    output.textContent = slider.value;
    onNextFrame(refresh);
  });
}

/**
 * @param {HTMLElement} root
 * @param {Both} both
 */
function write(root, both) {
  const { lstm, rnn, cause, own, lesson } = both;
  say(find(root, "[data-vanishing] .look"), forgettingCaption(lstm, rnn, cause));
  say(find(root, "[data-gradient]"), vanishingCaption(lstm, rnn, cause));
  find(root, "[data-example]").hidden = own;
  find(root, "[data-truth]").textContent = quote(lesson.label);
  writeUpdates(root, both);
}

/**
 * @param {HTMLElement} root
 * @param {Both} both
 */
function writeUpdates(root, { lstm, spoken, cause, lesson }) {
  const cell = (/** @type {number} */ norm) => {
    const length = RATE * norm;
    return el("td", {}, numberButton({ text: plainNumber(length), mark: updateMark(length) }));
  };
  find(root, "[data-updates]").replaceChildren(
    ...lstm.tokens
      .slice(0, spoken)
      .map(({ text }, k) =>
        el(
          "tr",
          { class: k + 1 === cause ? "current" : null },
          el("th", { scope: "row" }, el("bdi", {}, text)),
          cell(lesson.lstm[k]),
          cell(lesson.rnn[k]),
        ),
      ),
  );
}
