/**
 * An LSTM, a GRU and a simple RNN on the visitor's words at once: what is left of each word, and how
 * much of what still moves the answer it is. What is pointed at is spoken of in all three.
 *
 * @typedef {import("../../core/types.js").Store} Store
 * @typedef {import("./memories-words.js").Memories} Memories
 * @typedef {import("./memories-words.js").Memory} Memory
 */
import { percent } from "../../arithmetic/probabilities.js";
import { fetchView } from "../../core/api.js";
import { cursorOf, shownCursor } from "../../core/store.js";
import { withBase } from "../../draw/text.js";
import { write as say } from "../../ui/caption.js";
import { el, find, numberButton } from "../../ui/dom.js";
import { onNextFrame } from "../../ui/animation-frame.js";
import { loadWhenVisible, questionOf } from "../../ui/lazy.js";
import {
  leftMark,
  leftOf,
  memoriesCaption,
  movesMark,
  movesOf,
  nameOf,
  tellingWord,
} from "./memories-words.js";

const MODELS = ["place", "place-gru", "place-rnn"];
const EXAMPLE = "I live in Pune"; // in place of what is no sentence, or too long a one
const MOST = 100; // words

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountMemories(root, store) {
  const body = find(root, "[data-memories]");
  const line = find(body, ".look");
  const table = find(body, "table");
  /** @type {Memories | null} */
  let found = null;

  loadWhenVisible(root, store, {
    keys: ["trace", "timestep", "models"],
    question: (state) => {
      const there = MODELS.every((name) => state.models.some(({ id }) => id === name));
      const base = questionOf(state.trace);
      if (!there) return null;
      const words = state.reads.kind === "words" && (state.trace?.steps.length ?? 0) <= MOST;
      if (!words || !base || !("sentence" in base)) return { sentence: EXAMPLE };
      return { sentence: base.sentence, timestep: cursorOf(state).timestep };
    },
    load: (question, signal) => fetchView("memories", question, signal),
    show: (answer, trouble) => {
      found = answer ?? found;
      body.hidden = !found;
      if (found) table.replaceChildren(...rowsOf(found));
      point();
      if (trouble) say(line, trouble);
    },
  });

  /** Speaks of the word that is pointed at, and outlines it. */
  function point() {
    if (!found) return;
    const { preview } = store.get();
    const shown = preview?.timestep ? shownCursor(store.get()).timestep - 1 : -1;
    const k = found.own && shown >= 0 && shown < found.words.length ? shown : tellingWord(found);
    say(line, memoriesCaption(found, k));
    for (const cell of table.querySelectorAll("[data-timestep]")) {
      const here = Number(/** @type {HTMLElement} */ (cell).dataset.timestep) === k + 1;
      cell.classList.toggle("current", here);
    }
  }

  store.subscribe(() => onNextFrame(point), ["preview"]);
}

/** @param {Memories} found */
function rowsOf({ words, memories }) {
  const head = el(
    "tr",
    {},
    el("td", { colspan: 2 }),
    ...words.map((word, k) =>
      el("th", { scope: "col", "data-timestep": k + 1 }, el("bdi", {}, withBase(word))),
    ),
  );
  return [el("thead", {}, head), ...memories.map((memory) => bodyOf(memory, words))];
}

/** @param {Memory} memory @param {string[]} words */
function bodyOf(memory, words) {
  const name = el(
    "th",
    { scope: "rowgroup", rowspan: 2 },
    nameOf(memory),
    el("small", {}, el("bdi", {}, memory.label), ` ${percent(memory.probability)}`),
  );
  const left = memory.left
    ? words.map((_, k) => cellOf(k, leftOf(memory, k) ?? 0, leftMark(memory, k)))
    : [el("td", { colspan: words.length, class: "none" }, "rewrites it all at every word")];
  const moves = words.map((_, k) => cellOf(k, movesOf(memory, k), movesMark(memory, k)));
  return el(
    "tbody",
    {},
    el("tr", {}, name, el("th", { scope: "row" }, "left"), ...left),
    el("tr", {}, el("th", { scope: "row" }, "moves"), ...moves),
  );
}

/** @param {number} k @param {number} share @param {import("../../core/types.js").SumMark} mark */
function cellOf(k, share, mark) {
  const cell = el("td", { "data-timestep": k + 1 }, numberButton({ text: percent(share), mark }));
  cell.style.setProperty("--share", `${100 * Math.min(share, 1)}%`);
  return cell;
}
