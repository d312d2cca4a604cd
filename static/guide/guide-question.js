/**
 * A step's question: the learner predicts first, then the answer is shown.
 *
 * @typedef {import("./guide-steps.js").Question} Question
 * @typedef {import("./guide-words.js").Run} Run
 */
import { announceIn } from "../ui/announce.js";
import { write } from "../ui/caption.js";
import { el, find } from "../ui/dom.js";
import { plainText } from "../words/sentence.js";
import { filled, isRight, parsed, predicted, valueAt } from "./guide-words.js";

/**
 * @param {HTMLFormElement} root
 * @param {() => Run | null} run what values are found in now
 * @param {(said: string) => void} answer what to do with a prediction
 * @returns {(question: Question | null, said: string | null) => void} shows a question, and what was
 *   predicted: null before
 */
export function mountQuestion(root, run, answer) {
  const ask = find(root, "[data-ask]");
  const choices = find(root, "[data-choices]");
  const number = find(root, "[data-number]");
  const input = /** @type {HTMLInputElement} */ (find(number, "input"));
  const verdict = find(root, "[data-verdict]");
  const said = find(root, "[data-said]");
  /** @type {Question | null} */
  let shown = null;
  /** @type {string | null} */
  let given = null;

  /** @param {string} guess */
  function take(guess) {
    if (given !== null) return;
    if (!run()) return announceIn(said, "The numbers are still on their way. Try again.");
    answer(guess);
  }

  choices.addEventListener("click", ({ target }) => {
    const button = /** @type {HTMLElement} */ (target).closest("button");
    if (button) take(button.value);
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (parsed(input.value) !== null) return take(input.value);
    announceIn(said, "Type a number, such as \u22120.27.");
  });

  return (question, guess) => {
    const other = question !== shown;
    root.hidden = !question;
    [shown, given] = [question, guess];
    if (!question) return;
    const now = run();
    const values = { value: question.of, ...question.values };
    write(ask, filled(question.ask, values, now));
    if (other) {
      choices.replaceChildren(...(question.choices ?? []).map(buttonOf));
      input.value = guess ?? "";
      verdict.textContent = "";
      write(said, "");
    }
    choices.hidden = !question.choices;
    number.hidden = Boolean(question.choices);
    input.readOnly = guess !== null;
    drawChoices(question, guess, now);
    root.toggleAttribute("data-answered", guess !== null);
    if (guess === null || !now) return;
    const right = predicted(question, guess, now);
    root.dataset.right = String(right);
    verdict.textContent = right ? "Right:" : "Not quite:";
    write(said, filled(question.answer, values, now));
    if (!other) verdict.scrollIntoView({ block: "nearest" });
  };

  /** @param {Question} question @param {string | null} guess @param {Run | null} now */
  function drawChoices(question, guess, now) {
    [...choices.children].forEach((button, k) => {
      const choice = /** @type {NonNullable<Question["choices"]>} */ (question.choices)[k];
      const right = guess !== null && now && isRight(choice, valueAt(question.of, now));
      button.setAttribute("aria-pressed", String(choice.text === guess));
      button.toggleAttribute("data-right", Boolean(right));
      if (guess === null) button.removeAttribute("aria-disabled");
      else button.setAttribute("aria-disabled", "true");
    });
  }
}

/** @param {{text: string}} choice */
const buttonOf = ({ text }) =>
  el("button", { type: "button", class: "quiet", value: text, "aria-pressed": "false" }, text);

/** What is told of an answer. @param {Question} question @param {string} guess @param {Run} run */
export function toldAnswer(question, guess, run) {
  const values = { value: question.of, ...question.values };
  const verdict = predicted(question, guess, run) ? "Right" : "Not quite";
  return `${verdict}: ` + plainText(filled(question.answer, values, run));
}
