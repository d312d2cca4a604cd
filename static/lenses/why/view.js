/**
 * Why an LSTM: the same words through an LSTM and through a simple RNN that were trained on the
 * same task. Where the two are not there, the section is its text alone.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("../../core/types.js").Trace} Trace
 */
import { fetchStep } from "../../core/api.js";
import { forgettingCaption, vanishingCaption } from "./words.js";
import { predicted, quote } from "../../words/phrases.js";
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
const LONGEST = 100; // words of a visitor's sentence

/** Words that say nothing of where anybody is. */
const NEUTRAL = (
  "and the weather is very nice and the food is good and the people are happy and everything is " +
  "fine and my work is good and life is very busy and the rain is nice and the rent is"
).split(" ");

/**
 * @typedef {object} Both
 * @property {Trace} lstm
 * @property {Trace} rnn
 * @property {number} spoken how many words come before the neutral ones
 * @property {number} cause the timestep of the word that the answer is owed to
 * @property {boolean} own whether the words are the visitor's
 * @property {{sentence: string, label: string}} lesson all the words, and another answer
 *
 * @typedef {{lstm: number[], rnn: number[]}} Update lengths, for each word
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountWhy(root, store) {
  /** @type {Both | null} */
  let both = null;
  const body = find(root, "[data-vanishing]");
  const line = find(root, ".look");
  const slider = /** @type {HTMLInputElement} */ (find(root, "#neutral"));
  slider.max = String(NEUTRAL.length);
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
      const fits = (trace?.tokens.length ?? 0) <= LONGEST;
      return {
        sentence: fits && base && "sentence" in base ? base.sentence : EXAMPLE,
        added: Number(slider.value),
      };
    },
    load,
    show: (found, trouble) => {
      both = found ?? both;
      body.hidden = !both;
      figure.redraw();
      if (both) write(root, both);
      if (trouble) say(line, trouble);
      taught.refresh(true); // what it wrote stands for nothing now
    },
  });
  const taught = loadWhenVisible(find(root, ".updates"), store, {
    keys: [],
    question: () => both && both.lesson,
    load: teach,
    show: (update) => both && writeUpdates(root, both, update),
  });
  slider.addEventListener("input", () => {
    output.textContent = slider.value;
    onNextFrame(refresh);
  });
}

/**
 * @param {{sentence: string, added: number}} question
 * @param {AbortSignal} signal
 * @returns {Promise<Both>}
 */
async function load({ sentence, added }, signal) {
  const first = await fetchStep({ sentence, model: LSTM }, signal);
  const cities = first.prediction?.labels.map((label) => label.toLowerCase()) ?? [];
  const isCity = (/** @type {{text: string}} */ { text }) => cities.includes(text.toLowerCase());
  const own = first.tokens.some(isCity);
  const words = own ? first.tokens.map(({ text }) => text) : EXAMPLE.split(" ");
  const text = [...words, ...NEUTRAL.slice(0, added)].join(" ");
  const plain = own ? first : await fetchStep({ sentence: EXAMPLE, model: LSTM }, signal);
  const label = plain.prediction ? predicted(plain.prediction).label : "";
  const ask = (/** @type {string} */ model) =>
    fetchStep({ sentence: text, model, include: ["gradients"], label }, signal);
  const [lstm, rnn] = await Promise.all([ask(LSTM), ask(RNN)]);
  const said = lstm.tokens.slice(0, words.length).map((token) => token.text.toLowerCase());
  const cause = said.lastIndexOf(label.toLowerCase()) + 1 || lstm.tokens.findIndex(isCity) + 1;
  const other = lstm.prediction?.labels.find((name) => !said.includes(name.toLowerCase())) ?? label;
  return { lstm, rnn, spoken: words.length, cause, own, lesson: { sentence: text, label: other } };
}

/**
 * @param {Both["lesson"]} lesson
 * @param {AbortSignal} signal
 * @returns {Promise<Update>}
 */
async function teach(lesson, signal) {
  const [lstm, rnn] = await Promise.all(
    [LSTM, RNN].map(async (model) => {
      const { updates } = await fetchStep({ ...lesson, model, include: ["updates"] }, signal);
      return (updates?.input ?? []).map((norm) => RATE * norm);
    }),
  );
  return { lstm, rnn };
}

/**
 * @param {HTMLElement} root
 * @param {Both} both
 */
function write(root, both) {
  const { lstm, rnn, cause, own, lesson } = both;
  say(find(root, ".look"), forgettingCaption(lstm, rnn, cause));
  say(find(root, "[data-gradient]"), vanishingCaption(lstm, rnn, cause));
  find(root, "[data-example]").hidden = own;
  find(root, "[data-truth]").textContent = quote(lesson.label);
  writeUpdates(root, both, null);
}

/**
 * @param {HTMLElement} root
 * @param {Both} both
 * @param {Update | null} update null while it is on its way
 */
function writeUpdates(root, { lstm, spoken, cause }, update) {
  const cell = (/** @type {number | undefined} */ length) =>
    el(
      "td",
      {},
      length === undefined
        ? "…"
        : numberButton({ text: plainNumber(length), mark: updateMark(length) }),
    );
  find(root, "[data-updates]").replaceChildren(
    ...lstm.tokens
      .slice(0, spoken)
      .map(({ text }, k) =>
        el(
          "tr",
          { class: k + 1 === cause ? "current" : null },
          el("th", { scope: "row" }, el("bdi", {}, text)),
          cell(update?.lstm[k]),
          cell(update?.rnn[k]),
        ),
      ),
  );
}
