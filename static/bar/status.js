/**
 * What the page has to say: the step in one spoken line, and trouble in a visible one.
 */
import { spokenStep } from "../words/spoken-step.js";
import { trainingOf } from "../core/visitor-models.js";
import { cursorOf } from "../core/store.js";
import { isOver } from "../core/training-run.js";
import { announce } from "../ui/announce.js";
import { el, find } from "../ui/dom.js";
import { returnFocus } from "../ui/focus.js";
import { onNextFrame } from "../ui/animation-frame.js";
import { RESET_FOR_MODEL } from "./model-picker.js";

/** @typedef {import("../core/types.js").AppState} AppState */
/** @typedef {import("../core/types.js").Store} Store */

const SLOW = 300; // ms before waiting is worth mentioning

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
function wayOut({ error, model, layer, pins, models, visitor_models, trace }) {
  const listed = [...models, ...visitor_models].some(({ id }) => id === model);
  if (!listed && (trace?.model.id !== model || error?.status === 404)) {
    return {
      text: "Read it with the guide’s model",
      change: { model: "article", ...RESET_FOR_MODEL },
    };
  }
  if (layer && error?.detail.includes(`'${layer}'`)) {
    return { text: "Show the model’s first layer", change: { layer: null } };
  }
  const held = pins && error?.detail.startsWith("pins");
  return held ? { text: "Read it with no gate held", change: { pins: null } } : null;
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
    if (here) returnFocus(line);
    line.hidden = !text;
    if (text && status !== "loading") announce(text);
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
    if (!passing) announce(spokenStep(trace, cursorOf(store.get())));
  }

  store.subscribe(() => onNextFrame(draw), ["status", "error"]);
  store.subscribe(() => onNextFrame(speak), ["timestep", "unit", "trace"]);
  draw();
}
