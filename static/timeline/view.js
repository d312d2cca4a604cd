/**
 * Moves through the sentence: slider, words, play, and the arrow keys wherever nothing else wants
 * them.
 */
import { memoryKeptAt } from "../arithmetic/memory-kept.js";
import { withBase } from "../draw/text.js";
import { cursorOf } from "../core/store.js";
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { cursorMover } from "../ui/move-cursor.js";

/** @typedef {import("../core/types.js").Store} Store */
/** @typedef {import("../core/types.js").Trace} Trace */

const BEAT = 900; // ms for each word while playing

const LONG = 24; // letters, of a word that may be cut

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTimeline(root, store) {
  const slider = /** @type {HTMLInputElement} */ (find(root, "#timestep"));
  const position = find(root, "#position");
  const strip = find(root, "#words");
  const move = cursorMover(store);

  slider.addEventListener("input", () => move(Number(slider.value)));
  strip.addEventListener("click", (event) => {
    const word = /** @type {HTMLElement} */ (event.target).closest("button");
    if (word) move(Number(word.dataset.timestep));
  });
  document.addEventListener("keydown", (event) => {
    const ofUnit = event.shiftKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? ofUnit;
    if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_ARROWS)) return;
    event.preventDefault();
    if (ofUnit) return store.set({ unit: Math.max(0, cursorOf(store.get()).unit + ofUnit) });
    move(cursorOf(store.get()).timestep + step);
    if (strip.contains(document.activeElement)) onNextFrame(() => current(strip)?.focus());
  });
  mountPlay(root, store, move);

  function drawWords() {
    const { trace } = store.get();
    const tokens = trace?.tokens ?? [];
    strip.replaceChildren(
      ...tokens.map((token, i) => wordOf(token, i + 1, trace && memoryKeptAt(trace, i + 1))),
    );
    drawCursor();
  }

  function drawCursor() {
    const { trace } = store.get();
    if (!trace) return;
    const { timestep } = cursorOf(store.get());
    const timesteps = trace.steps.length;
    slider.max = String(timesteps);
    slider.value = String(timestep);
    slider.style.setProperty("--done", `${(100 * (timestep - 1)) / Math.max(timesteps - 1, 1)}%`);
    slider.setAttribute("aria-valuetext", placeText(trace, timestep));
    position.replaceChildren(el("b", {}, `${timestep}/${timesteps}`));
    for (const button of strip.querySelectorAll("button")) {
      const here = Number(button.dataset.timestep) === timestep;
      button.tabIndex = here ? 0 : -1;
      button.toggleAttribute("aria-current", here);
      if (here) button.setAttribute("aria-current", "step");
    }
    reveal(strip, current(strip));
  }

  store.subscribe(() => onNextFrame(drawWords), ["trace"]);
  store.subscribe(() => onNextFrame(drawCursor), ["timestep"]);
  drawWords();
}

/** Whether what is read there is numbers, which have no word. @param {Trace} trace
 * @param {number} timestep */
const isNumber = ({ tokens }, timestep) => tokens[timestep - 1].id === null;

/** @param {Trace} trace @param {number} timestep */
function placeText(trace, timestep) {
  const place = `${timestep} of ${trace.steps.length}`;
  const { text, padded } = trace.tokens[timestep - 1];
  if (isNumber(trace, timestep)) return `timestep ${place}${padded ? ", padding" : ""}`;
  return `word ${place}: ${text}`;
}

const TAKES_ARROWS =
  "input, select, textarea, [contenteditable], .numbers, .scrolls, [data-own-arrows]";

/**
 * @param {import("../core/types.js").Token} token
 * @param {number} timestep
 * @param {number | null} kept how much of the memory its forget gate keeps
 */
function wordOf(token, timestep, kept) {
  const bar = el("i", { class: "kept", "aria-hidden": "true", "data-none": kept === null });
  const whole = [
    ...(token.text.length > LONG ? [token.text] : []),
    ...(token.known ? [] : ["the model has never seen this word"]),
  ];
  bar.style.setProperty("--kept", `${100 * (kept ?? 0)}%`);
  return el(
    "button",
    {
      type: "button",
      class: "word",
      "data-timestep": timestep,
      "data-padded": token.padded === true,
      "data-unknown": !token.known,
      title: whole.join(": ") || null,
    },
    el("bdi", {}, withBase(token.text)),
    bar,
  );
}

/**
 * @param {HTMLElement} strip
 * @returns {HTMLElement | null}
 */
function current(strip) {
  return strip.querySelector("[aria-current]");
}

/**
 * Scrolls the strip, and nothing else, until the word is inside it.
 *
 * @param {HTMLElement} strip
 * @param {HTMLElement | null} word
 */
function reveal(strip, word) {
  if (!word) return;
  const left = word.offsetLeft;
  const room = strip.clientWidth - word.offsetWidth;
  const outside = left < strip.scrollLeft + 24 || left > strip.scrollLeft + room - 24;
  if (outside) strip.scrollLeft = left - room / 2;
}

/**
 * Plays word by word to the end. Who prefers less motion gets one word for each press.
 *
 * @param {HTMLElement} root
 * @param {Store} store
 * @param {(timestep: number) => void} move
 */
function mountPlay(root, store, move) {
  const button = find(root, "#play");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let timer = 0;

  const atEnd = () => cursorOf(store.get()).timestep === (store.get().trace?.steps.length ?? 1);

  function stop() {
    clearInterval(timer);
    timer = 0;
    label();
  }

  function next() {
    move(cursorOf(store.get()).timestep + 1);
    if (atEnd()) stop();
  }

  function label() {
    button.setAttribute("aria-label", timer ? "Pause" : still.matches ? "Next word" : "Play");
    button.dataset.playing = String(timer > 0);
  }

  button.addEventListener("click", () => {
    if (timer) return stop();
    if (atEnd()) move(1);
    else if (still.matches) return next();
    if (still.matches || atEnd()) return;
    timer = setInterval(next, BEAT);
    label();
  });
  still.addEventListener("change", stop);
  store.subscribe(stop, ["sentence", "model"]);
  label();
}
