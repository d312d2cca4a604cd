/**
 * What the page has to say: the step in one spoken line, and trouble in a visible one.
 *
 * @typedef {import("../types.js").Store} Store
 */
import { stepAloud } from "../figures/sentences.js";
import { cursorOf } from "../store.js";
import { el, find } from "./dom.js";
import { schedule } from "./frame.js";
import { AFRESH } from "./picker.js";

const SLOW = 300; // ms before waiting is worth mentioning

/** @param {string} text spoken by the page's one live line */
export function say(text) {
  find(document, "#spoken").textContent = text;
}

/** Whether the model that is asked for is one that nobody knows, or none any more.
 * @param {Store} store */
function isGone(store) {
  const { error, model, models, mine, trace } = store.get();
  const listed = [...models, ...mine].some(({ id }) => id === model);
  return !listed && (trace?.model.id !== model || error?.status === 404);
}

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountStatus(root, store) {
  const line = find(root, "#status");
  let timer = 0;

  function draw() {
    const { status, error, trace } = store.get();
    clearTimeout(timer);
    document.body.dataset.status = status;
    find(document, "main").setAttribute("aria-busy", String(status === "loading"));
    if (status === "loading") {
      timer = setTimeout(() => show("Reading the sentence…"), SLOW);
    } else if (status === "offline") {
      const who = navigator.onLine ? "The server does not answer" : "You are offline";
      show(`${who}. What you see is the last answer; trying again by itself.`);
    } else if (status === "refused") {
      const kept = trace ? " The figures still show the last sentence that could be read." : "";
      show(`${error?.detail ?? "That could not be read."}${kept}`);
      if (isGone(store)) offerAnother();
    } else {
      show("");
    }
  }

  /** @param {string} text */
  function show(text) {
    const { status } = store.get();
    line.textContent = text;
    line.hidden = !text;
    if (text && status !== "loading") say(text);
  }

  /** The sentence stays; another model can read it. */
  function offerAnother() {
    const button = el(
      "button",
      { type: "button", class: "link" },
      "Read it with the guide’s model",
    );
    button.addEventListener("click", () => store.set({ model: "article", ...AFRESH }));
    line.append(" ", button);
  }

  function speak() {
    const { trace } = store.get();
    if (trace) say(stepAloud(trace, cursorOf(store.get())));
  }

  store.subscribe(() => schedule(draw), ["status", "error"]);
  store.subscribe(() => schedule(speak), ["timestep", "unit", "trace"]);
  draw();
}
