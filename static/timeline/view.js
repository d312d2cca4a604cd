/**
 * The sentence as a player: what the model answers after each word and what each has left in memory,
 * above the words; and what moves through them: slider, words, pointer, play, and the arrow keys
 * wherever nothing else wants them.
 */
import { memoryKeptAt } from "../arithmetic/memory-kept.js";
import { memoryLedger } from "../arithmetic/memory-ledger.js";
import { readsCharacters, stepName, withBase } from "../draw/text.js";
import { cursorOf } from "../core/store.js";
import { el, find } from "../ui/dom.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { textMeasure } from "../ui/measure-text.js";
import { cursorMover } from "../ui/move-cursor.js";
import { timestepAt, wordColumns } from "./columns.js";
import { answersAlong } from "./hues.js";
import { drawPicture } from "./picture-view.js";
import { mountPlay } from "./play.js";
import { mountRangeSelection } from "./range.js";
import { mountScrub } from "./scrub.js";

/** @typedef {import("../core/types.js").Store} Store */
/** @typedef {import("../core/types.js").Trace} Trace */
/** @typedef {import("./columns.js").Columns} Columns */

const FINGER = 36; // pixels that one can hit
const POINTER = 24;
const [FINGER_AMONG_MANY, POINTER_AMONG_MANY] = [22, 11]; // of characters, which are read in a row
const EDGE = 24; // pixels: nearer to it the cursor is not left

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountTimeline(root, store) {
  const slider = /** @type {HTMLInputElement} */ (find(root, "#timestep"));
  const position = find(root, "#position");
  const strip = find(root, "#words");
  const scroller = find(root, ".tracks");
  const tracks = find(scroller, ".tracks-inside");
  const picture = find(tracks, ".timeline-picture");
  const playhead = find(tracks, ".playhead");
  const coarse = matchMedia("(pointer: coarse), (max-width: 39.99rem)");
  const move = cursorMover(store);
  const measure = textMeasure(strip);
  /** @type {Columns} */
  let columns = { starts: [], widths: [], total: 0, size: 0 };

  slider.addEventListener("input", () => move(Number(slider.value)));
  strip.addEventListener("click", (event) => {
    const word = /** @type {HTMLElement} */ (event.target).closest("button");
    if (word) move(Number(word.dataset.timestep));
  });
  const selection = mountRangeSelection(tracks, store, (x) => timestepAt(columns, x), move);
  const scrub = mountScrub(tracks, (x) => move(timestepAt(columns, x)));
  document.addEventListener("keydown", (event) => {
    const ofUnit = event.shiftKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? ofUnit;
    if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (/** @type {HTMLElement} */ (event.target).closest(TAKES_ARROWS)) return;
    event.preventDefault();
    if (ofUnit) return store.set({ unit: Math.max(0, cursorOf(store.get()).unit + ofUnit) });
    if (event.shiftKey) selection.extend(step);
    else move(cursorOf(store.get()).timestep + step);
    if (strip.contains(document.activeElement)) {
      onNextFrame(() => /** @type {HTMLElement} */ (strip.querySelector("[aria-current]")).focus());
    }
  });
  mountPlay(root, store, move);

  function drawWords() {
    const { trace } = store.get();
    const tokens = trace?.tokens ?? [];
    strip.replaceChildren(
      ...tokens.map((token, i) => wordOf(token, i + 1, trace && memoryKeptAt(trace, i + 1))),
    );
    strip.toggleAttribute("data-backwards", trace?.layer.go_backwards === true);
    layOut();
  }

  /** Gives each word its column, and draws what stands above. */
  function layOut() {
    const { trace } = store.get();
    if (!trace) return;
    const size = parseFloat(getComputedStyle(strip).fontSize);
    const texts = trace.tokens.map(({ text }) => text);
    const narrow = readsCharacters(trace);
    const finger = narrow ? FINGER_AMONG_MANY : FINGER;
    const least = coarse.matches ? finger : narrow ? POINTER_AMONG_MANY : POINTER;
    const width = scroller.clientWidth;
    strip.toggleAttribute("data-characters", narrow);
    const padding = narrow ? 1 : undefined;
    columns = wordColumns(texts, { width, size, least, padding }, measure);
    tracks.style.width = `${columns.total}px`;
    [...strip.children].forEach((word, k) => {
      /** @type {HTMLElement} */ (word).style.width = `${columns.widths[k]}px`;
      /** @type {HTMLElement} */ (word).style.fontSize = `${columns.size}px`;
    });
    drawPicture(picture, trace, { columns, width, size });
    find(root, "[data-row=answer]").hidden = !answersAlong(trace);
    find(root, "[data-row=memory]").textContent = memoryLedger(trace) ? "memory" : "hidden state";
    selection.place(columns);
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
    const [left, width] = [columns.starts[timestep - 1], columns.widths[timestep - 1]];
    playhead.style.width = `${width}px`;
    playhead.style.transform = `translateX(${left}px)`;
    reveal(scroller, { left, width, least: scrub.active });
  }

  store.subscribe(() => onNextFrame(drawWords), ["trace"]);
  store.subscribe(() => onNextFrame(drawCursor), ["timestep"]);
  store.subscribe(() => onNextFrame(() => selection.place(columns)), ["range"]);
  drawWords();
  const resized = new ResizeObserver(() => onNextFrame(layOut));
  for (const part of [scroller, picture]) resized.observe(part);
}

/** Whether what is read there is numbers, which have no word. @param {Trace} trace
 * @param {number} timestep */
const isNumber = ({ tokens }, timestep) => tokens[timestep - 1].id === null;

/** @param {Trace} trace @param {number} timestep */
function placeText(trace, timestep) {
  const place = `${timestep} of ${trace.steps.length}`;
  const { text, padded } = trace.tokens[timestep - 1];
  if (isNumber(trace, timestep)) return `timestep ${place}${padded ? ", padding" : ""}`;
  return `${stepName(trace)} ${place}: ${text}`;
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
  const whole = [token.text, ...(token.known ? [] : ["the model has never seen this word"])];
  bar.style.setProperty("--kept", `${100 * (kept ?? 0)}%`);
  return el(
    "button",
    {
      type: "button",
      class: "word",
      "data-timestep": timestep,
      "data-padded": token.padded === true,
      "data-unknown": !token.known,
      title: whole.join(": "),
    },
    el("bdi", {}, withBase(token.text)),
    bar,
  );
}

/**
 * Scrolls the tracks, and nothing else, until a column is inside them.
 *
 * @param {HTMLElement} scroller
 * @param {{left: number, width: number, least: boolean}} column least: no further than need be,
 *   under a pointer that is down
 */
function reveal(scroller, { left, width, least }) {
  const room = scroller.clientWidth - width;
  const [low, high] = [left + EDGE - room, left - EDGE];
  const { scrollLeft: at } = scroller;
  if (at >= low && at <= high) return;
  scroller.scrollLeft = least ? (at < low ? low : high) : left - room / 2;
}
