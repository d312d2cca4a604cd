/**
 * What the page has to say: the step in one spoken line, and trouble in a visible one.
 *
 * @typedef {import("../types.js").AppState} AppState
 * @typedef {import("../types.js").Store} Store
 */
import { stepAloud } from "../figures/sentences.js";
import { trainingOf } from "../mine.js";
import { cursorOf } from "../store.js";
import { isOver } from "../training.js";
import { el, find } from "./dom.js";
import { stepBack } from "./focus.js";
import { schedule } from "./frame.js";
import { AFRESH } from "./picker.js";

const SLOW = 300; // ms before waiting is worth mentioning

/** @param {string} text spoken by the page's one live line */
export function say(text) {
  find(document, "#spoken").textContent = text;
}

/** The same, where it also stays to be read. @param {HTMLElement} line @param {string} text */
export function tell(line, text) {
  line.textContent = text;
  if (text) say(text);
}

/** @param {AppState} state */
function whatIsShown({ trace, model }) {
  if (!trace) return "";
  if (trace.model.id !== model) return ` The figures show another model: ${trace.model.title}.`;
  return " The figures still show the last sentence that could be read.";
}

/**
 * What can be read all the same, where the fault is not in the words.
 *
 * @param {AppState} state
 * @returns {{text: string, change: Partial<AppState>} | null}
 */
function wayOut({ error, model, layer, pins, models, mine, trace }) {
  const listed = [...models, ...mine].some(({ id }) => id === model);
  if (!listed && (trace?.model.id !== model || error?.status === 404)) {
    return { text: "Read it with the guide’s model", change: { model: "article", ...AFRESH } };
  }
  if (layer && error?.detail.includes(`'${layer}'`)) {
    return { text: "Show the model’s first layer", change: { layer: null } };
  }
  const held = pins && error?.detail.startsWith("pins");
  return held ? { text: "Read it with nothing held", change: { pins: null } } : null;
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountStatus(root, store) {
  const line = find(root, "#status");
  let timer = 0;

  function draw() {
    const { status, error } = store.get();
    clearTimeout(timer);
    document.body.dataset.status = status;
    find(document, "main").setAttribute("aria-busy", String(status === "loading"));
    if (status === "loading") {
      timer = setTimeout(() => show("Reading the sentence…"), SLOW);
    } else if (status === "offline") {
      const who = navigator.onLine ? error?.detail : "You are offline.";
      show(`${who} What you see is the last answer; trying again by itself.`);
    } else if (status === "refused") {
      show(`${error?.detail ?? "That could not be read."}${whatIsShown(store.get())}`);
      offer(wayOut(store.get()));
    } else {
      show("");
    }
  }

  /** Says it once, however often it is still so. @param {string} text */
  function show(text) {
    const { status } = store.get();
    if (line.firstChild?.nodeValue === text) return;
    const here = line.contains(document.activeElement);
    line.textContent = text;
    if (here) stepBack(line);
    line.hidden = !text;
    if (text && status !== "loading") say(text);
  }

  /** What was typed stays. @param {ReturnType<typeof wayOut>} way */
  function offer(way) {
    if (!way || line.querySelector("button")) return;
    const button = el("button", { type: "button", class: "link" }, way.text);
    button.addEventListener("click", () => store.set(way.change));
    line.append(" ", button);
  }

  function speak() {
    const { trace, training } = store.get();
    if (!trace) return;
    // the epochs that pass by themselves are told by the training
    const passing =
      training && !isOver(training) && trainingOf(trace.model.id) === training.reading_id;
    if (!passing) say(stepAloud(trace, cursorOf(store.get())));
  }

  store.subscribe(() => schedule(draw), ["status", "error"]);
  store.subscribe(() => schedule(speak), ["timestep", "unit", "trace"]);
  draw();
}
